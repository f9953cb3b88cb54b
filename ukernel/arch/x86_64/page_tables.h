/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space, and the table that is loaded while no space is.
 */
#ifndef NACRE_PAGE_TABLES_H
#define NACRE_PAGE_TABLES_H

#include "arch.h"
#include "memory_layout.h"

#define ENTRY_GLOBAL   (UINT64_C(1) << 8)
#define ENTRY_ALWAYS   (ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_GLOBAL)
#define ENTRY_DATA     (ENTRY_ALWAYS | ENTRY_WRITE | ENTRY_DIRTY | ENTRY_NO_EXECUTE)
#define ENTRY_CONSTANT (ENTRY_ALWAYS | ENTRY_NO_EXECUTE)
#define ENTRY_CODE     ENTRY_ALWAYS
#define ENTRY_DEVICE   (ENTRY_DATA | ENTRY_PCD)
#define ENTRY_BELOW    (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED) /* a table of the kernel's half */

/* From kernel.ld; the first is a physical address. */
extern const char kernel_physical_start[];
extern const char kernel_init_start[], kernel_text_start[], kernel_rodata_start[], kernel_data_start[];
extern const char kernel_kept_end[], kernel_end[];

struct page_table {
	_Alignas(PAGE_SIZE) page_entry_t entries[TABLE_ENTRIES];
};

/*
 * The tables that are part of the image; those of the direct map are made at boot and never touched
 * again.
 */
extern struct page_table kernel_top_table, kernel_image_table, kernel_device_table;

/* Physical address of what lies in the kernel image. */
static inline uint64_t image_physical(const void *pointer) { return (uint64_t)(uintptr_t)pointer - KERNEL_BASE; }

static inline uint64_t page_tables_kernel_cr3(void) { return image_physical(&kernel_top_table); }

/* Maps the page of a device that the kernel itself uses; ERROR_RANGE if there is no room for one more. */
error_t page_tables_map_device(struct physical_address address, volatile uint8_t **mapped) NACRE_MUST_CHECK;

#endif
