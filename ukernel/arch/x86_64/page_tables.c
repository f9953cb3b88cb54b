/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space. (SDM vol. 3A, 4.5)
 *
 * The upper half of the top table is made once and copied into each space, so every table below it
 * exists before the first space does, and what changes later is seen by all. Nothing is both
 * writable and executable; the kernel image has no alias in the direct map. Table pages come out of
 * the memory map, from the first 4 GiB: the start tables, which are loaded meanwhile, reach no
 * further.
 */
#include "page_tables.h"

#include <nacre/abi/feature.h>

#include "boot.h"
#include "context.h"
#include "cpu_area.h"
#include "instructions.h"
#include "space.h"

#define KERNEL_HALF_FIRST (TABLE_ENTRIES / 2)

#define ENTRY_GLOBAL   (UINT64_C(1) << 8)
#define ENTRY_ALWAYS   (ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_GLOBAL)
#define ENTRY_DATA     (ENTRY_ALWAYS | ENTRY_WRITE | ENTRY_DIRTY | ENTRY_NO_EXECUTE)
#define ENTRY_CONSTANT (ENTRY_ALWAYS | ENTRY_NO_EXECUTE)
#define ENTRY_CODE     ENTRY_ALWAYS
#define ENTRY_DEVICE   (ENTRY_DATA | ENTRY_PCD)
#define ENTRY_BELOW    (ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED) /* a table of the kernel's half */

#define IN_PAGES __attribute__((section(".bss.pages")))

struct page_table kernel_top_table IN_PAGES;
static struct page_table kernel_image_table IN_PAGES;
static struct page_table kernel_device_table IN_PAGES;

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

/* The table below @entry, made if there is none. */
static BOOT_CODE page_entry_t *table_below(page_entry_t *entry) {
	if (*entry == 0) *entry = arch_physical(boot_take(PAGE_SIZE, BOOT_REACHABLE_END)).value | ENTRY_BELOW;
	return arch_direct(page_entry_frame(*entry));
}

/* The entry for @address in the table of @level. */
static BOOT_CODE page_entry_t *entry_at(uint64_t address, unsigned int level) {
	page_entry_t *table = kernel_top_table.entries;

	for (unsigned int above = 4; above > level; above--)
		table = table_below(&table[page_table_index(address, above)]);
	return &table[page_table_index(address, level)];
}

/* The largest page, as a table level, that can begin at these addresses and fits in @size. */
static BOOT_CODE unsigned int page_level(uint64_t address, uint64_t physical, uint64_t size) {
	unsigned int level = processor_features & ARCH_FEATURE_PAGES_1G ? 3 : 2;

	for (; level > 1; level--) {
		uint64_t page = UINT64_C(1) << page_table_shift(level);
		if ((address | physical) % page == 0 && size >= page) break;
	}
	return level;
}

static BOOT_CODE void map_direct(uint64_t physical, uint64_t end) {
	while (physical < end) {
		uint64_t address = ARCH_DIRECT_BASE + physical;
		unsigned int level = page_level(address, physical, end - physical);
		*entry_at(address, level) = physical | ENTRY_DATA | (level > 1 ? ENTRY_LARGE : 0);
		physical += UINT64_C(1) << page_table_shift(level);
	}
}

static BOOT_CODE void map_image(const char *start, const char *end, page_entry_t bits) {
	for (const char *page = start; page < end; page += PAGE_SIZE)
		kernel_image_table.entries[page_table_index((uint64_t)(uintptr_t)page, 1)] =
			image_physical(page) | bits;
}

static BOOT_CODE void map_kernel_image(void) {
	const char *guard = (const char *)boot_cpu_area.guard;

	map_image(kernel_init_start, kernel_rodata_start, ENTRY_CODE);
	map_image(kernel_rodata_start, kernel_data_start, ENTRY_CONSTANT);
	map_image(kernel_data_start, guard, ENTRY_DATA);
	map_image(guard + PAGE_SIZE, kernel_end, ENTRY_DATA);
}

static BOOT_CODE void map_memory(void) {
	uint64_t end;

	/* Taking pages for tables changes the map meanwhile. */
	for (uint64_t address = 0; address < BOOT_MAP_END; address = end) {
		struct boot_range range = boot_map_find(address);
		end = range.physical + range.size;
		if (range.type == BOOT_RANGE_MEMORY || range.type == BOOT_RANGE_MODULE) map_direct(address, end);
	}
	/* What will be ordinary memory when boot is over. */
	map_direct((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_text_start));
	map_direct(image_physical(kernel_kept_end), image_physical(kernel_end));
}

BOOT_CODE void page_tables_initialize(void) {
	*entry_at(KERNEL_BASE, 2) = image_physical(&kernel_image_table) | ENTRY_BELOW;
	*entry_at(DEVICE_BASE, 2) = image_physical(&kernel_device_table) | ENTRY_BELOW;
	map_kernel_image();
	map_memory();
	context_load_tables(page_tables_kernel_cr3());
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
