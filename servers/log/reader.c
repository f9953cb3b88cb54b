/* SPDX-License-Identifier: MIT */
/*
 * A queue of readers: see reader.h.
 */
#include "reader.h"

#include <stdlib.h>

#define SWEEP_FIRST 16u

void readers_initialize(struct readers *readers, const struct reader_effects *effects) {
	*readers = (struct readers){.effects = effects, .sweep_at = SWEEP_FIRST};
	TAILQ_INIT(&readers->list);
}

static void readers_sweep(struct readers *readers) {
	struct reader *next;
	for (struct reader *reader = TAILQ_FIRST(&readers->list); reader; reader = next) {
		next = TAILQ_NEXT(reader, in_order);
		if (readers->effects->awaited(reader->reply)) continue;
		readers->effects->dropped(reader->reply);
		reader_remove(readers, reader);
	}
	readers->sweep_at = 2 * readers->count + SWEEP_FIRST;
}

error_t reader_add(struct readers *readers, uint32_t reply, uint64_t cursor) {
	if (readers->count >= readers->sweep_at) readers_sweep(readers);
	struct reader *reader = malloc(sizeof *reader);
	if (!reader) return ERROR_NO_MEMORY;
	reader->reply = reply;
	reader->cursor = cursor;
	TAILQ_INSERT_TAIL(&readers->list, reader, in_order);
	readers->count++;
	return ERROR_OK;
}

void reader_remove(struct readers *readers, struct reader *reader) {
	TAILQ_REMOVE(&readers->list, reader, in_order);
	readers->count--;
	free(reader);
}
