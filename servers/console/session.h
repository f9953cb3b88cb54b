/* SPDX-License-Identifier: MIT */
/*
 * One session of the terminal and the reads that wait in it. Owns no rule about who is served:
 * terminal.c has those.
 */
#ifndef NACRE_CONSOLE_SESSION_H
#define NACRE_CONSOLE_SESSION_H

#include "terminal.h"

struct pending_read {
	struct pending_read *next;
	uint32_t reply;
	size_t limit;
};

struct session {
	struct session *next;
	uint64_t badge;
	struct terminal_owner owner;
	uint32_t cookies[TERMINAL_EVENT_COUNT]; /* 0: nobody is told */
	struct pending_read *reads;             /* oldest first */
	int has_asked;                          /* for input, ever: to read it, or to be told of it */
	struct line_discipline line;
};

/* A new session, or NULL if there is no memory for it. */
struct session *session_create(uint64_t badge, struct terminal_owner owner, unsigned int mode);

/* Adds a read at the end of the queue; 0 if there is no memory for it. */
int session_add_read(struct session *session, uint32_t reply, size_t limit);

/* Takes the oldest read out of the queue. Pre: there is one. */
struct pending_read session_take_read(struct session *session);

/* Cancels the reads that nobody waits for any more. The number of those left. */
size_t session_drop_reads(struct session *session, const struct terminal_client *client);

/* Cancels all reads, releases the cookies and frees the session. */
void session_end(struct session *session, const struct terminal_client *client);

#endif
