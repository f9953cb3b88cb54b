/* SPDX-License-Identifier: MIT */
/*
 * Queues that nobody calls, for threads to wait on until a deadline.
 */
#ifndef NACRE_SLEEP_QUEUE_H
#define NACRE_SLEEP_QUEUE_H

#include <nacre/capability.h>

struct sleep_queue;

/* The calling thread's queue, with the right to serve it. Errors: no_memory, limit, state. */
NACRE_MUST_CHECK error_t sleep_queue_get(capability_t *queue_out);

/* Takes the queue of a thread that is gone, for the next one. Null is fine. */
void sleep_queue_release(struct sleep_queue *queue);

#endif
