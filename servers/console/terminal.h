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

#define TERMINAL_SESSIONS_MAX    256u /* about 25 KiB each */
#define TERMINAL_SESSIONS_OF_ONE 16u  /* that one owner may have */

/*
 * For whom a session is. Nobody tells when an owner ends: it is asked after when sessions have become many, and before
 * one gets what is typed.
 */
struct terminal_owner {
	uint32_t cookie; /* the user's own, handed to exists() and released(); 0: an owner that never ends */
	uint64_t number; /* the same for all sessions of one owner, never used again */
};

/* How waiting clients are answered and found to be gone. A client that is gone makes its read keep its bytes. */
struct terminal_client {
	/* Ends a read with @count bytes, 0 at the end of input. */
	error_t (*read_done)(void *context, uint32_t reply, const uint8_t *bytes, size_t count);
	/* Ends a write that was taken whole. */
	void (*write_done)(void *context, uint32_t reply, size_t count);
	/* Ends a read or write whose session was closed, or that nobody waits for. */
	void (*cancelled)(void *context, uint32_t reply);
	/* What @cookie was given for has happened in its session. */
	void (*happened)(void *context, uint32_t cookie);
	/* Whether somebody still waits for the end of a read or write. */
	int (*awaited)(void *context, uint32_t reply);
	/* Whether the owner with that cookie still exists. */
	int (*exists)(void *context, uint32_t cookie);
	/* The terminal has forgotten @cookie, an owner's or one of terminal_set_cookie(). */
	void (*released)(void *context, uint32_t cookie);
	void *context;
};

struct terminal {
	struct terminal_client client;
	struct byte_queue input;  /* from the device, not looked at yet */
	struct byte_queue output; /* to the device */
	struct session *sessions; /* most recent reader first; never empty */
	size_t session_count;
	size_t sessions_sweep_at;     /* so many sessions make it worth looking for those without an owner */
	size_t adds_until_sweep;      /* reads and writes until those that nobody waits for are looked for */
	struct pending_write *writes; /* oldest first */
	struct pending_write **writes_end;
	uint64_t last_badge;
};

/* Opens the first session (badge 0), which cannot be closed. */
NACRE_MUST_CHECK error_t terminal_initialize(struct terminal *terminal, struct terminal_client client,
                                             unsigned int mode);

/*
 * Opens a session in canonical mode with echo; @badge names it from then on. limit: there are TERMINAL_SESSIONS_MAX
 * with living owners, or TERMINAL_SESSIONS_OF_ONE of this one. On success the owner's cookie is the terminal's.
 */
NACRE_MUST_CHECK error_t terminal_open(struct terminal *terminal, struct terminal_owner owner, uint64_t *badge);
/* Cancels what waits in it and releases its cookies. state: there is no such session, or it is the first. */
NACRE_MUST_CHECK error_t terminal_close(struct terminal *terminal, uint64_t badge);

/* @mode is of LINE_*; argument if it asks for raw and canonical at once. */
NACRE_MUST_CHECK error_t terminal_set_mode(struct terminal *terminal, uint64_t badge, unsigned int mode,
                                           unsigned int *previous);
/* What is handed to happened(): 0 for none. @old is what it was before. */
NACRE_MUST_CHECK error_t terminal_set_cookie(struct terminal *terminal, uint64_t badge, enum terminal_event event,
                                             uint32_t cookie, uint32_t *old);

/*
 * Reads and writes that nobody waits for any more are dropped when many have come since that was looked at, and before
 * a read of a session in front gets what is typed.
 */

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
