/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space, and the table that is loaded while no space is.
 */
#ifndef NACRE_PAGE_TABLES_H
#define NACRE_PAGE_TABLES_H

#include "types.h"

/*
 * Builds the final tables: all RAM of the memory map, the kernel image, and room for devices; and loads them.
 * Afterwards physical memory can be reached through arch_direct() only.
 */
void page_tables_initialize(void);

/* Maps the page of a device that the kernel itself uses. */
volatile void *page_tables_map_device(struct physical_address address);

uint64_t page_tables_kernel_cr3(void);

#endif
