/* SPDX-License-Identifier: MIT */
/*
 * One session with the host after another.
 *
 * Owns the rules of docs/host-link.md, sections 2 and 3, for the guest: who may send what when,
 * numbers, windows, acknowledgement, and what ends a session. Bytes come and go through queues;
 * what the host asks for is handed to the server through link_handler. No system calls.
 */
#ifndef NACRE_HOSTLINK_LINK_H
#define NACRE_HOSTLINK_LINK_H

#include <nacre/byte_queue.h>

#include "outbox.h"
#include "script.h"

/* Numbered frames that the host may have in flight towards us. */
#define LINK_WINDOW 16u
/* Output beyond this waits: link_has_room(). */
#define LINK_OUTBOX_LIMIT 65536u

struct link_handler {
	/* The script that link->running holds is to be run. */
	void (*run)(void *context);
	/* The host wants the machine off. */
	void (*power_off)(void *context, int32_t status);
	/* The session began or ended: see link->state. */
	void (*changed)(void *context);
	void *context;
};

enum link_state {
	LINK_SEEKING, /* HELLO goes out once a second */
	LINK_UP,
};

enum link_shell {
	LINK_SHELL_ABSENT, /* no shell has asked for a script in this session */
	LINK_SHELL_READY,
	LINK_SHELL_RUNS,
};

struct link {
	struct link_handler handler;
	enum link_state state;
	struct frame_reader reader;

	/* What the host said in its HELLO. */
	uint32_t window;
	uint32_t payload_limit;
	uint32_t channels;

	/* To the host. */
	struct outbox outbox;
	uint32_t sent;         /* number of the last numbered frame; 0 none */
	uint32_t acknowledged; /* the last one that the host has dealt with */

	/* From the host. */
	uint32_t received; /* number of the last one */
	uint32_t told;     /* the last one whose receipt we have told */

	/* Unnumbered frames that are due. */
	int hello_due;
	uint16_t error_code; /* 0: none */
	char error_text[96];

	enum link_shell shell;
	struct script coming;
	struct script running;
};

void link_initialize(struct link *link, struct link_handler handler);

/* Makes the next HELLO due while there is no session. To be called once a second. */
void link_tick(struct link *link);

/* Takes all of @input. */
void link_receive(struct link *link, struct byte_queue *input);

/* Writes frames to @output as far as both that and the host's window have room. */
void link_send(struct link *link, struct byte_queue *output);

/*
 * Whether stream bytes and log records would not pile up. Without a session there always is room.
 */
int link_has_room(const struct link *link);
/* Whether the host takes frames on the channel, and there is a session. */
int link_takes(const struct link *link, enum frame_channel channel);
/* Whether everything has gone to the output queue. */
int link_is_quiet(const struct link *link);

/* Messages to the host. Without a session they are dropped, as nobody is there to want them. */
NACRE_MUST_CHECK error_t link_stream(struct link *link, enum command_kind kind, const uint8_t *bytes, size_t count);
NACRE_MUST_CHECK error_t link_status(struct link *link, uint32_t index, int32_t status, uint64_t elapsed,
                                     const char *text, size_t length);
NACRE_MUST_CHECK error_t link_record(struct link *link, uint64_t time, uint32_t level, const char *source,
                                     size_t source_length, const char *text, size_t text_length);
NACRE_MUST_CHECK error_t link_power_off(struct link *link, int32_t status);

/* The shell waits for a script: sends READY the first time in a session. */
NACRE_MUST_CHECK error_t link_shell_ready(struct link *link);
/* The running script is over: DONE. state if none runs. */
NACRE_MUST_CHECK error_t link_done(struct link *link, int32_t status, uint32_t commands, uint32_t failed);

#endif
