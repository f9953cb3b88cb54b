/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of every address space. (SDM vol. 3A, 4.5)
 *
 * The upper half of the top table is made once and copied into each space, so every table below it exists before
 * the first space does. Nothing is both writable and executable; the kernel image has no alias in the direct map.
 * Table pages come out of the memory map and are reached at their physical address while the start tables are loaded.
 */
#include "page_tables.h"

#include <nacre/abi/feature.h>

#include "arch.h"
#include "context.h"
#include "cpu_area.h"
#include "instructions.h"
#include "memory_layout.h"
#include "memory_map.h"
#include "panic.h"
#include "processor.h"
#include "space.h"

#define ENTRY_GLOBAL   (UINT64_C(1) << 8)
#define ENTRY_ALWAYS   (ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_GLOBAL)
#define ENTRY_DATA     (ENTRY_ALWAYS | ENTRY_WRITE | ENTRY_DIRTY | ENTRY_NO_EXECUTE)
#define ENTRY_CONSTANT (ENTRY_ALWAYS | ENTRY_NO_EXECUTE)
#define ENTRY_CODE     ENTRY_ALWAYS
#define ENTRY_DEVICE   (ENTRY_DATA | ENTRY_PCD)

#define KERNEL_HALF_FIRST (TABLE_ENTRIES / 2)

struct table {
	_Alignas(PAGE_SIZE) page_entry_t entries[TABLE_ENTRIES];
};

static struct table top_table __attribute__((section(".bss.pages")));
static struct table device_table __attribute__((section(".bss.pages")));
static unsigned int device_pages;

static uint64_t image_physical(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer - KERNEL_BASE;
}

static page_entry_t *entry_table(page_entry_t entry)
{
	return (page_entry_t *)(uintptr_t)page_entry_frame(entry).value;
}

/* The table below @entry, made if there is none. */
static page_entry_t *table_below(page_entry_t *entry)
{
	if (*entry == 0) {
		struct physical_address page = memory_map_take_page();
		*entry = page.value | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED;
		page_entry_t *table = entry_table(*entry);
		for (unsigned int index = 0; index < TABLE_ENTRIES; index++)
			table[index] = 0;
	}
	return entry_table(*entry);
}

/* The largest page, as a table level, that can begin at these addresses and fits in @size. */
static unsigned int page_level(uint64_t address, uint64_t physical, uint64_t size)
{
	unsigned int level = processor_features & ARCH_FEATURE_PAGES_1G ? 3 : 2;

	for (; level > 1; level--) {
		uint64_t page = UINT64_C(1) << page_table_shift(level);
		if ((address | physical) % page == 0 && size >= page)
			break;
	}
	return level;
}

static void map(uint64_t address, uint64_t physical, uint64_t size, page_entry_t bits)
{
	while (size != 0) {
		unsigned int target = page_level(address, physical, size);
		page_entry_t *table = top_table.entries;
		for (unsigned int level = 4; level > target; level--)
			table = table_below(&table[page_table_index(address, level)]);
		table[page_table_index(address, target)] = physical | bits | (target > 1 ? ENTRY_LARGE : 0);

		uint64_t page = UINT64_C(1) << page_table_shift(target);
		address += page;
		physical += page;
		size -= page;
	}
}

static void map_image(const char *start, const char *end, page_entry_t bits)
{
	map((uint64_t)(uintptr_t)start, image_physical(start), (uint64_t)(end - start), bits);
}

static void map_direct(uint64_t start, uint64_t size)
{
	map(ARCH_DIRECT_BASE + start, start, size, ENTRY_DATA);
}

static void map_kernel_image(void)
{
	const char *guard = (const char *)boot_cpu_area.guard;

	map_image(kernel_text_start, kernel_rodata_start, ENTRY_CODE);
	map_image(kernel_rodata_start, kernel_data_start, ENTRY_CONSTANT);
	map_image(kernel_data_start, guard, ENTRY_DATA);
	map_image(guard + PAGE_SIZE, kernel_kept_end, ENTRY_DATA);
}

static void map_memory(void)
{
	for (unsigned int index = 0; index < memory_map.range_count; index++) {
		/* A copy: tables are taken from the beginning of ranges on the way. */
		struct machine_range range = memory_map.ranges[index];
		if (range.type == BOOT_RANGE_MEMORY || range.type == BOOT_RANGE_MODULE)
			map_direct(range.start.value, range.size);
	}
	map_direct(image_physical(kernel_kept_end), (uint64_t)(kernel_end - kernel_kept_end));
}

void page_tables_initialize(void)
{
	map_kernel_image();
	map_memory();
	/* The last table of the device window is part of the image, because devices are mapped later. */
	page_entry_t *level3 = table_below(&top_table.entries[page_table_index(DEVICE_BASE, 4)]);
	page_entry_t *level2 = table_below(&level3[page_table_index(DEVICE_BASE, 3)]);
	level2[page_table_index(DEVICE_BASE, 2)] =
	        image_physical(&device_table) | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_ACCESSED;
	context_load_tables(page_tables_kernel_cr3());
}

volatile void *page_tables_map_device(struct physical_address address)
{
	if (device_pages == TABLE_ENTRIES)
		panic("more than %u pages of devices for the kernel", TABLE_ENTRIES);
	device_table.entries[device_pages] = (address.value & ENTRY_FRAME_MASK) | ENTRY_DEVICE;
	uint64_t mapped = DEVICE_BASE + (uint64_t)device_pages++ * PAGE_SIZE + address.value % PAGE_SIZE;
	return (volatile void *)(uintptr_t)mapped;
}

uint64_t page_tables_kernel_cr3(void)
{
	return image_physical(&top_table);
}

void arch_space_initialize(struct space *space, struct physical_address top)
{
	page_entry_t *entries = arch_direct(top);

	for (unsigned int index = KERNEL_HALF_FIRST; index < TABLE_ENTRIES; index++)
		entries[index] = top_table.entries[index];
	space->arch.cr3 = top.value;
}
