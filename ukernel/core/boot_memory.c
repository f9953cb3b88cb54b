/* SPDX-License-Identifier: MIT */
/*
 * Memory while booting. Read boot_memory.h first.
 */
#include "boot_memory.h"

#include "panic.h"

static struct boot_info *boot_info;

void boot_map_start(struct boot_info *info) {
	boot_info = info;
	info->ranges[0] = (struct boot_range){0, BOOT_MAP_END, BOOT_RANGE_NONE};
	info->range_count = 1;
	frame_table = NULL;
}

static unsigned int range_index(uint64_t address) {
	unsigned int index = 0;

	while (address - boot_info->ranges[index].physical >= boot_info->ranges[index].size) index++;
	return index;
}

struct boot_range boot_map_find(uint64_t address) {
	return boot_info->ranges[range_index(address)];
}

/* Makes a range begin at @address, if none does; returns its index. */
static unsigned int range_split(uint64_t address) {
	struct boot_range *ranges = boot_info->ranges;
	unsigned int index = range_index(address);
	uint64_t before = address - ranges[index].physical;

	if (before == 0) return index;
	if (boot_info->range_count == BOOT_RANGES_MAX)
		panic("the firmware's memory map has more than %u ranges", BOOT_RANGES_MAX);
	for (unsigned int other = boot_info->range_count++; other > index; other--) ranges[other] = ranges[other - 1];
	ranges[index].size = before;
	ranges[index + 1].physical = address;
	ranges[index + 1].size -= before;
	return index + 1;
}

/* Makes ranges @index and @index + 1 one. */
static void range_join(unsigned int index) {
	struct boot_range *ranges = boot_info->ranges;

	ranges[index].size += ranges[index + 1].size;
	boot_info->range_count--;
	for (unsigned int other = index + 1; other < boot_info->range_count; other++) ranges[other] = ranges[other + 1];
}

/* Modules stay apart. */
static int ranges_are_alike(unsigned int index) {
	const struct boot_range *range = &boot_info->ranges[index];

	return range[0].type == range[1].type && range->type != BOOT_RANGE_MODULE;
}

/* What each type of range is made of; FRAME_NONE is not RAM. */
static const uint8_t frame_types[] = {
	[BOOT_RANGE_MEMORY] = FRAME_USER,
	[BOOT_RANGE_MODULE] = FRAME_USER,
	[BOOT_RANGE_KERNEL] = FRAME_KERNEL,
};

static void frames_mark(const struct boot_range *range) {
	uint64_t end = (range->physical + range->size) >> PAGE_SHIFT;

	for (uint64_t number = range->physical >> PAGE_SHIFT; number < end && number < frame_count; number++)
		frame_table[number].type = frame_types[range->type];
}

void boot_map_assign(uint64_t start, uint64_t end, enum boot_range_type type) {
	if (start >= end || end >= BOOT_MAP_END) return;
	unsigned int first = range_split(start);
	for (unsigned int last = range_split(end); last > first + 1; last--) range_join(first);
	boot_info->ranges[first].type = type;
	if (frame_table) frames_mark(&boot_info->ranges[first]);
	if (ranges_are_alike(first)) range_join(first);
	if (first > 0 && ranges_are_alike(first - 1)) range_join(first - 1);
}

static int range_is_ram(const struct boot_range *range) { return frame_types[range->type] != FRAME_NONE; }

uint64_t boot_map_total(void) {
	uint64_t total = 0;

	for (unsigned int index = 0; index < boot_info->range_count; index++)
		if (range_is_ram(&boot_info->ranges[index])) total += boot_info->ranges[index].size;
	return total;
}

void *boot_take(uint64_t size, uint64_t limit) {
	uint64_t pages = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), largest = 0, start = 0;

	for (unsigned int index = 0; index < boot_info->range_count; index++) {
		const struct boot_range *range = &boot_info->ranges[index];
		uint64_t end = range->physical + range->size < limit ? range->physical + range->size : limit;
		if (range->type != BOOT_RANGE_MEMORY || end < range->physical || end - range->physical <= largest)
			continue;
		largest = end - range->physical;
		start = end - pages;
	}
	if (pages > largest)
		panic("not enough memory: %lu KiB found, at least %lu MiB needed", boot_map_total() >> 10,
		      BOOT_MEMORY_NEEDED >> 20);
	boot_map_assign(start, start + pages, BOOT_RANGE_KERNEL);

	char *memory = arch_direct((struct physical_address){start});
	for (uint64_t offset = 0; offset < pages; offset += PAGE_SIZE) page_zero(memory + offset);
	return memory;
}

void boot_frames_start(void) {
	uint64_t top = 0;

	for (unsigned int index = 0; index < boot_info->range_count; index++) {
		const struct boot_range *range = &boot_info->ranges[index];
		if (range_is_ram(range)) top = range->physical + range->size;
	}
	frame_count = top >> PAGE_SHIFT;
	frame_groups =
		boot_take(((top + LARGE_PAGE_SIZE - 1) >> LARGE_PAGE_SHIFT) * sizeof(*frame_groups), SLOT_PHYSICAL_END);
	frame_table = boot_take(frame_count * sizeof(*frame_table), SLOT_PHYSICAL_END);
	for (unsigned int index = 0; index < boot_info->range_count; index++) frames_mark(&boot_info->ranges[index]);
}

struct frame *boot_frame(void) {
	return frame_of(boot_take(PAGE_SIZE, SLOT_PHYSICAL_END));
}
