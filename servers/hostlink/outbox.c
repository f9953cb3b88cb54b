/* SPDX-License-Identifier: MIT */
/*
 * The list of waiting messages: see outbox.h.
 */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

static error_t add(struct outbox *outbox, uint8_t channel, uint8_t kind, const void *payload, size_t count,
                   size_t capacity) {
	struct outbox_message *message = malloc(sizeof *message + capacity);
	if (!message) return ERROR_NO_MEMORY;
	*message = (struct outbox_message){.channel = channel, .kind = kind, .count = count, .capacity = capacity};
	if (count > 0) memcpy(message->payload, payload, count);
	if (outbox->last)
		outbox->last->next = message;
	else
		outbox->first = message;
	outbox->last = message;
	outbox->bytes += capacity;
	return ERROR_OK;
}

error_t outbox_add(struct outbox *outbox, uint8_t channel, uint8_t kind, const void *payload, size_t count) {
	return add(outbox, channel, kind, payload, count, count);
}

/* Room for more of the same; little where little is written at a time. */
static size_t stream_capacity(size_t count, size_t limit) {
	size_t capacity = 4 * count;
	return capacity < limit ? capacity : limit;
}

error_t outbox_append(struct outbox *outbox, uint8_t channel, uint8_t kind, const void *bytes, size_t count,
                      size_t limit) {
	struct outbox_message *last = outbox->last;
	if (!last || last->channel != channel || last->kind != kind || last->capacity - last->count < count)
		return add(outbox, channel, kind, bytes, count, stream_capacity(count, limit));
	memcpy(last->payload + last->count, bytes, count);
	last->count += count;
	return ERROR_OK;
}

void outbox_remove_first(struct outbox *outbox) {
	struct outbox_message *first = outbox->first;
	outbox->first = first->next;
	if (!outbox->first) outbox->last = NULL;
	outbox->bytes -= first->capacity;
	free(first);
}

void outbox_clear(struct outbox *outbox) {
	while (outbox->first) outbox_remove_first(outbox);
}
