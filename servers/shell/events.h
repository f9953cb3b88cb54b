/* SPDX-License-Identifier: MIT */
/*
 * News for the shell while it waits: contexts below it have changed, ^C was typed.
 *
 * Owns the watch on contexts, the signals, and the latest events for `ic events`.
 */
#ifndef NACRE_SHELL_EVENTS_H
#define NACRE_SHELL_EVENTS_H

#include <nacre/protocol/context.h>
#include <nacre/server.h>

#define EVENTS_KEPT 256u

struct event {
	uint64_t time; /* kernel time in ns */
	struct context_next_event_answer what;
};

struct events {
	struct server server; /* answers nothing; receives signals */
	struct server_reply reply;
	capability_t contexts;
	struct event kept[EVENTS_KEPT];
	uint64_t count;  /* of all events so far; the latest are kept */
	int interrupted; /* ^C was typed since this was last cleared */
};

/*
 * Starts the watch on @contexts, and on ^C in the terminal behind descriptor 0 if it is one. After
 * that @events must stay where it is.
 */
NACRE_MUST_CHECK error_t events_start(struct events *events, capability_t contexts);

/* Takes over what has happened so far. */
void events_take(struct events *events);

/* Waits until something has happened. */
void events_wait(struct events *events);

/* Waits until that kernel time in ns, or until ^C is typed. */
void events_sleep(struct events *events, uint64_t until);

#endif
