/* SPDX-License-Identifier: MIT */
/*
 * The latest messages: see ring.h.
 */
#include "ring.h"

#include <stdlib.h>
#include <string.h>

void ring_initialize(struct log_ring *ring) { *ring = (struct log_ring){.first = 1}; }

static struct log_entry **place(struct log_ring *ring, uint64_t number) {
	return &ring->entries[number % RING_ENTRIES];
}

static size_t entry_bytes(const struct log_entry *entry) {
	return entry ? entry->source_length + entry->text_length : 0;
}

static void forget_oldest(struct log_ring *ring) {
	struct log_entry **oldest = place(ring, ring->first);
	ring->bytes -= entry_bytes(*oldest);
	free(*oldest);
	*oldest = NULL;
	ring->first++;
	ring->count--;
}

static struct log_entry *entry_create(const struct log_message *message) {
	struct log_entry *entry = malloc(sizeof *entry + message->source_length + message->text_length);
	if (!entry) return NULL;
	entry->time = message->time;
	entry->level = message->level;
	entry->source_length = message->source_length;
	entry->text_length = message->text_length;
	memcpy(entry->bytes, message->source, message->source_length);
	memcpy(entry->bytes + message->source_length, message->text, message->text_length);
	return entry;
}

error_t ring_add(struct log_ring *ring, const struct log_message *message) {
	struct log_entry *entry = entry_create(message);
	while (ring->count > 0 && (ring->count == RING_ENTRIES || ring->bytes + entry_bytes(entry) > RING_BYTES))
		forget_oldest(ring);
	*place(ring, ring->first + ring->count) = entry; /* none: a gap */
	ring->count++;
	ring->bytes += entry_bytes(entry);
	return entry ? ERROR_OK : ERROR_NO_MEMORY;
}

error_t ring_read(const struct log_ring *ring, uint64_t cursor, struct ring_read *read) {
	uint64_t wanted = cursor > 1 ? cursor : 1;
	uint64_t number = wanted > ring->first ? wanted : ring->first;
	const struct log_entry *entry = NULL;
	for (; number - ring->first < ring->count; number++) {
		entry = ring->entries[number % RING_ENTRIES];
		if (entry) break;
	}
	if (!entry) return ERROR_WOULD_BLOCK;
	*read = (struct ring_read){
		.message = {entry->time, entry->level, entry->bytes, entry->source_length,
	                    entry->bytes + entry->source_length, entry->text_length},
		.cursor = number + 1,
		.lost = number - wanted,
	};
	return ERROR_OK;
}
