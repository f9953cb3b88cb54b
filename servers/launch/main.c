/* SPDX-License-Identifier: MIT */
/*
 * /sbin/launch: starts a first context, such as a shell, and starts it again when it has ended.
 *
 * Root starts servers, never contexts: this is how the boot script comes to one. It needs
 * `contexts` (the top of all contexts) and `namespace` from its parent. Usage is in README.md.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/log.h>
#include <nacre/path.h>
#include <nacre/pin.h>
#include <nacre/protocol/clock.h>
#include <nacre/protocol/context.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/stream.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "options.h"

/* Between two starts of what ends at once. */
#define PAUSE_NS NANOSECONDS_PER_SECOND

struct launch {
	struct launch_options options;
	capability_t contexts; /* the top */
};

static error_t capability_give(capability_t context, const char *name, uint32_t protocol, capability_t capability) {
	return context_set_capability(context, protocol, name, item_share(capability));
}

/* One session for all three, as a terminal is. That of the last start has nobody left. */
static error_t streams_give(const struct launch *launch, capability_t context) {
	static const char *const names[] = {"stdin", "stdout", "stderr"};
	static capability_t session, self;
	capability_t server;
	error_t error;

	if (!launch->options.stream) return ERROR_OK;
	error = path_open_service(launch->options.stream, PROTOCOL_STREAM, &server);
	if (error != ERROR_OK) return error;
	if (session != CAPABILITY_NONE) {
		error_ignore(stream_close(session)); /* the server may have been started anew */
		capability_delete(session);
		session = CAPABILITY_NONE;
	}
	if (self == CAPABILITY_NONE) error = server_self(&self);
	if (error == ERROR_OK) error = stream_open(server, item_badge(self, RIGHT_SIGNAL, 0), &session);
	capability_delete(server);
	for (size_t index = 0; error == ERROR_OK && index < sizeof(names) / sizeof(names[0]); index++)
		error = capability_give(context, names[index], PROTOCOL_STREAM, session);
	return error;
}

/* What every program may use, if it is there: contexts pass it on to those below them. */
static error_t service_give(capability_t context, const char *name, const char *path, uint32_t protocol) {
	struct path_node node;
	error_t error = path_open(path, PATH_NOW, &node);

	if (error != ERROR_OK) return ERROR_OK;
	if (node.protocol == protocol) error = capability_give(context, name, protocol, node.capability);
	capability_delete(node.capability);
	return error;
}

static error_t gives_give(const struct launch *launch, capability_t context) {
	for (int index = 0; index < launch->options.give_count; index++) {
		const char *name = launch->options.gives[index];
		capability_t capability;
		uint32_t protocol;
		error_t error = parent_get(start_parent(), name, &protocol, &capability);

		if (error != ERROR_OK) return error;
		error = capability_give(context, name, protocol, capability);
		capability_delete(capability);
		if (error != ERROR_OK) return error;
	}
	return ERROR_OK;
}

/* Each string with its NUL. */
static error_t arguments_give(const struct launch *launch, capability_t context) {
	for (int index = 0; index < launch->options.program_count; index++) {
		const char *next = launch->options.program[index];
		size_t left = strlen(next) + 1;

		while (left > 0) {
			size_t count = left < CONTEXT_SET_ARGUMENTS_DATA_MAX ? left : CONTEXT_SET_ARGUMENTS_DATA_MAX;
			error_t error = context_set_arguments(context, CONTEXT_SET_APPEND, next, count);

			if (error != ERROR_OK) return error;
			next += count;
			left -= count;
		}
	}
	return ERROR_OK;
}

static error_t context_describe(const struct launch *launch, capability_t context) {
	error_t error = arguments_give(launch, context);

	if (error == ERROR_OK && launch->options.name) error = context_set_name(context, launch->options.name);
	if (error == ERROR_OK) error = streams_give(launch, context);
	if (error == ERROR_OK) error = service_give(context, "clock", "/svc/clock", PROTOCOL_CLOCK);
	if (error == ERROR_OK) error = service_give(context, "log", "/svc/log", PROTOCOL_LOG);
	if (error == ERROR_OK) error = gives_give(launch, context);
	return error;
}

/* Says why it could not be started, in the factory's words if it has some. */
static void failure_tell(const struct launch *launch, capability_t context, error_t error) {
	struct context_state_answer state = {0};

	if (context == CAPABILITY_NONE || context_state(context, &state) != ERROR_OK || state.detail[0] == '\0')
		snprintf(state.detail, sizeof(state.detail), "%s: %s", launch->options.program[0], error_text(error));
	log_print(LOG_LEVEL_ERROR, "%s", state.detail);
}

static error_t context_launch(const struct launch *launch, capability_t *context_out) {
	capability_t context = CAPABILITY_NONE;
	uint64_t number;
	error_t error = context_create(launch->contexts, UINT64_MAX, CONTEXT_RIGHT_FACTORIES | CONTEXT_RIGHT_BIND,
	                               launch->options.factory, launch->options.program[0], &number, &context);

	if (error == ERROR_OK) error = context_describe(launch, context);
	if (error == ERROR_OK) error = context_start(context);
	if (error == ERROR_OK) {
		*context_out = context;
		return ERROR_OK;
	}
	failure_tell(launch, context, error);
	if (context != CAPABILITY_NONE) error_ignore(context_delete(context));
	capability_delete(context);
	return error;
}

static error_t context_follow(const struct launch *launch, capability_t context) {
	struct context_wait_answer ending;
	error_t error = context_wait(context, &ending);

	if (error != ERROR_OK) return error;
	log_print(ending.exit == CONTEXT_EXIT_CODE ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "%s: %s",
	          launch->options.program[0], ending.detail);
	error = context_delete(context);
	capability_delete(context);
	return error;
}

/* Returns when there is nothing more to do. The first start must succeed. */
static error_t launch_run(const struct launch *launch) {
	capability_t context;
	error_t error = context_launch(launch, &context);

	if (error == ERROR_OK) error = parent_ready(start_parent());
	while (error == ERROR_OK) {
		uint64_t started = time_now();

		error = context_follow(launch, context);
		if (error != ERROR_OK || launch->options.again == LAUNCH_ONCE) break;
		if (time_now() - started < PAUSE_NS) error = nacre_sleep(PAUSE_NS);
		while (error == ERROR_OK && context_launch(launch, &context) != ERROR_OK) error = nacre_sleep(PAUSE_NS);
	}
	return error;
}

int main(int argc, char **argv) {
	struct launch launch;
	const char *problem = launch_options_read(&launch.options, argv + 1, argc - 1);
	uint32_t protocol;
	error_t error;

	memory_pin();
	if (problem) {
		log_print(LOG_LEVEL_ERROR, "%s", problem);
		return ERROR_ARGUMENT;
	}
	error = parent_get(start_parent(), "contexts", &protocol, &launch.contexts);
	if (error == ERROR_OK) error = launch_run(&launch);
	return (int)error;
}
