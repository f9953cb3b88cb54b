/* SPDX-License-Identifier: MIT */
/*
 * Touching what a program has, so that it has it for good. Read nacre/pin.h first.
 *
 * Program headers: System V ABI, chapter 5; the ELF header is at the load address (nacre/abi/boot.h).
 */
#include <stdint.h>

#include <nacre/pin.h>
#include <nacre/start.h>

#include "heap.h"

#define PAGE_BYTES UINT64_C(4096)

#define SEGMENT_LOAD   1u
#define SEGMENT_WRITES 2u /* flag */

struct image_header {
	uint8_t before_table[32];
	uint64_t table; /* offset of the program headers */
	uint8_t before_size[14];
	uint16_t entry_size;
	uint16_t entry_count;
};

struct image_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t address; /* relative to the load address */
	uint64_t physical;
	uint64_t file_size;
	uint64_t memory_size;
};

/* A write of what is there already: it takes a page of its own where it was shared or none. */
static void page_touch(uint64_t address, uint32_t flags) {
	volatile uint8_t *byte = (volatile uint8_t *)(uintptr_t)address;
	uint8_t value = *byte;

	if (flags & SEGMENT_WRITES) *byte = value;
}

static void segment_touch(const struct image_segment *segment) {
	uint64_t start = start_info()->load_address + segment->address;
	uint64_t end = start + segment->memory_size;

	for (uint64_t page = start & ~(PAGE_BYTES - 1); page < end; page += PAGE_BYTES)
		page_touch(page < start ? start : page, segment->flags);
}

static void image_touch(void) {
	const uint64_t load = start_info()->load_address;
	const struct image_header *header = (const struct image_header *)(uintptr_t)load;

	for (uint64_t index = 0; index < header->entry_count; index++) {
		const struct image_segment *segment =
			(const struct image_segment *)(uintptr_t)(load + header->table + index * header->entry_size);

		if (segment->type == SEGMENT_LOAD && segment->memory_size != 0) segment_touch(segment);
	}
}

static __attribute__((noinline)) void stack_touch(void) {
	volatile uint8_t stack[MEMORY_PIN_STACK_BYTES];

	for (uint64_t offset = 0; offset < sizeof(stack); offset += PAGE_BYTES) stack[offset] = 0;
}

void memory_pin(void) {
	image_touch();
	stack_touch();
	heap_pin();
}
