/* SPDX-License-Identifier: MIT */
/*
 * Readers that wait for the next message.
 */
#ifndef NACRE_LOG_READER_H
#define NACRE_LOG_READER_H

#include <nacre/server.h>

struct reader {
	struct reader *next;
	struct delayed_reply reply;
	uint64_t cursor;
};

/* Adds one; no_memory. */
NACRE_MUST_CHECK error_t reader_add(struct reader **readers, struct delayed_reply reply, uint64_t cursor);

/* Takes the oldest one out. Pre: there is one. */
struct reader reader_take(struct reader **readers);

#endif
