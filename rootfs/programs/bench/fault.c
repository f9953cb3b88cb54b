/* SPDX-License-Identifier: MIT */
/*
 * Group fault: a page fault to a pager in another space, and back with the page mapped.
 *
 * A thread of this space has the peer as its pager. It touches a page whose table exists, removes it, and so on.
 */
#include <stdatomic.h>

#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/start.h>
#include <nacre/thread.h>

#include "bench.h"

#define PAGE_BYTES UINT64_C(4096)

struct fault_run {
	struct measure measure;
	capability_t peer;
	uint64_t address;
	error_t error;
};

static void touch_again_and_again(void *argument) {
	struct fault_run *run = argument;
	volatile uint64_t *word = (volatile uint64_t *)(uintptr_t)run->address;
	uint64_t next;
	uint64_t left;

	run->error = thread_set_handler(start_thread(), HANDLER_PAGER, item_share(run->peer));
	while (run->error == ERROR_OK && measure_goes_on(&run->measure)) {
		uint64_t start = measure_stamp();
		*word = 1;
		measure_add(&run->measure, start, measure_stamp());
		run->error = space_unmap(start_space(), run->address, 1, 0, &next, &left);
	}
}

error_t bench_fault(void) {
	static struct fault_run run;
	struct nacre_thread *thread;
	uint64_t address;
	error_t error = peer_get(&run.peer);

	if (error != ERROR_OK) return error;
	/* The first page brings the table; the second is never touched under its own pager. */
	error = memory_allocate(start_memory(), 0, 2 * PAGE_BYTES, PAGE_READ | PAGE_WRITE, 0, &address);
	if (error != ERROR_OK) return error;
	*(volatile uint64_t *)(uintptr_t)address = 1;
	run.address = address + PAGE_BYTES;
	error = nacre_thread_start(touch_again_and_again, &run, NACRE_THREAD_STACK_DEFAULT, &thread);
	if (error != ERROR_OK) return error;
	nacre_thread_join(thread);
	if (run.error != ERROR_OK) return run.error;
	measure_print(&run.measure, "fault.page.round_trip");
	return ERROR_OK;
}
