/* SPDX-License-Identifier: MIT */
/*
 * The peer: a context of its own that answers calls and page faults.
 */
#include "peer.h"

#include <nacre/path.h>
#include <nacre/protocol/context.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "bench.h"

static capability_t peer_context;
static capability_t peer_queue;

static error_t peer_start(void) {
	static const char arguments[] = "bench-peer";
	capability_t contexts;
	uint64_t number;
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "contexts", &protocol, &contexts);

	if (error != ERROR_OK) return error;
	error = context_create(contexts, UINT64_MAX, 0, "process", "/bin/bench-peer", &number, &peer_context);
	if (error == ERROR_OK)
		error = context_set_arguments(peer_context, CONTEXT_SET_REPLACE, arguments, sizeof(arguments));
	if (error == ERROR_OK) error = context_start(peer_context);
	capability_delete(contexts);
	return error;
}

error_t peer_get(capability_t *peer_out) {
	if (peer_queue == CAPABILITY_NONE) {
		error_t error = peer_start();
		if (error == ERROR_OK) error = path_open_service(PEER_PATH, PEER_PROTOCOL, &peer_queue);
		if (error != ERROR_OK) return error;
	}
	*peer_out = peer_queue;
	return ERROR_OK;
}

void peer_end(void) {
	struct context_wait_answer end;

	if (peer_context == CAPABILITY_NONE) return;
	error_ignore(context_kill(peer_context, 0));
	error_ignore(context_wait(peer_context, &end));
	error_ignore(context_delete(peer_context));
}
