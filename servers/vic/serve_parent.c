/* SPDX-License-Identifier: MIT */
/*
 * The parent of every context, and the handler of its exceptions.
 *
 * Owns what a context's program learns by name, and that it ends. Never calls a context and never
 * waits for one. Read grant.h and ending.h first.
 */
#include <string.h>

#include <nacre/abi/fault.h>

#include "ending.h"
#include "grant.h"
#include "life.h"
#include "serve.h"

/*
 * What a context has of its own; what is set for it by name comes before. not_found: no such thing.
 */
static error_t own_get(const struct vic_server *server, const struct context *context, const char *name,
                       uint32_t *protocol, struct ipc_item *capability) {
	uint64_t number = context->entry.number;

	if (strcmp(name, "memory") == 0) {
		*protocol = PROTOCOL_MEMORY;
		*capability = item_share(context->resources.memory);
	} else if (strcmp(name, "namespace") == 0) {
		*protocol = PROTOCOL_NAME;
		*capability = item_share(context->resources.names);
	} else if (strcmp(name, "contexts") == 0) {
		*protocol = PROTOCOL_CONTEXT;
		*capability = own_capability(server, PROTOCOL_CONTEXT, number);
	} else if (strcmp(name, "exceptions") == 0) {
		*protocol = PROTOCOL_FAULT;
		*capability = own_capability(server, PROTOCOL_FAULT, number);
	} else if (strcmp(name, "factories") == 0) {
		if (!(context->rights & CONTEXT_RIGHT_FACTORIES)) return ERROR_RIGHT;
		*protocol = PROTOCOL_FACTORY;
		*capability = own_capability(server, PROTOCOL_FACTORY, number);
	} else {
		return ERROR_NOT_FOUND;
	}
	return ERROR_OK;
}

/* A context that has ended has nothing to ask for. */
static error_t living_context(struct request *request, struct vic_server **server, struct context **context) {
	error_t error = asked_context(request, server, context);

	if (error != ERROR_OK) return error;
	return (*context)->state == CONTEXT_STATE_STOPPED ? ERROR_GONE : ERROR_OK;
}

/* The right to switch the machine off is for whom it was meant, not for all that they run. */
static _Bool is_inherited(const char *name) { return strcmp(name, "power") != 0; }

static error_t serve_get(struct request *request, const char *name, uint32_t *protocol_out,
                         struct ipc_item *capability_out) {
	const struct grant *grant;
	struct vic_server *server;
	struct context *context;
	error_t error = living_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	grant = grant_own(context, name);
	if (!grant) {
		error = own_get(server, context, name, protocol_out, capability_out);
		if (error != ERROR_NOT_FOUND) return error;
		if (is_inherited(name)) grant = grant_find(context, name);
	}
	if (!grant) return ERROR_NOT_FOUND;
	*protocol_out = grant->protocol;
	*capability_out = reference_item(server, &grant->capability);
	return ERROR_OK;
}

static error_t serve_read_arguments(struct request *request, uint64_t offset, uint64_t *total_out, void *data_out,
                                    size_t *data_size_out) {
	struct vic_server *server;
	struct context *context;
	error_t error = living_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	*total_out = context->arguments.size;
	*data_size_out = text_read(&context->arguments, offset, data_out, PARENT_READ_ARGUMENTS_DATA_MAX);
	return ERROR_OK;
}

static error_t serve_read_environment(struct request *request, uint64_t offset, uint64_t *total_out, void *data_out,
                                      size_t *data_size_out) {
	const struct context *source;
	struct vic_server *server;
	struct context *context;
	error_t error = living_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	/* Like what is got by name, the environment is the creator's unless it was set. */
	for (source = context; source->parent && !source->environment.bytes;) source = source->parent;
	*total_out = source->environment.size;
	*data_size_out = text_read(&source->environment, offset, data_out, PARENT_READ_ENVIRONMENT_DATA_MAX);
	return ERROR_OK;
}

static error_t serve_exit(struct request *request, int64_t status) {
	struct ending ending = ending_from_exit(status);
	struct vic_server *server;
	struct context *context;
	error_t error = living_context(request, &server, &context);

	if (error == ERROR_OK) vic_context_end(&server->vic, context, &ending);
	return error;
}

/* Servers that are contexts are found by their names; nobody waits for them here. */
static error_t serve_ready(struct request *request) {
	struct vic_server *server;
	struct context *context;

	return living_context(request, &server, &context);
}

static error_t serve_offer(struct request *request, uint32_t protocol, const char *name,
                           const struct received_capability *capability) {
	(void)request;
	(void)protocol;
	(void)name;
	(void)capability;
	return ERROR_RIGHT;
}

const struct parent_handlers parent_handlers = {
	.get = serve_get,
	.read_arguments = serve_read_arguments,
	.read_environment = serve_read_environment,
	.exit = serve_exit,
	.ready = serve_ready,
	.offer = serve_offer,
};

/* The thread is gone when this returns, and with it whoever would read the answer. */
static error_t serve_exception(struct request *request, uint64_t vector, uint64_t code, uint64_t address,
                               const struct abi_registers *registers, struct abi_registers *registers_out,
                               unsigned int *registers_given_out) {
	struct vic_server *server;
	struct context *context;
	struct ending ending;
	error_t error = living_context(request, &server, &context);

	(void)registers_out;
	(void)registers_given_out;
	if (error == ERROR_OK) {
		/* A limit that is not its own is one above it: there is no more for it. */
		if (vector == FAULT_VECTOR_PAGE && code == ERROR_LIMIT && context->limit == UINT64_MAX)
			code = ERROR_NO_MEMORY;
		ending = ending_from_exception(vector, code, address, registers->rip);
		vic_context_end(&server->vic, context, &ending);
	}
	/*
	 * Should the message have come from another thread after all: it is not to go on as before.
	 */
	return ERROR_GONE;
}

const struct fault_handlers fault_handlers = {
	.exception = serve_exception,
};
