/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: what the rest of the core needs of ipc.c, fault.c and signal.c.
 */
#ifndef NACRE_CORE_IPC_H
#define NACRE_CORE_IPC_H

#include "thread.h"

/* Executes the current thread's `ipc`, whatever it asks for; the fast path comes here with all that it does not take.
 */
void ipc_general(void);

/* Ends the ipc of @thread without a message. */
static inline void ipc_finish(struct thread *thread, uint64_t result) {
	thread->registers.operation = result;
	thread->registers.target = 0;
	thread->registers.tag = 0;
}

/* A thread waiting to receive from @queue, or NULL. */
struct thread *ipc_receiver(struct thread *queue);

/*
 * All who were queued at @queue when it was last rebound, and all other threads that receive from it, execute their ipc
 * again: through capabilities that may lead elsewhere now.
 */
enum step ipc_restart_queue(struct thread *queue);

/* All queued callers of @queue end with @error; all who receive from it too. */
enum step ipc_fail_queue(struct thread *queue, error_t error);

/* --- Faults (fault.c) ---------------------------------------------------------------------------- */

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

/* --- Signals (signal.c): the 64-bit word of each queue --------------------------------------------- */

/* ORs @bits into the word of @queue; whoever receives from it gets the word at once. Never blocks. */
void signal_raise(struct thread *queue, uint64_t bits);

/* Raises what the signal capability in @slot stands for; an empty slot is ignored. */
void signal_raise_slot(const struct slot *slot);

/* Gives the word of @queue, which is not zero, to @receiver as the result of its receive. */
void signal_deliver(struct thread *queue, struct thread *receiver);

#endif
