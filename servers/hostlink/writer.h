/* SPDX-License-Identifier: MIT */
/*
 * Clients of the streams whose bytes wait for room on the link, oldest first.
 */
#ifndef NACRE_HOSTLINK_WRITER_H
#define NACRE_HOSTLINK_WRITER_H

#include <nacre/server.h>

#include "link.h"

struct writer {
	struct writer *next;
	struct delayed_reply reply;
	enum command_kind kind;
	size_t count;
	uint8_t bytes[];
};

/* Adds one with a copy of its bytes; no_memory. */
NACRE_MUST_CHECK error_t writer_add(struct writer **writers, struct delayed_reply reply, enum command_kind kind,
                                    const uint8_t *bytes, size_t count);

/* Hands bytes to the link as long as that has room, and answers those clients. */
void writers_run(struct writer **writers, struct link *link);

#endif
