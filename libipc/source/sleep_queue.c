/* SPDX-License-Identifier: MIT */
/*
 * Sleep queues. A program never has more than it had threads sleeping at once: they are used again,
 * because a queue without a UTCB cannot be named to the pager to be destroyed alone.
 */
#include <stdlib.h>

#include <nacre/lock.h>
#include <nacre/protocol/memory.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/system_call.h>

#include "sleep_queue.h"

struct sleep_queue {
	struct sleep_queue *next; /* while nobody has it */
	capability_t queue;
	capability_t control;
};

static struct lock lock;
static struct sleep_queue *unused;

static struct sleep_queue *queue_take(void) {
	struct sleep_queue *queue;

	lock_take(&lock);
	queue = unused;
	if (queue) unused = queue->next;
	lock_release(&lock);
	return queue;
}

static error_t queue_make(struct sleep_queue **queue_out) {
	struct sleep_queue *queue;
	error_t error;

	if (start_memory() == CAPABILITY_NONE) return ERROR_STATE;
	queue = malloc(sizeof(*queue));
	if (!queue) return ERROR_NO_MEMORY;
	error = memory_thread_create(start_memory(), 0, &queue->control, &queue->queue);
	if (error == ERROR_OK)
		*queue_out = queue;
	else
		free(queue);
	return error;
}

error_t sleep_queue_get(capability_t *queue_out) {
	struct thread_block *block = thread_block_get();
	error_t error = ERROR_OK;

	if (!block->sleep_queue) block->sleep_queue = queue_take();
	if (!block->sleep_queue) error = queue_make(&block->sleep_queue);
	if (error == ERROR_OK) *queue_out = block->sleep_queue->queue;
	return error;
}

void sleep_queue_release(struct sleep_queue *queue) {
	if (!queue) return;
	lock_take(&lock);
	queue->next = unused;
	unused = queue;
	lock_release(&lock);
}
