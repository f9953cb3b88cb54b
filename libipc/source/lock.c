/* SPDX-License-Identifier: MIT */
/*
 * Locks. A taken lock's word is the top of a stack of waiters, which live on their own stacks; the
 * one who releases takes the whole stack off and wakes all.
 *
 * A waiter calls a queue from which nobody receives (thread_park.c) and
 * is woken by having that call cancelled. The kernel keeps a cancellation that comes before the
 * call, so none is lost; `woken` tells ours from one that a controller outside sent.
 */
#include <nacre/lock.h>
#include <nacre/protocol/thread.h>
#include <nacre/start.h>

#include "thread_park.h"

struct waiter {
	struct waiter *next;
	capability_t control;
	_Atomic unsigned int woken;
};

#define FREE  ((uintptr_t)0)
#define TAKEN ((uintptr_t)1)

enum lock_result lock_try(struct lock *lock) {
	uintptr_t state = FREE;

	return atomic_compare_exchange_strong(&lock->state, &state, TAKEN) ? LOCK_TAKEN : LOCK_BUSY;
}

/*
 * First the call, then the look: the cancellation that follows `woken` must end a call here, or it would end the next
 * one that this thread makes.
 */
static void wait(struct waiter *waiter) {
	do thread_park();
	while (!atomic_load(&waiter->woken));
}

void lock_take(struct lock *lock) {
	struct waiter waiter;
	uintptr_t state;

	while (lock_try(lock) == LOCK_BUSY) {
		state = atomic_load(&lock->state);
		if (state == FREE) continue;
		waiter.next = state == TAKEN ? NULL : (struct waiter *)state;
		waiter.control = start_thread();
		atomic_store(&waiter.woken, 0);
		if (atomic_compare_exchange_strong(&lock->state, &state, (uintptr_t)&waiter)) wait(&waiter);
	}
}

void lock_release(struct lock *lock) {
	uintptr_t state = atomic_exchange(&lock->state, FREE);
	struct waiter *waiter = state == TAKEN ? NULL : (struct waiter *)state;

	while (waiter) {
		struct waiter *next = waiter->next;
		capability_t control = waiter->control;

		/* From here on the waiter may be gone. */
		atomic_store(&waiter->woken, 1);
		error_ignore(thread_cancel(control));
		waiter = next;
	}
}
