/* SPDX-License-Identifier: MIT */
/*
 * Threads: memory for stack and block, a UTCB, a kernel thread from the pager, and its end.
 *
 * A thread's memory is one run: stack below, block with its variables above. Each is unmapped by
 * who joins it. UTCBs lie below the first thread's, in the MiB that the window has for them.
 */
#include <reent.h>
#include <stdlib.h>
#include <string.h> /* _REENT_INIT_PTR */

#include <nacre/lock.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread.h>

#include "libc_lock.h"
#include "sleep_queue.h"
#include "start_internal.h"
#include "thread_park.h"

#define PAGE_BYTES      UINT64_C(4096)
#define UTCB_AREA_BYTES (UINT64_C(1) << 20)
#define UTCBS           (UTCB_AREA_BYTES / PAGE_BYTES)
#define QUANTUM_NS      UINT64_C(10000000)

struct nacre_thread {
	void (*function)(void *argument);
	void *argument;
	struct thread_block *block;
	uint64_t utcb;
	uint64_t memory;
	uint64_t memory_size;
	capability_t control;
	capability_t thread;
	struct lock running; /* taken until the function has returned */
	struct _reent reent;
};

static struct lock lock;         /* for the rest of these */
static uint8_t utcb_used[UTCBS]; /* counted down from the first thread's UTCB */

static uint64_t utcb_take(void) {
	uint64_t address = 0;

	lock_take(&lock);
	for (uint64_t i = 1; i < UTCBS && address == 0; i++) {
		if (!utcb_used[i] && i * PAGE_BYTES < start_info()->utcb - start_info()->window_base) {
			utcb_used[i] = 1;
			address = start_info()->utcb - i * PAGE_BYTES;
		}
	}
	lock_release(&lock);
	return address;
}

static void utcb_give(uint64_t address) {
	if (address != 0) utcb_used[(start_info()->utcb - address) / PAGE_BYTES] = 0;
}

static void thread_free(struct nacre_thread *thread) {
	if (thread->control != CAPABILITY_NONE) {
		error_ignore(memory_thread_destroy(start_memory(), thread->utcb));
		capability_delete(thread->control);
		capability_delete(thread->thread);
	}
	if (thread->block) sleep_queue_release(thread->block->sleep_queue);
	if (thread->memory != 0) error_ignore(memory_unmap(start_memory(), thread->memory, thread->memory_size));
	utcb_give(thread->utcb);
	free(thread);
}

static _Noreturn void thread_main(struct nacre_thread *thread) {
	thread->function(thread->argument);
	_reclaim_reent(&thread->reent);
	lock_release(&thread->running);
	for (;;) thread_park(); /* until it is destroyed */
}

static error_t memory_make(struct nacre_thread *thread, size_t stack_size) {
	uint64_t size = (stack_size + thread_block_size() + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	error_t error = memory_allocate(start_memory(), 0, size, PAGE_READ | PAGE_WRITE, 0, &thread->memory);

	if (error != ERROR_OK) return error;
	thread->memory_size = size;
	thread->utcb = utcb_take();
	return thread->utcb != 0 ? ERROR_OK : ERROR_LIMIT;
}

/* Exceptions of the thread go where the first thread's go, if the parent says where that is. */
static void exceptions_set(const struct nacre_thread *thread) {
	uint32_t protocol;
	capability_t handler;

	if (parent_get(start_parent(), "exceptions", &protocol, &handler) != ERROR_OK) return;
	error_ignore(thread_set_handler(thread->control, HANDLER_EXCEPTION, item_share(handler)));
	capability_delete(handler);
}

static error_t kernel_thread_make(struct nacre_thread *thread) {
	struct thread_state_answer state;
	error_t error = memory_thread_create(start_memory(), thread->utcb, &thread->control, &thread->thread);

	if (error == ERROR_OK) error = thread_state(start_thread(), &state);
	if (error == ERROR_OK) error = thread_set_budget(thread->control, QUANTUM_NS, state.priority);
	if (error == ERROR_OK) exceptions_set(thread);
	return error;
}

static error_t kernel_thread_start(struct nacre_thread *thread) {
	uint64_t top = thread->memory + thread->memory_size - thread_block_size();
	error_t error;

	thread->block = thread_block_make((void *)top, (struct utcb *)thread->utcb, thread->control);
	thread->block->reent = &thread->reent;
	error = thread_set_bases(thread->control, (uint64_t)(uintptr_t)thread->block, 0);
	if (error == ERROR_OK) /* As after a call: the stack pointer is 8 below a multiple of 16. */
		error = thread_start(thread->control, (uint64_t)(uintptr_t)thread_main, (top & ~UINT64_C(15)) - 8,
		                     (uint64_t)(uintptr_t)thread, 0, 0, 0, 0, 0);
	return error;
}

error_t nacre_thread_start(void (*function)(void *argument), void *argument, size_t stack_size,
                           struct nacre_thread **thread_out) {
	struct nacre_thread *thread;
	error_t error;

	if (start_memory() == CAPABILITY_NONE) return ERROR_STATE;
	libc_locks_use();
	thread = calloc(1, sizeof(*thread));
	if (!thread) return ERROR_NO_MEMORY;
	thread->function = function;
	thread->argument = argument;
	_REENT_INIT_PTR(&thread->reent);
	lock_take(&thread->running);
	error = thread_park_make();
	if (error == ERROR_OK) error = memory_make(thread, stack_size);
	if (error == ERROR_OK) error = kernel_thread_make(thread);
	if (error == ERROR_OK) error = kernel_thread_start(thread);
	if (error != ERROR_OK) {
		thread_free(thread);
		return error;
	}
	*thread_out = thread;
	return ERROR_OK;
}

void nacre_thread_join(struct nacre_thread *thread) {
	lock_take(&thread->running);
	thread_free(thread);
}

capability_t nacre_thread_control(const struct nacre_thread *thread) { return thread->control; }
