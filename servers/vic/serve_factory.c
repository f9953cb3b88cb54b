/* SPDX-License-Identifier: MIT */
/*
 * Requests of factories: registering, handing in a job and asking for the next.
 *
 * A badge's object is the number of the context that may register factories or, with
 * FACTORY_OBJECT, the number of a factory. Read factory.h first.
 */
#include "factory.h"
#include "life.h"
#include "serve.h"

#define FACTORY_OBJECT (UINT64_C(1) << 47)

static error_t asked_factory(struct request *request, struct vic_server **server, struct factory **factory) {
	uint64_t object = BADGE_OBJECT(request->badge);

	*server = request->context;
	if (!(object & FACTORY_OBJECT)) return ERROR_CAPABILITY;
	*factory = vic_factory_find(&(*server)->vic, object & ~FACTORY_OBJECT);
	return *factory ? ERROR_OK : ERROR_GONE;
}

static error_t serve_register(struct request *request, const char *name, const char *description,
                              struct ipc_item *factory_out) {
	struct vic_server *server = request->context;
	uint64_t object = BADGE_OBJECT(request->badge);
	struct context *owner;
	struct factory *factory;
	error_t error;

	if (object & FACTORY_OBJECT) return ERROR_CAPABILITY;
	owner = vic_context_find(&server->vic, object);
	if (!owner || owner->state == CONTEXT_STATE_STOPPED) return ERROR_GONE;
	error = vic_factory_register(&server->vic, owner, name, description, &factory);
	if (error != ERROR_OK) return error;
	*factory_out = own_capability(server, PROTOCOL_FACTORY, FACTORY_OBJECT | factory->entry.number);
	return ERROR_OK;
}

/* Anything else than control might be a queue where nobody answers, and a factory is not below. */
static _Bool is_control(const struct received_capability *capability, uint64_t kind) {
	return capability->kind == RECEIVED_CAPABILITY && world_slot_holds(capability->slot, kind);
}

/*
 * The factory has done its job, well or badly. Capabilities of a context that has ended are not
 * kept.
 */
static void job_take(struct request *request, struct vic_server *server, struct context *context, error_t result,
                     const char *detail, const struct received_capability *space,
                     const struct received_capability *thread) {
	if (result == ERROR_OK && !(is_control(space, KIND_SPACE_CONTROL) && is_control(thread, KIND_THREAD_CONTROL))) {
		result = ERROR_CAPABILITY;
		detail = "its factory handed in no space or no thread";
	}
	if (result != ERROR_OK) {
		vic_context_build_failed(&server->vic, context, result, detail);
		return;
	}
	context->resources.space = request_keep(request, space);
	context->resources.thread = request_keep(request, thread);
	vic_context_built(&server->vic, context);
}

/* A result that is no error_t counts as one that went wrong. */
static error_t result_check(uint32_t result) { return result < ERROR_COUNT ? (error_t)result : ERROR_ARGUMENT; }

static error_t serve_supply(struct request *request, uint64_t job, uint32_t result, const char *detail,
                            const struct received_capability *space, const struct received_capability *thread,
                            struct factory_supply_reply *reply) {
	struct context *context = NULL;
	struct delayed_reply later;
	struct vic_server *server;
	struct factory *factory;
	error_t error = asked_factory(request, &server, &factory);

	(void)reply;
	if (error == ERROR_OK && job != 0) error = vic_factory_finish(factory, job, &context);
	if (error != ERROR_OK) return error;
	if (context)
		job_take(request, server, context, result_check(result), detail, space, thread);
	else if (factory->job)
		/*
		 * It asks again without a word about the job it had: the answer did not reach it
		 * whole.
		 */
		vic_context_build_failed(&server->vic, factory->job, ERROR_PEER_LOST,
		                         "its factory did not get the job");
	error = request_defer(request, &later);
	if (error != ERROR_OK) return error;
	vic_factory_wait(&server->vic, factory, later.slot);
	return ERROR_OK;
}

static error_t serve_set_description(struct request *request, const char *description) {
	struct vic_server *server;
	struct factory *factory;
	error_t error = asked_factory(request, &server, &factory);

	return error == ERROR_OK ? vic_factory_describe(factory, description) : error;
}

const struct factory_handlers factory_handlers = {
	.register_ = serve_register,
	.supply = serve_supply,
	.set_description = serve_set_description,
};
