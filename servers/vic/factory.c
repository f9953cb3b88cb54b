/* SPDX-License-Identifier: MIT */
/*
 * The registry of factories and their queues. Read factory.h first.
 */
#include <stdlib.h>
#include <string.h>

#include "factory.h"
#include "life.h"

_Static_assert(offsetof(struct factory, entry) == 0, "found by its entry");

struct factory *vic_factory_find(const struct vic *vic, uint64_t number) {
	return (struct factory *)number_table_find(&vic->factories, number);
}

struct factory *vic_factory_named(const struct vic *vic, const char *name) {
	struct factory *factory;

	TAILQ_FOREACH(factory, &vic->factories_in_order, in_order)
		if (strcmp(factory->name, name) == 0) return factory;
	return NULL;
}

struct factory *vic_factory_next(const struct vic *vic, uint64_t after) {
	struct factory *factory;

	TAILQ_FOREACH(factory, &vic->factories_in_order, in_order)
		if (factory->entry.number > after) return factory;
	return NULL;
}

error_t vic_factory_describe(struct factory *factory, const char *description) {
	char *copy = strdup(description);

	if (!copy) return ERROR_NO_MEMORY;
	free(factory->description);
	factory->description = copy;
	return ERROR_OK;
}

static error_t factory_make(struct vic *vic, struct context *owner, const char *name, const char *description,
                            struct factory **made) {
	struct factory *factory = calloc(1, sizeof(*factory));
	error_t error;

	if (!factory) return ERROR_NO_MEMORY;
	error = vic_factory_describe(factory, description);
	if (error == ERROR_OK) error = number_table_add(&vic->factories, &factory->entry);
	if (error != ERROR_OK) {
		free(factory->description);
		free(factory);
		return error;
	}
	factory->owner = owner;
	memcpy(factory->name, name, strlen(name) + 1);
	TAILQ_INIT(&factory->queue);
	TAILQ_INSERT_TAIL(&vic->factories_in_order, factory, in_order);
	*made = factory;
	return ERROR_OK;
}

error_t vic_factory_register(struct vic *vic, struct context *owner, const char *name, const char *description,
                             struct factory **made) {
	struct factory *before;

	if (!(owner->rights & CONTEXT_RIGHT_FACTORIES)) return ERROR_RIGHT;
	if (name[0] == '\0' || strlen(name) > VIC_NAME_MAX || strchr(name, '/')) return ERROR_ARGUMENT;
	before = vic_factory_named(vic, name);
	if (before && before->owner != owner) return ERROR_EXISTS;
	if (before) vic_factory_remove(vic, before);
	return factory_make(vic, owner, name, description, made);
}

void vic_factory_remove(struct vic *vic, struct factory *factory) {
	struct context *context;

	/* First, so that nothing that follows from the failures below finds it. */
	TAILQ_REMOVE(&vic->factories_in_order, factory, in_order);
	number_table_remove(&vic->factories, &factory->entry);
	if (factory->reply_slot) vic->world->slot_release(vic->world_context, factory->reply_slot);
	if (factory->job) vic_context_build_failed(vic, factory->job, ERROR_PEER_LOST, "its factory went away");
	while ((context = TAILQ_FIRST(&factory->queue)))
		vic_context_build_failed(vic, context, ERROR_PEER_LOST, "its factory went away");
	TAILQ_FOREACH(context, &vic->contexts_in_order, in_order)
		if (context->factory == factory) context->factory = NULL;
	free(factory->description);
	free(factory);
}

/* Gives the waiting factory its next job. False if it turned out to be dead. */
static _Bool factory_feed(struct vic *vic, struct factory *factory) {
	struct context *context = TAILQ_FIRST(&factory->queue);
	error_t error;

	if (!factory->reply_slot || !context) return 1;
	error = vic->world->job_send(vic->world_context, factory, context);
	factory->reply_slot = 0;
	if (error == ERROR_GONE) return 0;
	if (error != ERROR_OK) {
		/* Its right to be answered is used up: it will ask again. */
		vic_context_build_failed(vic, context, error, "its factory could not be given the job");
		return 1;
	}
	TAILQ_REMOVE(&factory->queue, context, in_queue);
	context->build = BUILD_AT_FACTORY;
	factory->job = context;
	factory->job_number = context->entry.number;
	factory->turn = context->turn;
	return 1;
}

/*
 * Creators take turns, or one that asks for many contexts that take long would keep all others waiting: a creator's
 * jobs follow each other by at least one turn, and in each turn those who asked first come first.
 */
static uint64_t turn_find(const struct factory *factory, const struct context *context) {
	uint64_t turn = factory->turn;
	const struct context *other;

	if (factory->job && factory->job->parent == context->parent) turn++;
	TAILQ_FOREACH(other, &factory->queue, in_queue)
		if (other->parent == context->parent) turn = other->turn + 1;
	return turn;
}

static void queue_insert(struct factory *factory, struct context *context) {
	struct context *before = NULL, *other;

	context->turn = turn_find(factory, context);
	TAILQ_FOREACH(other, &factory->queue, in_queue) {
		if (other->turn > context->turn) break;
		before = other;
	}
	if (before)
		TAILQ_INSERT_AFTER(&factory->queue, before, context, in_queue);
	else
		TAILQ_INSERT_HEAD(&factory->queue, context, in_queue);
}

void vic_factory_enqueue(struct vic *vic, struct context *context) {
	struct factory *factory = context->factory;

	context->build = BUILD_QUEUED;
	queue_insert(factory, context);
	if (!factory_feed(vic, factory)) vic_factory_remove(vic, factory);
}

void vic_factory_forget(struct context *context) {
	struct factory *factory = context->factory;

	if (context->build == BUILD_QUEUED) TAILQ_REMOVE(&factory->queue, context, in_queue);
	if (context->build == BUILD_AT_FACTORY) factory->job = NULL;
	context->build = BUILD_DONE;
}

error_t vic_factory_finish(struct factory *factory, uint64_t job_number, struct context **context) {
	if (job_number != factory->job_number) return ERROR_ARGUMENT;
	*context = factory->job;
	factory->job = NULL;
	factory->job_number = 0;
	return ERROR_OK;
}

void vic_factory_wait(struct vic *vic, struct factory *factory, uint32_t reply_slot) {
	if (factory->reply_slot) vic->world->slot_release(vic->world_context, factory->reply_slot);
	factory->reply_slot = reply_slot;
	if (!factory_feed(vic, factory)) vic_factory_remove(vic, factory);
}
