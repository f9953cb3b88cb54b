/* SPDX-License-Identifier: MIT */
/*
 * One terminal shared by many clients.
 *
 * Owns the sessions, which of them gets what is typed, the readers and writers that wait, and the
 * bytes on their way to and from the device. Knows neither the device nor how a client is answered:
 * both are its user's. Read line_discipline.h first.
 *
 * Input goes to the session that most recently asked to read and still waits; if none waits, to the
 * one that asked last. What is typed before any has asked waits for the first that does: a person
 * answers a prompt that may be ahead of its reader. The bytes of one write are never mixed with
 * another's.
 */
#ifndef NACRE_CONSOLE_TERMINAL_H
#define NACRE_CONSOLE_TERMINAL_H

#include <nacre/abi/error.h>

#include "line_discipline.h"

#define TERMINAL_TRANSFER_MAX 512u /* bytes in one read or write; a message carries fewer */

enum terminal_event {
	TERMINAL_INPUT,     /* a read would not wait */
	TERMINAL_INTERRUPT, /* ^C was typed */
	TERMINAL_SUSPEND,   /* ^Z was typed */
	TERMINAL_EVENT_COUNT,
};

#define TERMINAL_SESSIONS_MAX 256u /* about 25 KiB each */

/* How waiting clients are answered. A client that is gone makes its read keep its bytes. */
struct terminal_client {
	/* Ends a read with @count bytes, 0 at the end of input. */
	error_t (*read_done)(void *context, uint32_t reply, const uint8_t *bytes, size_t count);
	/* Ends a write that was taken whole. */
	void (*write_done)(void *context, uint32_t reply, size_t count);
	/* Ends a read or write whose session was closed. */
	void (*cancelled)(void *context, uint32_t reply);
	/* What @cookie was given for has happened in its session. */
	void (*happened)(void *context, uint32_t cookie);
	void *context;
};

struct terminal {
	struct terminal_client client;
	struct byte_queue input;  /* from the device, not looked at yet */
	struct byte_queue output; /* to the device */
	struct session *sessions; /* most recent reader first; never empty */
	size_t session_count;
	struct pending_write *writes; /* oldest first */
	struct pending_write **writes_end;
	uint64_t last_badge;
};

/* Opens the first session (badge 0), which cannot be closed. */
NACRE_MUST_CHECK error_t terminal_initialize(struct terminal *terminal, struct terminal_client client,
                                             unsigned int mode);

/*
 * Opens a session in canonical mode with echo; @badge names it from then on. limit: there are
 * TERMINAL_SESSIONS_MAX, because clients that die do not close theirs.
 */
NACRE_MUST_CHECK error_t terminal_open(struct terminal *terminal, uint64_t *badge);
NACRE_MUST_CHECK error_t terminal_close(struct terminal *terminal, uint64_t badge);

/* @mode is of LINE_*; argument if it asks for raw and canonical at once. */
NACRE_MUST_CHECK error_t terminal_set_mode(struct terminal *terminal, uint64_t badge, unsigned int mode,
                                           unsigned int *previous);
/* What is handed to happened(): 0 for none. @old is what it was before. */
NACRE_MUST_CHECK error_t terminal_set_cookie(struct terminal *terminal, uint64_t badge, enum terminal_event event,
                                             uint32_t cookie, uint32_t *old);

/* Queues a read, which terminal_run() ends when there is something. 1 <= @limit <= the maximum. */
NACRE_MUST_CHECK error_t terminal_read(struct terminal *terminal, uint64_t badge, uint32_t reply, size_t limit);
/* Queues a write, which terminal_run() ends when it has been taken. */
NACRE_MUST_CHECK error_t terminal_write(struct terminal *terminal, uint64_t badge, uint32_t reply, const uint8_t *bytes,
                                        size_t count);
/* Queues output that nobody waits for, dropped if there is no room. */
void terminal_announce(struct terminal *terminal, const char *text, size_t count);

/* Carries on with all that can go on: after each call above and each service of the device. */
void terminal_run(struct terminal *terminal);

/* True if input from the device has come for somebody since terminal_run(). */
int terminal_has_input(const struct terminal *terminal);

#endif
