/* SPDX-License-Identifier: MIT */
/*
 * Who runs next: the run queue of budgets, and helping.
 *
 * Owns struct cpu's run queue. Strict priorities, round robin within one. What a budget is and who has it: budget.h.
 */
#ifndef NACRE_CORE_SCHEDULE_H
#define NACRE_CORE_SCHEDULE_H

#include "cpu.h"

/* A queued caller helps whoever it waits for; a longer chain just waits, so that a choice costs a bounded time. */
#define HELP_HOPS_MAX 32

/* Lets @budget compete; it is idle. */
void schedule_enqueue(struct budget *budget, enum queue_end end);

/* Takes it out of whatever queue it is in; it becomes idle. Not for the running one. */
void schedule_dequeue(struct budget *budget);

/* Queues again all budgets that wait for @thread to become runnable. O(1). */
void schedule_wake_helpers(struct thread *thread);

/*
 * Whoever waited for @thread directly does so no more: budgets that were parked further down the chain look anew
 * whom they can help.
 */
void schedule_wake_chain(struct thread *thread);

/* The current thread cannot or should not go on: puts its budget back where it belongs. current becomes NULL. */
void schedule_leave(enum queue_end end);

/* Hands the CPU from the current thread, which has blocked in `ipc`, to @to on the same budget. */
void schedule_hand_over(struct thread *to);

/*
 * Last thing before every exit: if current cannot go on or something better waits, chooses anew; loads the choice and
 * sets the timer. @how: in what way the thread that entered the kernel was interrupted.
 */
void schedule_finish(enum thread_leave how);

/*
 * Receive deadlines (deadline.c): a heap per CPU, linked through the threads.
 *
 * A leftist heap (Crane, 1972): merging walks right spines, which are never longer than log2 of the number of threads,
 * so adding and removing cost O(log n) and need no memory. Recursion is unrolled; nothing else knows the shape.
 */

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
