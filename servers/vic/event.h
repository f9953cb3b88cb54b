/* SPDX-License-Identifier: MIT */
/*
 * News of contexts, for those who watch from above.
 *
 * Owns the queue of each watcher. It holds EVENTS_HELD events; when nobody takes them the oldest
 * are lost, and counted. Read vic.h first.
 */
#ifndef VIC_EVENT_H
#define VIC_EVENT_H

#include "vic.h"

#define EVENTS_HELD 256

struct event {
	uint32_t event; /* CONTEXT_EVENT_* */
	uint64_t number;
	uint32_t state;
	uint32_t exit;
	int64_t value;
};

struct event_watch {
	uint32_t slot; /* of the signal */
	uint32_t first;
	uint32_t count;
	uint32_t capacity; /* grows with need up to EVENTS_HELD */
	uint64_t lost;
	struct event *events;
};

/*
 * From now on events below @context are kept and signalled through @slot, which is the watch's
 * then.
 */
NACRE_MUST_CHECK error_t event_watch_set(struct vic *vic, struct context *context, uint32_t slot);
void event_watch_end(struct vic *vic, struct context *context);

/* Tells all that watch above @context. */
void event_emit(struct vic *vic, const struct context *context, uint32_t event);

/* would_block: there is none. */
NACRE_MUST_CHECK error_t event_take(struct context *context, struct event *event, uint64_t *lost);

#endif
