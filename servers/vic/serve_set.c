/* SPDX-License-Identifier: MIT */
/*
 * What a creator says about a context before it is built. Read grant.h first.
 */
#include <string.h>

#include "grant.h"
#include "life.h"
#include "serve.h"

/* The context that a setting is for. state: it is too late. */
static error_t settable_context(struct request *request, struct vic_server **server, struct context **context) {
	error_t error = asked_context(request, server, context);

	return error == ERROR_OK ? vic_context_can_be_set(*context) : error;
}

error_t serve_context_set_arguments(struct request *request, uint32_t mode, const void *data, size_t data_size) {
	struct vic_server *server;
	struct context *context;
	error_t error = settable_context(request, &server, &context);

	return error == ERROR_OK ? text_set(context, &context->arguments, mode, data, data_size) : error;
}

error_t serve_context_set_environment(struct request *request, uint32_t mode, const void *data, size_t data_size) {
	struct vic_server *server;
	struct context *context;
	error_t error = settable_context(request, &server, &context);

	return error == ERROR_OK ? text_set(context, &context->environment, mode, data, data_size) : error;
}

/* The factory is handed the namespace with the job: afterwards is too late. */
static error_t namespace_set(struct request *request, struct vic_server *server, struct context *context,
                             const struct received_capability *capability) {
	error_t error;

	if (capability->kind != RECEIVED_CAPABILITY) return ERROR_CAPABILITY;
	if (context->build != BUILD_NOT_ASKED) return ERROR_STATE;
	error = server->vic.world->names_replace(server, context, capability->slot);
	if (error == ERROR_OK) request_keep(request, capability);
	return error;
}

error_t serve_context_set_capability(struct request *request, uint32_t protocol, const char *name,
                                     const struct received_capability *capability) {
	struct reference reference = {.slot = capability->slot, .badge = capability->badge};
	struct vic_server *server;
	struct context *context;
	error_t error = settable_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	/* Its memory is the account it lives from, made with it. */
	if (strcmp(name, "memory") == 0) return ERROR_RIGHT;
	if (strcmp(name, "namespace") == 0) return namespace_set(request, server, context, capability);
	error = grant_set(&server->vic, context, name, protocol, &reference);
	if (error == ERROR_OK && capability->kind == RECEIVED_CAPABILITY) request_keep(request, capability);
	return error;
}

error_t serve_context_set_name(struct request *request, const char *name) {
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	return error == ERROR_OK ? vic_context_name(context, name) : error;
}
