/* SPDX-License-Identifier: MIT */
/*
 * Any sequence of requests to the naming server: no leak, no double release, and accounts that add up.
 *
 * Each request is an operation, a view, and a path in a length byte and so many bytes.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/name.h>

#include "names.h"

#define SLOTS 8192
#define VIEWS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 1: in use by the server. */
static uint8_t slots[SLOTS];
static uint32_t slot_last;

static void expect(_Bool holds) {
	if (!holds) abort();
}

static uint32_t slot_new(void) {
	slot_last = slot_last % (SLOTS - 1) + 1;
	slots[slot_last] = 1;
	return slot_last;
}

static _Bool slot_is_alive(void *context, uint32_t slot) {
	(void)context;
	/* Some are dead from the start. */
	return slot % 7 != 0;
}

static void slot_release(void *context, uint32_t slot) {
	(void)context;
	expect(slots[slot]);
	slots[slot] = 0;
}

static void watcher_signal(void *context, uint32_t slot) {
	(void)context;
	expect(slots[slot]);
}

static void answer(void *context, uint32_t reply_slot, const struct found *found) {
	(void)context;
	expect(slots[reply_slot] && slots[found->slot]);
	slots[reply_slot] = 0;
}

static const struct names_effects effects = {
	.slot_is_alive = slot_is_alive,
	.slot_release = slot_release,
	.signal = watcher_signal,
	.answer = answer,
};

struct request {
	uint8_t operation;
	struct view *view;
	const char *text;
	size_t length;
};

static _Bool entry_take(void *context, const struct listing *entry) {
	size_t *room = context;

	expect(entry->name_length <= PATH_COMPONENT_MAX);
	return (*room)-- > 0;
}

/* Hands a fresh slot over, and takes it back if the server did not want it. */
static void slot_offer(struct names *names, const struct request *request, const struct path *path) {
	uint32_t slot = slot_new();
	uint64_t number;
	error_t error;

	switch (request->operation % 4) {
	case 0:
		error = names_register(names, request->view, NAMES_REGISTER, request->text, request->length,
		                       PROTOCOL_FILE, slot, &number);
		break;
	case 1:
		error = names_register(names, request->view, NAMES_BIND, request->text, request->length, PROTOCOL_FILE,
		                       slot, &number);
		break;
	case 2: error = names_watch(names, request->view, path, slot, &number); break;
	default: error = names_wait(names, request->view, path, slot); break;
	}
	if (error != ERROR_OK) slots[slot] = 0;
}

static void request_do(struct names *names, const struct request *request) {
	struct found found;
	struct path path;
	struct view *view;
	uint64_t cursor = 0;
	size_t room = 3;

	if (path_resolve(&request->view->root, request->text, request->length, &path) != ERROR_OK) return;
	if (request->operation < 160) {
		slot_offer(names, request, &path);
		return;
	}
	switch (request->operation % 6) {
	case 0:
		if (names_lookup(names, &path, &found) == ERROR_OK) expect(slots[found.slot]);
		break;
	case 1: error_ignore(names_unregister(names, request->view, &path)); break;
	case 2: error_ignore(names_list(names, &path, &cursor, entry_take, &room)); break;
	case 3:
		error_ignore(view_create(names, request->view, request->operation % 4, request->text, request->length,
		                         &view));
		break;
	case 4: error_ignore(names_unwatch(names, request->view, request->length)); break;
	default:
		if (request->view != names->full_view) view_release(names, request->view);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct names names;
	size_t position = 0;

	memset(slots, 0, sizeof(slots));
	expect(names_create(&names, &effects) == ERROR_OK);
	while (size - position >= 3) {
		struct request request = {
			.operation = data[position],
			.view = names_view(&names, data[position + 1] % VIEWS),
			.text = (const char *)data + position + 3,
			.length = data[position + 2],
		};

		position += 3;
		if (request.length > size - position) break;
		position += request.length;
		if (!request.view) request.view = names.full_view;
		request_do(&names, &request);
	}
	names_destroy(&names);
	for (size_t slot = 0; slot < SLOTS; slot++) expect(!slots[slot]);
	return 0;
}
