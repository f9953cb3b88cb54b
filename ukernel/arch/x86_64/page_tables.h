/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space, and the table that is loaded while no space is.
 */
#ifndef NACRE_PAGE_TABLES_H
#define NACRE_PAGE_TABLES_H

#include "arch.h"
#include "numbers.h"

/* From kernel.ld; the first is a physical address. */
extern const char kernel_physical_start[];
extern const char kernel_init_start[], kernel_text_start[], kernel_rodata_start[], kernel_data_start[];
extern const char kernel_kept_end[], kernel_end[];

/* The table that is loaded while no space is. */
struct page_table {
	_Alignas(PAGE_SIZE) page_entry_t entries[TABLE_ENTRIES];
};
extern struct page_table kernel_top_table;

/* Physical address of what lies in the kernel image. */
static inline uint64_t image_physical(const void *pointer) { return (uint64_t)(uintptr_t)pointer - KERNEL_BASE; }

static inline uint64_t page_tables_kernel_cr3(void) { return image_physical(&kernel_top_table); }

/* Maps the page of a device that the kernel itself uses; ERROR_RANGE if there is no room for one more. */
error_t page_tables_map_device(struct physical_address address, volatile uint8_t **mapped) NACRE_MUST_CHECK;

#endif
