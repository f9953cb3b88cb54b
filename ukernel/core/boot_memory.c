/* SPDX-License-Identifier: MIT */
/*
 * Memory while booting. Read boot_memory.h first.
 */
#include "boot_memory.h"

#include <nacre/abi/boot.h>

#include "panic.h"

/* What a machine without devices needs at least: kernel, root's objects, and a few MiB to run programs in. */
#define MEMORY_NEEDED_MIB 24

static struct {
	unsigned int index; /* the range that memory is taken from */
	uint64_t start;
	uint64_t end; /* moves down */
	uint64_t taken;
	uint64_t found;
} boot_memory;

static int range_is_ram(const struct machine_range *range) {
	return range->type == BOOT_RANGE_MEMORY || range->type == BOOT_RANGE_MODULE;
}

static void *boot_take(uint64_t size) {
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (size > boot_memory.end - boot_memory.start)
		panic("not enough memory: %lu MiB found, at least %u MiB needed", boot_memory.found >> 20,
		      MEMORY_NEEDED_MIB);
	boot_memory.end -= size;
	boot_memory.taken += size;

	char *memory = arch_direct((struct physical_address){boot_memory.end});
	for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) page_zero(memory + offset);
	return memory;
}

void *boot_allocate(uint64_t size) {
	char *memory = boot_take(size);
	struct frame *frame = frame_of(memory);

	for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) frame++->type = FRAME_KERNEL;
	return memory;
}

struct frame *boot_frame(void) {
	return frame_of(boot_allocate(PAGE_SIZE));
}

static void range_choose(const struct machine *machine) {
	uint64_t largest = 0;

	for (unsigned int index = 0; index < machine->range_count; index++) {
		const struct machine_range *range = &machine->ranges[index];
		if (range->type != BOOT_RANGE_MEMORY || range->size <= largest ||
		    range->start.value >= SLOT_PHYSICAL_END)
			continue;
		uint64_t end = range->start.value + range->size;
		largest = range->size;
		boot_memory.index = index;
		boot_memory.start = range->start.value;
		boot_memory.end = end < SLOT_PHYSICAL_END ? end : SLOT_PHYSICAL_END;
	}
}

static void frames_mark(uint64_t start, uint64_t end, enum frame_type type) {
	for (uint64_t number = start >> PAGE_SHIFT; number < end >> PAGE_SHIFT; number++)
		frame_table[number].type = (uint8_t)type;
}

void boot_memory_start(const struct machine *machine) {
	uint64_t top = 0;

	boot_memory.found = machine->memory_total;
	boot_memory.taken = 0;
	boot_memory.start = 0;
	boot_memory.end = 0;
	range_choose(machine);
	for (unsigned int index = 0; index < machine->range_count; index++) {
		const struct machine_range *range = &machine->ranges[index];
		if (range_is_ram(range)) top = range->start.value + range->size;
	}
	frame_count = top >> PAGE_SHIFT;
	frame_table = boot_take(frame_count * sizeof(*frame_table));
	frame_groups = boot_take(((top + LARGE_PAGE_SIZE - 1) >> LARGE_PAGE_SHIFT) * sizeof(*frame_groups));
	for (unsigned int index = 0; index < machine->range_count; index++) {
		const struct machine_range *range = &machine->ranges[index];
		if (range_is_ram(range)) frames_mark(range->start.value, range->start.value + range->size, FRAME_USER);
	}
	frames_mark(boot_memory.end, boot_memory.end + boot_memory.taken, FRAME_KERNEL);
}

struct machine_range boot_range(const struct machine *machine, unsigned int index) {
	struct machine_range range = machine->ranges[index];

	if (index == boot_memory.index) range.size = boot_memory.end - boot_memory.start;
	return range;
}

uint64_t boot_memory_taken(void) { return boot_memory.taken; }
