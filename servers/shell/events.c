/* SPDX-License-Identifier: MIT */
/*
 * Signals in, events kept: see events.h.
 */
#include "events.h"

#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/protocol/stream.h>
#include <nacre/time.h>

/* Bits of the shell's signal word. */
#define SIGNAL_CONTEXTS  1u
#define SIGNAL_INTERRUPT 2u

void events_take(struct events *events) {
	struct event event;
	while (context_next_event(events->contexts, &event.what) == ERROR_OK) {
		event.time = time_now();
		events->kept[events->count++ % EVENTS_KEPT] = event;
	}
}

static void on_signal(void *context, uint64_t bits) {
	struct events *events = context;
	if (bits & SIGNAL_CONTEXTS) events_take(events);
	if (bits & SIGNAL_INTERRUPT) events->interrupted = 1;
}

/* The deadline itself tells events_sleep() all it has to know. */
static void on_timeout(void *context) { (void)context; }

error_t events_start(struct events *events, capability_t contexts) {
	capability_t self, terminal;
	uint32_t protocol;
	*events = (struct events){.contexts = contexts};
	events->server = (struct server){.context = events, .signal = on_signal, .timeout = on_timeout};
	error_t error = server_self(&self);
	if (error == ERROR_OK) error = context_watch(contexts, item_badge(self, RIGHT_SIGNAL, SIGNAL_CONTEXTS));
	if (error == ERROR_OK && isatty(STDIN_FILENO) && descriptor_capability(STDIN_FILENO, &terminal, &protocol))
		error = stream_watch(terminal, STREAM_EVENT_INTERRUPT,
		                     item_badge(self, RIGHT_SIGNAL, SIGNAL_INTERRUPT));
	return error;
}

void events_wait(struct events *events) { server_step(&events->server, &events->reply); }

void events_sleep(struct events *events, uint64_t until) {
	events->interrupted = 0;
	while (!events->interrupted && time_now() < until) {
		events->server.deadline = until;
		events_wait(events);
	}
	events->server.deadline = 0;
}
