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

#endif
