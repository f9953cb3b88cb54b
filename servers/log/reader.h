/* SPDX-License-Identifier: MIT */
/*
 * Readers that wait for the next message.
 *
 * Owns their order and how many are kept: a reader may be cancelled or die while it waits, which nobody tells. When
 * many have come since the last look, those that wait no more are looked for. Knows a reader's reply as a number only.
 */
#ifndef NACRE_LOG_READER_H
#define NACRE_LOG_READER_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct reader {
	TAILQ_ENTRY(reader) in_order;
	uint32_t reply;
	uint64_t cursor;
};

/* What the server has to do in the world. */
struct reader_effects {
	int (*awaited)(uint32_t reply);  /* whether somebody still waits for it */
	void (*dropped)(uint32_t reply); /* nobody does: it is not needed any more */
};

struct readers {
	const struct reader_effects *effects;
	TAILQ_HEAD(, reader) list; /* oldest first */
	size_t count;
	size_t sweep_at; /* so many make it worth looking for those that are gone */
};

void readers_initialize(struct readers *readers, const struct reader_effects *effects);

/* Adds one; no_memory. */
NACRE_MUST_CHECK error_t reader_add(struct readers *readers, uint32_t reply, uint64_t cursor);

/* Forgets one, which has been answered. */
void reader_remove(struct readers *readers, struct reader *reader);

#endif
