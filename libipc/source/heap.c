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

#define PAGE_BYTES UINT64_C(4096)
#define STEP_BYTES (UINT64_C(1) << 20)

static struct {
	uint64_t used;   /* bytes handed to malloc() */
	uint64_t mapped; /* bytes allocated, a multiple of pages */
} heap;

static uint64_t heap_start(void)
{
	return (start_info()->window_base + start_info()->window_size / 4) & ~(PAGE_BYTES - 1);
}

static error_t grow_to(uint64_t needed)
{
	uint64_t limit = start_info()->window_size / 4;
	uint64_t step = (needed - heap.mapped + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
	uint64_t address;
	error_t error;

	if (needed > limit || start_memory() == CAPABILITY_NONE)
		return ERROR_NO_MEMORY;
	if (step > limit - heap.mapped)
		step = (needed - heap.mapped + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	error = memory_allocate(start_memory(), heap_start() + heap.mapped, step, PAGE_READ | PAGE_WRITE, 0, &address);
	if (error == ERROR_OK)
		heap.mapped += step;
	return error;
}

static void shrink_to(uint64_t needed)
{
	uint64_t keep = (needed + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);

	if (keep < heap.mapped && memory_unmap(start_memory(), heap_start() + keep, heap.mapped - keep) == ERROR_OK)
		heap.mapped = keep;
}

void *sbrk(ptrdiff_t increment)
{
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
