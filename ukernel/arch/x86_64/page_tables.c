/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space. (SDM vol. 3A, 4.5)
 *
 * The upper half of the top table is made once (boot_page_tables.c) and copied into each space, so
 * every table below it exists before the first space does, and what changes later is seen by all.
 */
#include "page_tables.h"

#include "instructions.h"
#include "space.h"

#define KERNEL_HALF_FIRST (TABLE_ENTRIES / 2)

#define IN_PAGES __attribute__((section(".bss.pages")))

struct page_table kernel_top_table IN_PAGES;
struct page_table kernel_image_table IN_PAGES;
struct page_table kernel_device_table IN_PAGES;

error_t page_tables_map_device(struct physical_address address, volatile uint8_t **mapped) {
	page_entry_t entry = (address.value & ENTRY_FRAME_MASK) | ENTRY_DEVICE;
	unsigned int index = 0;

	while (index < TABLE_ENTRIES && kernel_device_table.entries[index] &&
	       kernel_device_table.entries[index] != entry)
		index++;
	if (index == TABLE_ENTRIES) return ERROR_RANGE;
	kernel_device_table.entries[index] = entry;
	*mapped = (volatile uint8_t *)(DEVICE_BASE + index * PAGE_SIZE + address.value % PAGE_SIZE);
	return ERROR_OK;
}

static void image_forget(uint64_t start, uint64_t end) {
	for (uint64_t address = start; address < end; address += PAGE_SIZE) {
		kernel_image_table.entries[page_table_index(address, 1)] = 0;
		page_invalidate(address);
	}
}

/* Called by entry.S: what only boot needed is ordinary memory from now on. */
void page_tables_forget_boot(void);

void page_tables_forget_boot(void) {
	image_forget(KERNEL_BASE, (uint64_t)(uintptr_t)kernel_text_start);
	image_forget((uint64_t)(uintptr_t)kernel_kept_end, (uint64_t)(uintptr_t)kernel_end);
}

void arch_space_initialize(struct space *space, struct physical_address top) {
	page_entry_t *entries = arch_direct(top);

	for (unsigned int index = KERNEL_HALF_FIRST; index < TABLE_ENTRIES; index++)
		entries[index] = kernel_top_table.entries[index];
	space->arch.cr3 = top.value;
}
