/* SPDX-License-Identifier: MIT */
/*
 * A ring of events for each watcher. Read event.h first.
 */
#include <stdlib.h>

#include "event.h"

#define EVENTS_FIRST 16

error_t event_watch_set(struct vic *vic, struct context *context, uint32_t slot) {
	struct event_watch *watch = calloc(1, sizeof(*watch));

	if (!watch) return ERROR_NO_MEMORY;
	watch->slot = slot;
	event_watch_end(vic, context);
	context->watch = watch;
	return ERROR_OK;
}

void event_watch_end(struct vic *vic, struct context *context) {
	if (!context->watch) return;
	vic->world->slot_release(vic->world_context, context->watch->slot);
	free(context->watch->events);
	free(context->watch);
	context->watch = NULL;
}

/* A full ring is laid out anew, twice as large. Without memory for it the oldest events are lost. */
static void ring_grow(struct event_watch *watch) {
	uint32_t capacity = watch->capacity ? 2 * watch->capacity : EVENTS_FIRST;
	struct event *events = calloc(capacity, sizeof(*events));

	if (!events) return;
	for (uint32_t index = 0; index < watch->count; index++)
		events[index] = watch->events[(watch->first + index) % watch->capacity];
	free(watch->events);
	watch->events = events;
	watch->capacity = capacity;
	watch->first = 0;
}

static void event_put(struct event_watch *watch, const struct event *event) {
	if (watch->count == watch->capacity && watch->capacity < EVENTS_HELD) ring_grow(watch);
	if (watch->capacity == 0) {
		watch->lost++;
		return;
	}
	if (watch->count == watch->capacity) {
		watch->first = (watch->first + 1) % watch->capacity;
		watch->count--;
		watch->lost++;
	}
	watch->events[(watch->first + watch->count) % watch->capacity] = *event;
	watch->count++;
}

void event_emit(struct vic *vic, const struct context *context, uint32_t event) {
	const struct event news = {
		.event = event,
		.number = context->entry.number,
		.state = context->state,
		.exit = context->ending.exit,
		.value = context->ending.value,
	};
	const struct context *above;

	for (above = context->parent; above; above = above->parent) {
		if (!above->watch) continue;
		event_put(above->watch, &news);
		vic->world->signal(vic->world_context, above->watch->slot);
	}
}

error_t event_take(struct context *context, struct event *event, uint64_t *lost) {
	struct event_watch *watch = context->watch;

	if (!watch || watch->count == 0) return ERROR_WOULD_BLOCK;
	*event = watch->events[watch->first];
	*lost = watch->lost;
	watch->first = (watch->first + 1) % watch->capacity;
	watch->count--;
	watch->lost = 0;
	return ERROR_OK;
}
