/* SPDX-License-Identifier: MIT */
/*
 * The end of contexts: everything goes back, and then all who waited are told.
 *
 * Owns the order in which a subtree ends. Read life.h first.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "allowance.h"
#include "event.h"
#include "factory.h"
#include "grant.h"
#include "life.h"
#include "waiter.h"

static void factories_remove(struct vic *vic, const struct context *owner) {
	struct factory *factory, *next;

	/*
	 * Removing one may end contexts that it was to build. Those own no factories themselves, as
	 * they have never run: the next in the list stays.
	 */
	for (factory = TAILQ_FIRST(&vic->factories_in_order); factory; factory = next) {
		next = TAILQ_NEXT(factory, in_order);
		if (factory->owner == owner) vic_factory_remove(vic, factory);
	}
}

/* Ends a context that has none below it. */
static void leaf_end(struct vic *vic, struct context *context, const struct ending *ending) {
	error_t error = ending->exit == CONTEXT_EXIT_FAILED ? (error_t)ending->value : ERROR_CANCELLED;
	_Bool was_built = context->build == BUILD_DONE;

	assert(TAILQ_EMPTY(&context->children));
	context->ending = *ending;
	vic_factory_forget(context);
	if (was_built && context->factory) context->factory->contexts--;
	factories_remove(vic, context);
	vic->world->resources_destroy(vic->world_context, context);
	window_give_back(&vic->windows, &context->window);
	grants_release(vic, context);
	text_free(&context->arguments);
	text_free(&context->environment);
	allowance_ended(context);
	context->state = CONTEXT_STATE_STOPPED;
	event_emit(vic, context, CONTEXT_EVENT_STATE);
	waiters_answer(vic, context, WAITING_FOR_BUILD, error);
	waiters_answer(vic, context, WAITING_FOR_START, error);
	waiters_answer(vic, context, WAITING_FOR_END, ERROR_OK);
}

static void context_free(struct vic *vic, struct context *context) {
	event_emit(vic, context, CONTEXT_EVENT_DELETED);
	event_watch_end(vic, context);
	allowance_give_back(context);
	TAILQ_REMOVE(&context->parent->children, context, sibling);
	TAILQ_REMOVE(&vic->contexts_in_order, context, in_order);
	number_table_remove(&vic->contexts, &context->entry);
	free(context->program);
	free(context);
}

static void children_end(struct vic *vic, struct context *context) {
	static const struct ending with_creator = {
		.exit = CONTEXT_EXIT_KILLED,
		.detail = "its creator ended",
	};
	struct context *leaf = context;

	while (!TAILQ_EMPTY(&context->children)) {
		struct context *parent;

		while (!TAILQ_EMPTY(&leaf->children)) leaf = TAILQ_FIRST(&leaf->children);
		parent = leaf->parent;
		if (leaf->state != CONTEXT_STATE_STOPPED) leaf_end(vic, leaf, &with_creator);
		context_free(vic, leaf);
		leaf = parent;
	}
}

void vic_context_end(struct vic *vic, struct context *context, const struct ending *ending) {
	assert(context->parent);
	if (context->state == CONTEXT_STATE_STOPPED) return;
	children_end(vic, context);
	leaf_end(vic, context, ending);
}

void vic_context_build_failed(struct vic *vic, struct context *context, error_t error, const char *detail) {
	struct ending ending = {.exit = CONTEXT_EXIT_FAILED, .value = error};

	strncpy(ending.detail, detail, VIC_DETAIL_MAX);
	vic_context_end(vic, context, &ending);
}

error_t vic_context_delete(struct vic *vic, struct context *context) {
	static const struct ending unused = {
		.exit = CONTEXT_EXIT_KILLED,
		.detail = "deleted before it was started",
	};

	if (!context->parent) return ERROR_STATE;
	if (vic_context_can_be_set(context) == ERROR_OK) vic_context_end(vic, context, &unused);
	if (context->state != CONTEXT_STATE_STOPPED) return ERROR_STATE;
	context_free(vic, context);
	return ERROR_OK;
}

void vic_destroy(struct vic *vic) {
	children_end(vic, &vic->top);
	factories_remove(vic, &vic->top);
	event_watch_end(vic, &vic->top);
	grants_release(vic, &vic->top);
	number_table_clear(&vic->contexts);
	number_table_clear(&vic->factories);
}
