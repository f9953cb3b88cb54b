/* SPDX-License-Identifier: MIT */
/*
 * Receive deadlines: a heap per CPU, linked through the threads.
 *
 * A leftist heap (Crane, 1972): merging walks right spines, which are never longer than log2 of the number of threads,
 * so adding and removing cost O(log n) and need no memory. Recursion is unrolled; nothing else knows the shape.
 */
#ifndef NACRE_CORE_DEADLINE_H
#define NACRE_CORE_DEADLINE_H

#include "cpu.h"

/* @thread is in no heap. @deadline in ns since boot. */
void deadline_add(struct thread *thread, uint64_t deadline);

/* Removes a thread that has a deadline. */
void deadline_remove_from_heap(struct thread *thread);

/* Harmless for a thread without a deadline. */
static inline void deadline_remove(struct thread *thread) {
	if (unlikely(thread->deadline != TIME_NEVER)) deadline_remove_from_heap(thread);
}

/* The earliest deadline of this CPU, or TIME_NEVER. */
uint64_t deadline_earliest(void);

/* Ends receives whose deadline has passed; gives way to interrupts (those left over fire again at once). */
void deadline_expire(uint64_t now);

#endif
