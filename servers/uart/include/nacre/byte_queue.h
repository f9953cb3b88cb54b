/* SPDX-License-Identifier: MIT */
/*
 * A queue of bytes of fixed size between a device and whoever talks to it.
 *
 * Owns the order of the bytes; the storage is the caller's. No system calls, no locking.
 */
#ifndef NACRE_BYTE_QUEUE_H
#define NACRE_BYTE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct byte_queue {
	uint8_t *bytes;
	size_t size;
	size_t first; /* index of the oldest byte */
	size_t count;
};

static inline void byte_queue_initialize(struct byte_queue *queue, uint8_t *storage, size_t size) {
	*queue = (struct byte_queue){.bytes = storage, .size = size};
}

static inline size_t byte_queue_room(const struct byte_queue *queue) { return queue->size - queue->count; }

/* Appends as many of @bytes as there is room for; returns how many. */
static inline size_t byte_queue_put(struct byte_queue *queue, const void *bytes, size_t count) {
	const uint8_t *from = bytes;
	size_t room = byte_queue_room(queue);
	size_t taken = count < room ? count : room;
	for (size_t i = 0; i < taken; i++) queue->bytes[(queue->first + queue->count + i) % queue->size] = from[i];
	queue->count += taken;
	return taken;
}

/* Removes up to @limit of the oldest bytes into @bytes; returns how many. */
static inline size_t byte_queue_take(struct byte_queue *queue, void *bytes, size_t limit) {
	uint8_t *to = bytes;
	size_t taken = limit < queue->count ? limit : queue->count;
	for (size_t i = 0; i < taken; i++) to[i] = queue->bytes[(queue->first + i) % queue->size];
	queue->first = (queue->first + taken) % queue->size;
	queue->count -= taken;
	if (queue->count == 0) queue->first = 0; /* an empty queue touches the same memory again */
	return taken;
}

#endif
