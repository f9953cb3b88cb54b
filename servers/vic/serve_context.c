/* SPDX-License-Identifier: MIT */
/*
 * The verbs of contexts. Answers that must wait are given by the world (world.c).
 *
 * Read life.h first; reports are in serve_report.c, settings in serve_set.c.
 */
#include <string.h>

#include "ending.h"
#include "life.h"
#include "serve.h"

error_t asked_context(struct request *request, struct vic_server **server, struct context **context) {
	*server = request->context;
	*context = vic_context_find(&(*server)->vic, BADGE_OBJECT(request->badge));
	return *context ? ERROR_OK : ERROR_GONE;
}

struct ipc_item own_capability(const struct vic_server *server, uint32_t protocol, uint64_t object) {
	return item_badge(server->self, RIGHT_SEND, BADGE(protocol, object));
}

struct ipc_item reference_item(const struct vic_server *server, const struct reference *reference) {
	if (reference->slot) return item_share(reference->slot);
	return item_badge(server->self, RIGHT_SEND, reference->badge);
}

error_t serve_context_create(struct request *request, uint64_t limit, uint32_t rights, const char *factory,
                             const char *program, uint64_t *number_out, struct ipc_item *context_out) {
	const struct context_request wanted = {
		.factory = factory,
		.program = program,
		.limit = limit,
		.rights = rights,
	};
	struct vic_server *server;
	struct context *parent, *made;
	error_t error = asked_context(request, &server, &parent);

	if (error == ERROR_OK) error = vic_context_create(&server->vic, parent, &wanted, &made);
	if (error != ERROR_OK) return error;
	*number_out = made->entry.number;
	*context_out = own_capability(server, PROTOCOL_CONTEXT, made->entry.number);
	return ERROR_OK;
}

/* Has @act keep the right to answer, or answers with the error it returns. */
static error_t answer_later(struct request *request,
                            error_t (*act)(struct vic *vic, struct context *context, uint32_t reply_slot)) {
	struct delayed_reply later;
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	if (error == ERROR_OK) error = request_defer(request, &later);
	if (error != ERROR_OK) return error;
	error = act(&server->vic, context, later.slot);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&later, error));
	return ERROR_OK;
}

static error_t serve_build(struct request *request) { return answer_later(request, vic_context_build); }

static error_t serve_start(struct request *request) { return answer_later(request, vic_context_start); }

static error_t serve_wait(struct request *request, struct context_wait_reply *reply) {
	(void)reply;
	return answer_later(request, vic_context_wait);
}

static error_t serve_pause(struct request *request) {
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	return error == ERROR_OK ? vic_context_pause(&server->vic, context) : error;
}

static error_t serve_resume(struct request *request) {
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	return error == ERROR_OK ? vic_context_resume(&server->vic, context) : error;
}

static error_t serve_kill(struct request *request, int64_t status) {
	struct ending ending = ending_from_kill(status);
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	if (error != ERROR_OK) return error;
	if (!context->parent || context->state == CONTEXT_STATE_STOPPED) return ERROR_STATE;
	vic_context_end(&server->vic, context, &ending);
	return ERROR_OK;
}

static error_t serve_delete(struct request *request) {
	struct vic_server *server;
	struct context *context;
	error_t error = asked_context(request, &server, &context);

	return error == ERROR_OK ? vic_context_delete(&server->vic, context) : error;
}

const struct context_handlers context_handlers = {
	.create = serve_context_create,
	.set_arguments = serve_context_set_arguments,
	.set_environment = serve_context_set_environment,
	.set_capability = serve_context_set_capability,
	.set_name = serve_context_set_name,
	.build = serve_build,
	.start = serve_start,
	.state = serve_context_state,
	.pause = serve_pause,
	.resume = serve_resume,
	.kill = serve_kill,
	.wait = serve_wait,
	.delete = serve_delete,
	.list = serve_context_list,
	.lookup = serve_context_lookup,
	.watch = serve_context_watch,
	.next_event = serve_context_next_event,
	.factories = serve_context_factories,
};
