/* SPDX-License-Identifier: MIT */
/*
 * What can be learnt of contexts and factories: state, lists, events.
 *
 * Read life.h, event.h and factory.h first.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/protocol/thread.h>

#include "event.h"
#include "factory.h"
#include "life.h"
#include "serve.h"

static uint64_t parent_number(const struct context *context) {
	return context->parent ? context->parent->entry.number : 0;
}

error_t serve_context_state(struct request *request, struct context_state_reply *reply) {
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	reply->number = context->entry.number;
	reply->parent = parent_number(context);
	reply->state = context->state;
	reply->exit = context->ending.exit;
	reply->value = context->ending.value;
	reply->address = context->ending.address;
	memcpy(reply->detail, context->ending.detail, sizeof(reply->detail));
	return ERROR_OK;
}

/* CPU time of the first thread, in ns; 0 if it has none (any more). */
static uint64_t consumed(const struct context *context) {
	struct thread_state_answer state;

	if (!context->resources.thread || thread_state(context->resources.thread, &state) != ERROR_OK) return 0;
	return state.consumed;
}

static void list_fill(struct vic_server *server, const struct context *context, struct context_list_reply *reply) {
	reply->number = context->entry.number;
	reply->parent = parent_number(context);
	reply->state = context->state;
	reply->exit = context->ending.exit;
	reply->value = context->ending.value;
	reply->memory = world_memory_used(server, context);
	reply->limit = context->limit;
	reply->consumed = consumed(context);
	memcpy(reply->name, context->name, sizeof(reply->name));
	memcpy(reply->factory, context->factory_name, sizeof(reply->factory));
	snprintf(reply->program, sizeof(reply->program), "%s", context->program);
}

error_t serve_context_list(struct request *request, uint64_t cursor, struct context_list_reply *reply) {
	struct vic_server *server;
	struct context *above;
	const struct context *context;
	error_t error = asked_context(request, &server, &above);

	if (error != ERROR_OK) return error;
	context = vic_context_next(&server->vic, above, cursor);
	if (!context) return ERROR_NOT_FOUND;
	list_fill(server, context, reply);
	if (vic_context_next(&server->vic, above, context->entry.number)) reply->cursor = context->entry.number;
	return ERROR_OK;
}

error_t serve_context_lookup(struct request *request, uint64_t number, const char *name, uint64_t *number_out,
                             struct ipc_item *context_out) {
	struct vic_server *server;
	struct context *above;
	const struct context *context;
	error_t error = asked_context(request, &server, &above);

	if (error != ERROR_OK) return error;
	context = vic_context_find_below(&server->vic, above, number, name);
	if (!context) return ERROR_NOT_FOUND;
	*number_out = context->entry.number;
	*context_out = own_capability(server, PROTOCOL_CONTEXT, context->entry.number);
	return ERROR_OK;
}

error_t serve_context_watch(struct request *request, const struct received_capability *signal) {
	struct vic_server *server;
	struct context *above;
	error_t error = asked_context(request, &server, &above);

	if (error != ERROR_OK) return error;
	if (signal->kind == RECEIVED_OWN) return ERROR_CAPABILITY;
	if (signal->kind == RECEIVED_NONE) {
		event_watch_end(&server->vic, above);
		return ERROR_OK;
	}
	error = event_watch_set(&server->vic, above, signal->slot);
	if (error == ERROR_OK) request_keep(request, signal);
	return error;
}

error_t serve_context_next_event(struct request *request, struct context_next_event_reply *reply) {
	struct vic_server *server;
	struct context *above;
	struct event event;
	error_t error = asked_context(request, &server, &above);

	if (error == ERROR_OK) error = event_take(above, &event, &reply->lost);
	if (error != ERROR_OK) return error;
	reply->event = event.event;
	reply->number = event.number;
	reply->state = event.state;
	reply->exit = event.exit;
	reply->value = event.value;
	return ERROR_OK;
}

error_t serve_context_factories(struct request *request, uint64_t cursor, struct context_factories_reply *reply) {
	struct vic_server *server = request->context;
	const struct factory *factory = vic_factory_next(&server->vic, cursor);

	if (!factory) return ERROR_NOT_FOUND;
	if (vic_factory_next(&server->vic, factory->entry.number)) reply->cursor = factory->entry.number;
	reply->contexts = factory->contexts;
	memcpy(reply->name, factory->name, sizeof(reply->name));
	snprintf(reply->description, sizeof(reply->description), "%s", factory->description);
	return ERROR_OK;
}
