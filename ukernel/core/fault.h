/* SPDX-License-Identifier: MIT */
/*
 * Faults as calls: what the kernel sends in a thread's name, and what the answer does.
 *
 * Owns struct fault of threads. The message itself is made only when a receiver takes it.
 */
#ifndef NACRE_CORE_FAULT_H
#define NACRE_CORE_FAULT_H

#include "thread.h"

/*
 * Sends @thread's fault (fault.label is set, the thread is ready and its registers are saved) to the handler in
 * charge. Without one, a page fault becomes an exception, and an exception halts the thread.
 */
void fault_send(struct thread *thread);

/* Writes the message of @thread's fault to @receiver as the result of its receive. */
void fault_deliver(const struct thread *thread, struct thread *receiver, uint64_t badge);

/* The tie of @thread's fault is idle: applies the answer, which is @replier's message. The thread is ready then, or
 * halted. */
void fault_answer(struct thread *thread, struct thread *replier, uint64_t tag);

/* The answer will never come: a page fault becomes the exception pager_lost, any other halts the thread. */
void fault_lost(struct thread *thread);

#endif
