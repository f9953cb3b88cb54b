/* SPDX-License-Identifier: MIT */
/*
 * Waiting writers: see writer.h.
 */
#include "writer.h"

#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/stream_server.h>

error_t writer_add(struct writer **writers, struct delayed_reply reply, enum command_kind kind, const uint8_t *bytes,
                   size_t count) {
	struct writer *writer = malloc(sizeof *writer + count);
	if (!writer) return ERROR_NO_MEMORY;
	*writer = (struct writer){.reply = reply, .kind = kind, .count = count};
	memcpy(writer->bytes, bytes, count);
	while (*writers) writers = &(*writers)->next;
	*writers = writer;
	return ERROR_OK;
}

/* Its client may be gone: the answer then goes nowhere. */
static void writer_finish(struct writer *writer, struct link *link) {
	error_t error = link_stream(link, writer->kind, writer->bytes, writer->count);
	if (error == ERROR_OK)
		error_ignore(stream_reply_write(&writer->reply, (uint32_t)writer->count));
	else
		error_ignore(delayed_reply_fail(&writer->reply, error));
	free(writer);
}

void writers_run(struct writer **writers, struct link *link) {
	while (*writers && link_has_room(link)) {
		struct writer *first = *writers;
		*writers = first->next;
		writer_finish(first, link);
	}
}
