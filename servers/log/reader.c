/* SPDX-License-Identifier: MIT */
/*
 * A queue of readers: see reader.h.
 */
#include "reader.h"

#include <stdlib.h>

error_t reader_add(struct reader **readers, struct delayed_reply reply, uint64_t cursor) {
	struct reader *reader = malloc(sizeof *reader);
	if (!reader) return ERROR_NO_MEMORY;
	while (*readers) readers = &(*readers)->next;
	*reader = (struct reader){.reply = reply, .cursor = cursor};
	*readers = reader;
	return ERROR_OK;
}

struct reader reader_take(struct reader **readers) {
	struct reader *first = *readers;
	struct reader copy = *first;
	*readers = first->next;
	free(first);
	return copy;
}
