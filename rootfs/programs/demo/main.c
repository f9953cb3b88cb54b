/* SPDX-License-Identifier: MIT */
/*
 * demo: a small server and two clients that find it by name, each a context of its own.
 *
 * Shows how a program makes contexts: all it does goes through the context protocol.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/context.h>
#include <nacre/protocol/counter.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/tool.h>

#define COUNTER_PATH "/svc/demo-counter"

static const char *const usage =
	"usage: demo\n"
	"Starts demo-server and two demo-clients as contexts, waits for the clients, and asks the\n"
	"server for the sum.\n";

/* Starts /bin/NAME of these arguments (each ended by a NUL byte) with this program's streams. */
static error_t context_run(capability_t contexts, const char *program, const char *arguments, size_t size,
                           capability_t *context_out) {
	uint64_t number;
	error_t error = context_create(contexts, UINT64_MAX, 0, "process", program, &number, context_out);

	if (error != ERROR_OK) return error;
	error = context_set_arguments(*context_out, CONTEXT_SET_REPLACE, arguments, size);
	if (error == ERROR_OK) error = context_start(*context_out);
	return error;
}

static error_t context_finish(capability_t context) {
	struct context_wait_answer end;
	error_t error = context_wait(context, &end);

	if (error == ERROR_OK) error = context_delete(context);
	capability_delete(context);
	return error;
}

static error_t demo_run(capability_t contexts) {
	static const char server_arguments[] = "demo-server\0" COUNTER_PATH;
	static const char first_arguments[] = "demo-client\0first\0003\0" COUNTER_PATH;
	static const char second_arguments[] = "demo-client\0second\0004\0" COUNTER_PATH;
	capability_t server, first, second, counter;
	uint64_t total = 0;
	uint64_t clients = 0;

	error_t error = context_run(contexts, "/bin/demo-server", server_arguments, sizeof(server_arguments), &server);
	if (error != ERROR_OK) return error;
	error = context_run(contexts, "/bin/demo-client", first_arguments, sizeof(first_arguments), &first);
	if (error == ERROR_OK)
		error = context_run(contexts, "/bin/demo-client", second_arguments, sizeof(second_arguments), &second);
	if (error == ERROR_OK) error = context_finish(first);
	if (error == ERROR_OK) error = context_finish(second);
	if (error == ERROR_OK) error = path_open_service(COUNTER_PATH, PROTOCOL_COUNTER, &counter);
	if (error == ERROR_OK) error = counter_read(counter, &total, &clients);
	if (error == ERROR_OK) printf("demo: the server counted to %" PRIu64 " in %" PRIu64 " calls\n", total, clients);
	error_ignore(context_kill(server, 0));
	error_t end = context_finish(server);
	return error != ERROR_OK ? error : end;
}

int main(int argc, char **argv) {
	capability_t contexts;
	uint32_t protocol;

	tool_help(argc, argv, usage);
	if (argc > 1) return tool_usage(argv, "'%s' is not understood", argv[1]);
	error_t error = parent_get(start_parent(), "contexts", &protocol, &contexts);
	if (error == ERROR_OK && protocol != PROTOCOL_CONTEXT) error = ERROR_CAPABILITY;
	if (error == ERROR_OK) error = demo_run(contexts);
	if (error != ERROR_OK) return tool_fail(argv, "%s: %s", "contexts", error_text(error));
	return 0;
}
