/* SPDX-License-Identifier: MIT */
/*
 * The log's memory: the latest messages, each with a number that is never used again.
 *
 * Owns order and what is forgotten when room runs out. A reader keeps a cursor, the number of the
 * message it wants next, and learns how many it has missed.
 */
#ifndef NACRE_LOG_RING_H
#define NACRE_LOG_RING_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>

#define RING_ENTRIES 2048u   /* messages kept at most */
#define RING_BYTES   524288u /* of sources and texts */

struct log_entry {
	uint64_t time; /* kernel time in ns */
	uint32_t level;
	size_t source_length;
	size_t text_length;
	char bytes[]; /* the source, then the text; no terminators */
};

struct log_ring {
	struct log_entry *entries[RING_ENTRIES];
	uint64_t first; /* number of the oldest kept; the very first message is number 1 */
	size_t count;
	size_t bytes;
};

struct log_message {
	uint64_t time;
	uint32_t level;
	const char *source;
	size_t source_length;
	const char *text;
	size_t text_length;
};

void ring_initialize(struct log_ring *ring);

/* Adds a message. no_memory: it is lost, and readers see a gap. */
NACRE_MUST_CHECK error_t ring_add(struct log_ring *ring, const struct log_message *message);

struct ring_read {
	struct log_message message; /* points into the ring */
	uint64_t cursor;            /* for the next read */
	uint64_t lost;              /* messages forgotten between the cursor and this one */
};

/* The oldest message whose number is not below @cursor; would_block if there is none yet. */
NACRE_MUST_CHECK error_t ring_read(const struct log_ring *ring, uint64_t cursor, struct ring_read *read);

#endif
