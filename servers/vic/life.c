/* SPDX-License-Identifier: MIT */
/*
 * The states of a context and what leads from one to the next. Read life.h first.
 */
#include <assert.h>

#include "allowance.h"
#include "event.h"
#include "factory.h"
#include "life.h"
#include "waiter.h"

static void state_change(struct vic *vic, struct context *context, uint32_t state) {
	context->state = state;
	event_emit(vic, context, CONTEXT_EVENT_STATE);
}

error_t vic_context_can_be_set(const struct context *context) {
	_Bool open = context->state == CONTEXT_STATE_CREATING || context->state == CONTEXT_STATE_CREATED;

	return open ? ERROR_OK : ERROR_STATE;
}

/* Has it built unless that is under way. The waiter is in place: the answer may come at once. */
static void build_ask(struct vic *vic, struct context *context) {
	if (context->build == BUILD_NOT_ASKED) vic_factory_enqueue(vic, context);
}

error_t vic_context_build(struct vic *vic, struct context *context, uint32_t reply_slot) {
	error_t error;

	if (context->state != CONTEXT_STATE_CREATING) return ERROR_STATE;
	if (!context->factory) return ERROR_NOT_FOUND;
	error = waiter_add(vic, context, WAITING_FOR_BUILD, reply_slot);
	if (error == ERROR_OK) build_ask(vic, context);
	return error;
}

static void context_run(struct vic *vic, struct context *context) {
	error_t error = vic->world->thread_start(vic->world_context, context);

	if (error != ERROR_OK) {
		vic_context_build_failed(vic, context, error, "its first thread could not be started");
		return;
	}
	state_change(vic, context, CONTEXT_STATE_RUNNING);
	waiters_answer(vic, context, WAITING_FOR_START, ERROR_OK);
}

error_t vic_context_start(struct vic *vic, struct context *context, uint32_t reply_slot) {
	error_t error = vic_context_can_be_set(context);

	if (error != ERROR_OK) return error;
	if (context->state == CONTEXT_STATE_CREATING && !context->factory) return ERROR_NOT_FOUND;
	error = waiter_add(vic, context, WAITING_FOR_START, reply_slot);
	if (error != ERROR_OK) return error;
	context->start_wanted = 1;
	if (context->state == CONTEXT_STATE_CREATED)
		context_run(vic, context);
	else
		build_ask(vic, context);
	return ERROR_OK;
}

void vic_context_built(struct vic *vic, struct context *context) {
	context->build = BUILD_DONE;
	context->factory->contexts++;
	allowance_give_back(context);
	state_change(vic, context, CONTEXT_STATE_CREATED);
	waiters_answer(vic, context, WAITING_FOR_BUILD, ERROR_OK);
	if (context->start_wanted) context_run(vic, context);
}

error_t vic_context_pause(struct vic *vic, struct context *context) {
	error_t error;

	if (context->state != CONTEXT_STATE_RUNNING || !context->parent) return ERROR_STATE;
	error = vic->world->threads_stop(vic->world_context, context);
	if (error == ERROR_OK) state_change(vic, context, CONTEXT_STATE_PAUSED);
	return error;
}

error_t vic_context_resume(struct vic *vic, struct context *context) {
	error_t error;

	if (context->state != CONTEXT_STATE_PAUSED) return ERROR_STATE;
	error = vic->world->threads_resume(vic->world_context, context);
	if (error == ERROR_OK) state_change(vic, context, CONTEXT_STATE_RUNNING);
	return error;
}

error_t vic_context_wait(struct vic *vic, struct context *context, uint32_t reply_slot) {
	error_t error;

	if (vic_context_can_be_set(context) == ERROR_OK && !context->start_wanted) return ERROR_STATE;
	error = waiter_add(vic, context, WAITING_FOR_END, reply_slot);
	if (error == ERROR_OK && context->state == CONTEXT_STATE_STOPPED)
		waiters_answer(vic, context, WAITING_FOR_END, ERROR_OK);
	return error;
}
