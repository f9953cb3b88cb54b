/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: what the rest of the core needs of ipc.c.
 */
#ifndef NACRE_CORE_IPC_H
#define NACRE_CORE_IPC_H

#include "thread.h"

/* Executes the current thread's `ipc`, whatever it asks for; the fast path comes here with all that it does not take.
 */
void ipc_general(void);

/* A thread waiting to receive from @queue, or NULL. */
struct thread *ipc_receiver(struct thread *queue);

/*
 * All who were queued at @queue when it was last rebound, and all other threads that receive from it, execute their ipc
 * again: through capabilities that may lead elsewhere now.
 */
enum step ipc_restart_queue(struct thread *queue);

/* All queued callers of @queue end with @error; all who receive from it too. */
enum step ipc_fail_queue(struct thread *queue, error_t error);

#endif
