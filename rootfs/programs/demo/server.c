/* SPDX-License-Identifier: MIT */
/*
 * demo-server: a counter under a name. All that a server needs, and nothing else.
 */
#include <stdio.h>

#include <nacre/path.h>
#include <nacre/protocol/counter_server.h>
#include <nacre/protocols.h>
#include <nacre/server.h>
#include <nacre/tool.h>

static const char *const usage = "usage: demo-server [PATH]\n"
				 "Serves a counter at PATH (/svc/counter) until it is killed.\n";

struct counter {
	uint64_t total;
	uint64_t clients;
};

static error_t add(struct request *request, uint64_t amount, uint64_t *total_out) {
	struct counter *counter = request->context;

	counter->total += amount;
	counter->clients++;
	*total_out = counter->total;
	return ERROR_OK;
}

static error_t read_total(struct request *request, uint64_t *total_out, uint64_t *clients_out) {
	const struct counter *counter = request->context;

	*total_out = counter->total;
	*clients_out = counter->clients;
	return ERROR_OK;
}

static const struct counter_handlers handlers = {.add = add, .read = read_total};

int main(int argc, char **argv) {
	struct counter counter = {0};
	const struct server_protocol protocols[] = {
		{.number = PROTOCOL_COUNTER, .dispatch = counter_dispatch, .handlers = &handlers, .context = &counter},
	};
	struct server server = {.protocols = protocols, .protocol_count = 1};
	capability_t self;

	tool_help(argc, argv, usage);
	if (argc > 2) return tool_usage(argv, "'%s' is not understood", argv[2]);
	const char *path = argc > 1 ? argv[1] : "/svc/counter";
	error_t error = server_self(&self);
	if (error == ERROR_OK)
		error = path_register(path, PROTOCOL_COUNTER, item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_COUNTER, 1)));
	if (error != ERROR_OK) return tool_fail(argv, "%s: %s", path, error_text(error));
	server_run(&server);
}
