/* SPDX-License-Identifier: MIT */
/*
 * What lies where in physical memory. Read memory_map.h first.
 *
 * One operation makes the map: a range gets a type, whatever was there before. Callers order their
 * calls so that the more binding statement comes last.
 */
#include "boot_memory_map.h"

#include "page_tables.h"
#include "panic.h"

#define DEVICES_END UINT64_C(0x100000000)
#define LOW_END     UINT64_C(0x100000)

/* For the whole system; the core checks more closely what it needs. */
#define MEMORY_NEEDED_MIB 24u

struct memory_map memory_map;

static uint64_t range_end(const struct machine_range *range)
{
	return range->start.value + range->size;
}

static void range_insert(unsigned int place, struct machine_range range)
{
	if (memory_map.range_count == MEMORY_RANGES_MAX)
		panic("the firmware's memory map has more than %u ranges", MEMORY_RANGES_MAX);
	for (unsigned int index = memory_map.range_count++; index > place; index--)
		memory_map.ranges[index] = memory_map.ranges[index - 1];
	memory_map.ranges[place] = range;
}

static void range_remove(unsigned int place)
{
	memory_map.range_count--;
	for (unsigned int index = place; index < memory_map.range_count; index++)
		memory_map.ranges[index] = memory_map.ranges[index + 1];
}

/* Removes what lies in [@start, @end). Returns where a range that begins at @start belongs. */
static unsigned int ranges_cut(uint64_t start, uint64_t end)
{
	unsigned int index = 0;

	while (index < memory_map.range_count && range_end(&memory_map.ranges[index]) <= start)
		index++;
	if (index < memory_map.range_count && memory_map.ranges[index].start.value < start) {
		struct machine_range rest = memory_map.ranges[index];
		memory_map.ranges[index].size = start - rest.start.value;
		rest.size -= memory_map.ranges[index].size;
		rest.start.value = start;
		range_insert(++index, rest);
	}
	while (index < memory_map.range_count && range_end(&memory_map.ranges[index]) <= end)
		range_remove(index);
	if (index < memory_map.range_count && memory_map.ranges[index].start.value < end) {
		struct machine_range *range = &memory_map.ranges[index];
		range->size = range_end(range) - end;
		range->start.value = end;
	}
	return index;
}

static int ranges_join(const struct machine_range *first, const struct machine_range *second)
{
	return range_end(first) == second->start.value && first->type == second->type &&
	       first->module == second->module;
}

void memory_map_assign(uint64_t start, uint64_t end, uint32_t type, uint32_t module)
{
	if (start >= end)
		return;

	unsigned int place = ranges_cut(start, end);
	if (type == MEMORY_KEPT)
		return;
	range_insert(place, (struct machine_range){{start}, end - start, type, module});
	if (place + 1 < memory_map.range_count &&
	    ranges_join(&memory_map.ranges[place], &memory_map.ranges[place + 1])) {
		memory_map.ranges[place].size += memory_map.ranges[place + 1].size;
		range_remove(place + 1);
	}
	if (place > 0 && ranges_join(&memory_map.ranges[place - 1], &memory_map.ranges[place])) {
		memory_map.ranges[place - 1].size += memory_map.ranges[place].size;
		range_remove(place);
	}
}

int memory_map_is_free(uint64_t start, uint64_t end)
{
	for (unsigned int index = 0; index < memory_map.range_count; index++) {
		const struct machine_range *range = &memory_map.ranges[index];
		if (range->type == BOOT_RANGE_MEMORY && range->start.value <= start &&
		    end <= range_end(range))
			return 1;
	}
	return 0;
}

/* RAM counts in whole pages only; of anything else a part of a page takes all of it. */
static void entry_assign(const struct memory_entry *entry)
{
	uint64_t start = entry->start, end = entry->start + entry->size;

	if (end < start || end > UINT64_C(1) << 52)
		return;
	if (entry->type == MEMORY_ENTRY_RAM) {
		start = (start + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		end &= ~(PAGE_SIZE - 1);
		memory_map_assign(start, end, BOOT_RANGE_MEMORY, 0);
		return;
	}
	start &= ~(PAGE_SIZE - 1);
	end = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	/*
	 * Reserved space above is address space of buses, not memory; it can be larger than all
	 * RAM.
	 */
	if (start < DEVICES_END || entry->type == MEMORY_ENTRY_ACPI ||
	    entry->type == MEMORY_ENTRY_ACPI_NVS)
		memory_map_assign(start, end, BOOT_RANGE_FIRMWARE, 0);
}

enum entry_choice { ENTRIES_RAM, ENTRIES_OTHER };

static void entries_assign(memory_entry_read_t read, enum entry_choice choice)
{
	struct memory_entry entry;

	for (unsigned int index = 0; read(index, &entry); index++)
		if ((entry.type == MEMORY_ENTRY_RAM) == (choice == ENTRIES_RAM))
			entry_assign(&entry);
}

void memory_map_initialize(memory_entry_read_t read)
{
	memory_map_assign(0, DEVICES_END, BOOT_RANGE_DEVICE, 0);
	entries_assign(read, ENTRIES_RAM);
	entries_assign(read, ENTRIES_OTHER);
	/* Firmware's data area; and no object is at physical address 0. */
	memory_map_assign(0, PAGE_SIZE, BOOT_RANGE_FIRMWARE, 0);
	for (unsigned int index = 0; index < memory_map.range_count; index++)
		if (memory_map.ranges[index].type == BOOT_RANGE_MEMORY)
			memory_map.total += memory_map.ranges[index].size;

	memory_map_assign((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_end),
	                  MEMORY_KEPT, 0);
	memory_map.kept = (uint64_t)(kernel_kept_end - kernel_text_start);
}

void memory_map_free_boot(void)
{
	memory_map_assign((uint64_t)(uintptr_t)kernel_physical_start,
	                  image_physical(kernel_text_start), BOOT_RANGE_MEMORY, 0);
	memory_map_assign(image_physical(kernel_kept_end), image_physical(kernel_end),
	                  BOOT_RANGE_MEMORY, 0);
}

static struct machine_range *range_to_take_from(uint64_t lowest)
{
	for (unsigned int index = 0; index < memory_map.range_count; index++) {
		struct machine_range *range = &memory_map.ranges[index];
		if (range->type == BOOT_RANGE_MEMORY && range->start.value >= lowest &&
		    range->size > PAGE_SIZE && range->start.value < DEVICES_END)
			return range;
	}
	return NULL;
}

struct physical_address memory_map_take_page(void)
{
	struct machine_range *range = range_to_take_from(LOW_END);

	if (!range)
		range = range_to_take_from(0);
	if (!range)
		panic("not enough memory: %lu KiB found, at least %u MiB needed",
		      memory_map.total >> 10, MEMORY_NEEDED_MIB);

	struct physical_address page = range->start;
	range->start.value += PAGE_SIZE;
	range->size -= PAGE_SIZE;
	memory_map.kept += PAGE_SIZE;
	return page;
}
