/* SPDX-License-Identifier: MIT */
/*
 * Messages that wait to become frames, oldest first.
 *
 * Owns their memory and puts output of one kind together, so that many small writes travel in few
 * frames. Knows nothing of windows or numbers (link.h).
 */
#ifndef NACRE_HOSTLINK_OUTBOX_H
#define NACRE_HOSTLINK_OUTBOX_H

#include <nacre/abi/error.h>

#include "frame.h"

struct outbox_message {
	struct outbox_message *next;
	uint8_t channel;
	uint8_t kind;
	size_t count;
	size_t capacity;
	uint8_t payload[];
};

struct outbox {
	struct outbox_message *first;
	struct outbox_message *last;
	size_t bytes; /* of memory for all payloads */
};

/* Adds a message. @count <= FRAME_PAYLOAD_MAX. */
NACRE_MUST_CHECK error_t outbox_add(struct outbox *outbox, uint8_t channel, uint8_t kind, const void *payload,
                                    size_t count);

/*
 * Adds bytes of a stream: to the last message if that is of the same kind and stays within @limit.
 */
NACRE_MUST_CHECK error_t outbox_append(struct outbox *outbox, uint8_t channel, uint8_t kind, const void *bytes,
                                       size_t count, size_t limit);

/* Pre: there is a message. */
void outbox_remove_first(struct outbox *outbox);
void outbox_clear(struct outbox *outbox);

#endif
