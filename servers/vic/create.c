/* SPDX-License-Identifier: MIT */
/*
 * The table of contexts: making them, and finding them again.
 *
 * Read life.h first.
 */
#include <stdlib.h>
#include <string.h>

#include "allowance.h"
#include "factory.h"
#include "life.h"

#define SWEEP_FIRST 16

_Static_assert(offsetof(struct context, entry) == 0, "found by its entry");

static void context_initialise(struct context *context) {
	TAILQ_INIT(&context->children);
	TAILQ_INIT(&context->waiters);
	LIST_INIT(&context->grants);
	context->sweep_at = SWEEP_FIRST;
}

void vic_create(struct vic *vic, const struct vic_world *world, void *world_context) {
	memset(vic, 0, sizeof(*vic));
	vic->world = world;
	vic->world_context = world_context;
	TAILQ_INIT(&vic->contexts_in_order);
	TAILQ_INIT(&vic->factories_in_order);
	windows_create(&vic->windows);
	context_initialise(&vic->top);
	vic->top.rights = VIC_RIGHTS_ALL;
	vic->top.limit = UINT64_MAX;
	vic->top.state = CONTEXT_STATE_RUNNING;
	vic->top.build = BUILD_DONE;
}

static error_t request_check(const struct context *parent, const struct context_request *request) {
	if (parent->state != CONTEXT_STATE_RUNNING && parent->state != CONTEXT_STATE_PAUSED) return ERROR_STATE;
	if (request->program[0] == '\0') return ERROR_ARGUMENT;
	return request->rights & ~parent->rights ? ERROR_RIGHT : ERROR_OK;
}

/* Memory and names of its own, and a place in the table. */
static error_t context_equip(struct vic *vic, struct context *context) {
	error_t error = window_take(&vic->windows, &context->window);

	if (error != ERROR_OK) return error;
	error = vic->world->resources_create(vic->world_context, context);
	if (error == ERROR_OK) {
		error = number_table_add(&vic->contexts, &context->entry);
		if (error != ERROR_OK) vic->world->resources_destroy(vic->world_context, context);
	}
	if (error != ERROR_OK) window_give_back(&vic->windows, &context->window);
	return error;
}

static const char *last_component(const char *path) {
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static struct context *context_fill(struct context *parent, const struct context_request *request,
                                    struct factory *factory) {
	struct context *context = calloc(1, sizeof(*context));

	if (!context) return NULL;
	context_initialise(context);
	context->program = strdup(request->program);
	if (!context->program) {
		free(context);
		return NULL;
	}
	context->parent = parent;
	context->factory = factory;
	context->rights = request->rights;
	context->limit = request->limit;
	context->state = CONTEXT_STATE_CREATING;
	memcpy(context->factory_name, factory->name, sizeof(context->factory_name));
	strncpy(context->name, last_component(request->program), VIC_NAME_MAX);
	return context;
}

error_t vic_context_create(struct vic *vic, struct context *parent, const struct context_request *request,
                           struct context **made) {
	struct factory *factory = vic_factory_named(vic, request->factory);
	struct context *context;
	error_t error = request_check(parent, request);

	if (error == ERROR_OK && !factory) error = ERROR_NOT_FOUND;
	if (error != ERROR_OK) return error;
	context = context_fill(parent, request, factory);
	if (!context) return ERROR_NO_MEMORY;
	error = allowance_set(context, 1);
	if (error == ERROR_OK) {
		error = context_equip(vic, context);
		if (error != ERROR_OK) allowance_give_back(context);
	}
	if (error != ERROR_OK) {
		free(context->program);
		free(context);
		return error;
	}
	TAILQ_INSERT_TAIL(&parent->children, context, sibling);
	TAILQ_INSERT_TAIL(&vic->contexts_in_order, context, in_order);
	*made = context;
	return ERROR_OK;
}

struct context *vic_context_find(struct vic *vic, uint64_t number) {
	if (number == 0) return &vic->top;
	return (struct context *)number_table_find(&vic->contexts, number);
}

_Bool vic_context_is_below(const struct context *context, const struct context *above) {
	do context = context->parent;
	while (context && context != above);
	return context != NULL;
}

/* The first of all contexts with a number above @after. */
static struct context *context_after(struct vic *vic, uint64_t after) {
	struct context *context = after ? vic_context_find(vic, after) : NULL;

	if (context) return TAILQ_NEXT(context, in_order);
	/* It was deleted between two steps of a listing. */
	TAILQ_FOREACH(context, &vic->contexts_in_order, in_order)
		if (context->entry.number > after) return context;
	return NULL;
}

struct context *vic_context_next(struct vic *vic, const struct context *above, uint64_t after) {
	struct context *context = context_after(vic, after);

	while (context && !vic_context_is_below(context, above)) context = TAILQ_NEXT(context, in_order);
	return context;
}

static struct context *find_named(struct vic *vic, const struct context *above, const char *name) {
	struct context *context;

	TAILQ_FOREACH(context, &vic->contexts_in_order, in_order)
		if (strcmp(context->name, name) == 0 && vic_context_is_below(context, above)) return context;
	return NULL;
}

struct context *vic_context_find_below(struct vic *vic, const struct context *above, uint64_t number,
                                       const char *name) {
	struct context *context;

	if (number == 0) return find_named(vic, above, name);
	context = vic_context_find(vic, number);
	return context && vic_context_is_below(context, above) ? context : NULL;
}

error_t vic_context_name(struct context *context, const char *name) {
	const struct context *other;

	if (!context->parent) return ERROR_STATE;
	if (name[0] == '\0' || strlen(name) > VIC_NAME_MAX) return ERROR_ARGUMENT;
	TAILQ_FOREACH(other, &context->parent->children, sibling)
		if (other != context && strcmp(other->name, name) == 0) return ERROR_EXISTS;
	memcpy(context->name, name, strlen(name) + 1);
	return ERROR_OK;
}
