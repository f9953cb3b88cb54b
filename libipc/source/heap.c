/* SPDX-License-Identifier: MIT */
/*
 * The heap under malloc(): one run of addresses that grows and shrinks in whole pages.
 *
 * It lies in the second quarter of the program's window. The pager gives pages when they are
 * touched, so a step costs one message and no memory.
 */
#include <errno.h>
#include <unistd.h>

#include <nacre/protocol/memory.h>
#include <nacre/start.h>

#include "heap.h"

#define PAGE_BYTES        UINT64_C(4096)
#define STEP_BYTES        (UINT64_C(1) << 20)
#define PINNED_STEP_BYTES (UINT64_C(16) << 10) /* these cost frames at once */

static struct {
	uint64_t used;           /* bytes handed to malloc() */
	uint64_t mapped;         /* bytes allocated, a multiple of pages */
	uint64_t step;           /* bytes asked for at a time, 0: STEP_BYTES */
	uint32_t allocate_flags; /* MEMORY_ALLOCATE_* */
} heap;

static uint64_t heap_start(void) {
	return (start_info()->window_base + start_info()->window_size / 4) & ~(PAGE_BYTES - 1);
}

static error_t grow_to(uint64_t needed) {
	uint64_t limit = start_info()->window_size / 4;
	uint64_t unit = heap.step ? heap.step : STEP_BYTES;
	uint64_t step = (needed - heap.mapped + unit - 1) / unit * unit;
	uint64_t address;
	error_t error;

	if (needed > limit || start_memory() == CAPABILITY_NONE) return ERROR_NO_MEMORY;
	if (step > limit - heap.mapped) step = (needed - heap.mapped + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	error = memory_allocate(start_memory(), heap_start() + heap.mapped, step, PAGE_READ | PAGE_WRITE,
	                        heap.allocate_flags, &address);
	if (error == ERROR_OK) heap.mapped += step;
	return error;
}

static void shrink_to(uint64_t needed) {
	uint64_t keep = (needed + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);

	if (keep < heap.mapped && memory_unmap(start_memory(), heap_start() + keep, heap.mapped - keep) == ERROR_OK)
		heap.mapped = keep;
}

void heap_pin(void) {
	/* What malloc() has not been given yet is not worth its frames. */
	shrink_to(heap.used);
	for (uint64_t offset = 0; offset < heap.used; offset += PAGE_BYTES) {
		volatile uint8_t *byte = (volatile uint8_t *)(uintptr_t)(heap_start() + offset);
		const uint8_t kept = *byte;

		*byte = kept;
	}
	heap.step = PINNED_STEP_BYTES;
	heap.allocate_flags = MEMORY_ALLOCATE_EAGER;
}

void *sbrk(ptrdiff_t increment) {
	uint64_t before = heap.used;

	if (increment < 0 && (uint64_t)-increment > heap.used) {
		errno = EINVAL;
		return (void *)-1;
	}
	heap.used += (uint64_t)increment;
	if (increment < 0)
		shrink_to(heap.used);
	else if (heap.used > heap.mapped && grow_to(heap.used) != ERROR_OK) {
		heap.used = before;
		errno = ENOMEM;
		return (void *)-1;
	}
	return (void *)(heap_start() + before);
}
