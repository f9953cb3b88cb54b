/* SPDX-License-Identifier: MIT */
/*
 * Where threads of one program wait for each other: in a call to a queue from which nobody
 * receives.
 *
 * Apart from thread.c, so that a program with locks and without threads is not linked with it.
 */
#include <nacre/protocol/memory.h>
#include <nacre/start.h>

#include "thread_park.h"

static capability_t queue;
static capability_t queue_control;

error_t thread_park_make(void) {
	if (queue != CAPABILITY_NONE) return ERROR_OK;
	return memory_thread_create(start_memory(), 0, &queue_control, &queue);
}

void thread_park(void) {
	struct message message = {.words = {0}};

	/* It ends with `cancelled`: that is what the caller waits for. */
	error_ignore(message_call(&message, queue, IPC_TAG(0, 0, 0), 0));
}
