/* SPDX-License-Identifier: MIT */
/*
 * log: the system log, at /svc/log.
 *
 * Owns start-up. Read ring.h, then serve.c.
 */
#include <nacre/path.h>
#include <nacre/protocol/parent.h>
#include <nacre/start.h>

#include "log_server.h"

static struct ipc_item log_item(const struct log *log) {
	return item_badge(log->self, RIGHT_SEND, BADGE(PROTOCOL_LOG, 0));
}

static error_t log_start(struct log *log) {
	ring_initialize(&log->ring);
	sources_initialize(&log->sources);
	readers_initialize(&log->readers, &log_reader_effects);
	error_t error = server_self(&log->self);
	if (error == ERROR_OK) error = path_register("/svc/log", PROTOCOL_LOG, log_item(log));
	if (error != ERROR_OK) return error;
	/* A parent that hands it on need not look it up; others find it by its path. */
	error_ignore(parent_offer(start_parent(), PROTOCOL_LOG, "log", log_item(log)));
	return parent_ready(start_parent());
}

int main(void) {
	static struct log log;
	const struct server_protocol protocol = {
		.number = PROTOCOL_LOG,
		.dispatch = log_dispatch,
		.handlers = &log_handlers,
		.context = &log,
	};
	struct server server = {.protocols = &protocol, .protocol_count = 1, .capability_window = 1};
	error_t error = log_start(&log);
	if (error != ERROR_OK) return (int)error; /* nobody to tell but the parent, which reads it as an error_t */
	server_run(&server);
}
