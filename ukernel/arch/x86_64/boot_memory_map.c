/* SPDX-License-Identifier: MIT */
/*
 * What lies where in physical memory. Read boot_memory_map.h first.
 *
 * The map is a list of places where something begins; it reaches to the next place. One operation
 * makes it: a range gets a type, whatever was there before. Callers order their calls so that the
 * more binding statement comes last.
 */
#include "boot_memory_map.h"

#include "page_tables.h"
#include "panic.h"

#define DEVICES_END UINT64_C(0x100000000)
#define LOW_END     UINT64_C(0x100000)
#define MAP_END     (UINT64_C(1) << 52)

/* For the whole system; the core checks more closely what it needs. */
#define MEMORY_NEEDED_MIB 24u

/* The last one is the end of the map. */
static struct place {
	uint64_t start;
	uint32_t type, module;
} places[MEMORY_RANGES_MAX + 1] __attribute__((section(".start.bss")));
static unsigned int place_count;
static uint64_t ram_total;

/* Makes a place begin at @address, if none does; returns its index. */
static unsigned int place_split(uint64_t address) {
	unsigned int index = 0;

	while (places[index].start < address) index++;
	if (places[index].start == address) return index;
	if (place_count == MEMORY_RANGES_MAX + 1)
		panic("the firmware's memory map has more than %u ranges", MEMORY_RANGES_MAX);
	for (unsigned int other = place_count++; other > index; other--) places[other] = places[other - 1];
	places[index] = places[index - 1];
	places[index].start = address;
	return index;
}

static void place_remove(unsigned int index) {
	place_count--;
	for (; index < place_count; index++) places[index] = places[index + 1];
}

/* Removes @index if what begins there is what was there before. */
static void place_join(unsigned int index) {
	if (index > 0 && index + 1 < place_count && places[index].type == places[index - 1].type &&
	    places[index].module == places[index - 1].module)
		place_remove(index);
}

void memory_map_assign(uint64_t start, uint64_t end, uint32_t type, uint32_t module) {
	if (start >= end || end > MAP_END) return;
	unsigned int first = place_split(start);
	for (unsigned int last = place_split(end); last > first + 1; last--) place_remove(first + 1);
	places[first].type = type;
	places[first].module = module;
	place_join(first + 1);
	place_join(first);
}

int memory_map_read(unsigned int index, struct machine_range *range) {
	if (index + 1 >= place_count) return 0;
	const struct place *place = &places[index];
	*range = (struct machine_range){
		{place->start}, places[index + 1].start - place->start, place->type, place->module};
	return 1;
}

int memory_map_is_free(uint64_t start, uint64_t end) {
	struct machine_range range;

	for (unsigned int index = 0; memory_map_read(index, &range); index++)
		if (start >= range.start.value && end <= range.start.value + range.size)
			return range.type == BOOT_RANGE_MEMORY;
	return 0;
}

/* RAM counts in whole pages only; of anything else a part of a page takes all of it. */
static void entry_assign(const struct memory_entry *entry) {
	uint64_t start = entry->start, end = start + entry->size;
	int firmware = entry->type == MEMORY_ENTRY_ACPI || entry->type == MEMORY_ENTRY_ACPI_NVS;

	if (end < start || end > MAP_END) return;
	if (entry->type == MEMORY_ENTRY_RAM)
		memory_map_assign((start + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), end & ~(PAGE_SIZE - 1), BOOT_RANGE_MEMORY,
		                  0);
	/* Reserved space above is address space of buses and can be larger than all RAM. */
	else if (firmware || start < DEVICES_END)
		memory_map_assign(start & ~(PAGE_SIZE - 1), (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1),
		                  BOOT_RANGE_FIRMWARE, 0);
}

void memory_map_initialize(memory_entry_read_t read) {
	struct memory_entry entry;
	struct machine_range range;

	places[1].start = MAP_END;
	place_count = 2;
	memory_map_assign(0, DEVICES_END, BOOT_RANGE_DEVICE, 0);
	for (unsigned int index = 0; read(index, &entry); index++)
		if (entry.type == MEMORY_ENTRY_RAM) entry_assign(&entry);
	for (unsigned int index = 0; read(index, &entry); index++)
		if (entry.type != MEMORY_ENTRY_RAM) entry_assign(&entry);
	/* Firmware's data area; and no object is at physical address 0. */
	memory_map_assign(0, PAGE_SIZE, BOOT_RANGE_FIRMWARE, 0);
	for (unsigned int index = 0; memory_map_read(index, &range); index++)
		ram_total += range.type == BOOT_RANGE_MEMORY ? range.size : 0;
	memory_map_assign((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_end), MEMORY_KEPT, 0);
}

uint64_t memory_map_total(void) { return ram_total; }

void memory_map_free_boot(void) {
	memory_map_assign((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_text_start),
	                  BOOT_RANGE_MEMORY, 0);
	memory_map_assign(image_physical(kernel_kept_end), image_physical(kernel_end), BOOT_RANGE_MEMORY, 0);
}

/* Low memory last: what starts other CPUs has to lie there. */
struct physical_address memory_map_take_page(void) {
	struct machine_range range, chosen = {.size = 0};

	for (unsigned int index = 0; memory_map_read(index, &range); index++)
		if (range.type == BOOT_RANGE_MEMORY && range.start.value < DEVICES_END &&
		    (chosen.size == 0 || chosen.start.value < LOW_END))
			chosen = range;
	if (chosen.size == 0)
		panic("not enough memory: %lu KiB found, at least %u MiB needed", ram_total >> 10, MEMORY_NEEDED_MIB);
	memory_map_assign(chosen.start.value, chosen.start.value + PAGE_SIZE, MEMORY_KEPT, 0);
	return chosen.start;
}
