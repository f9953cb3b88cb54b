/* SPDX-License-Identifier: MIT */
/*
 * /sbin/names: the naming server.
 *
 * Starts it and serves. The tree is in names.h, the requests are in serve.c. It hands the full view
 * to its parent, which gives it to the base servers as their `namespace`; contexts get views made
 * from it.
 */
#include <nacre/pin.h>
#include <nacre/protocol/parent.h>
#include <nacre/start.h>

#include "serve.h"

static error_t start(struct names_server *server) {
	struct ipc_item full_view;
	error_t error = names_create(&server->names, &names_effects);

	if (error == ERROR_OK) error = server_self(&server->self);
	if (error != ERROR_OK) return error;
	full_view = item_badge(server->self, RIGHT_SEND, BADGE(PROTOCOL_NAME, server->names.full_view->entry.number));
	error = parent_offer(start_parent(), PROTOCOL_NAME, "namespace", full_view);
	if (error == ERROR_OK) error = parent_ready(start_parent());
	return error;
}

int main(void) {
	static struct names_server names_server;
	static const struct server_protocol protocol = {
		.number = PROTOCOL_NAME,
		.dispatch = name_dispatch,
		.handlers = &names_handlers,
		.context = &names_server,
	};
	static struct server server = {
		.protocols = &protocol,
		.protocol_count = 1,
		.capability_window = 1,
	};

	error_t error;

	memory_pin();
	error = start(&names_server);
	/* Nobody to tell but the parent, which reads the exit status as an error_t. */
	if (error != ERROR_OK) return (int)error;
	server_run(&server);
}
