/* SPDX-License-Identifier: MIT */
/*
 * What registrations, watches and waits mean for the own capability table: system calls only.
 *
 * Read struct names_effects in names.h first.
 */
#include <string.h>

#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "serve.h"

static _Bool slot_is_alive(void *context, uint32_t slot) {
	struct space_capability_read_answer held;

	(void)context;
	return space_capability_read(start_space(), slot, &held) == ERROR_OK && held.kind != KIND_EMPTY;
}

static void slot_release(void *context, uint32_t slot) {
	(void)context;
	capability_delete(slot);
}

/* A watcher may have given anything: nothing is waited for. */
static void watcher_signal(void *context, uint32_t slot) {
	(void)context;
	/* One that is gone, or in no state to be told, has only itself to ask. */
	error_ignore(signal_send(slot));
}

static void waiter_answer(void *context, uint32_t reply_slot, const struct found *found) {
	struct delayed_reply to = {.slot = reply_slot};
	struct name_lookup_reply reply = {
		.protocol = found->protocol,
		.capability = item_share(found->slot),
	};

	(void)context;
	memcpy(reply.rest, found->rest, found->rest_length);
	/* A caller that has died meanwhile needs no answer. */
	error_ignore(name_reply_lookup(&to, &reply));
}

const struct names_effects names_effects = {
	.slot_is_alive = slot_is_alive,
	.slot_release = slot_release,
	.signal = watcher_signal,
	.answer = waiter_answer,
};
