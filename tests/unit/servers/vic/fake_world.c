/* SPDX-License-Identifier: MIT */
/*
 * The fake world. Read fake_world.h first.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fake_world.h"

struct fake_world fake;

static unsigned int allocation_to_fail;

/* The code under test is compiled with these in the place of malloc, calloc, realloc and strdup. */
void *failing_malloc(size_t size);
void *failing_calloc(size_t count, size_t size);
void *failing_realloc(void *memory, size_t size);
char *failing_strdup(const char *text);

void *failing_malloc(size_t size) {
	if (allocation_to_fail && --allocation_to_fail == 0) return NULL;
	return aligned_alloc(16, (size + 15) & ~(size_t)15);
}

void *failing_calloc(size_t count, size_t size) {
	void *memory = failing_malloc(count * size);

	return memory ? memset(memory, 0, count * size) : NULL;
}

char *failing_strdup(const char *text) {
	char *copy = failing_malloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

#undef realloc
void *realloc(void *memory, size_t size);
void *failing_realloc(void *memory, size_t size) {
	if (allocation_to_fail && --allocation_to_fail == 0) return NULL;
	return realloc(memory, size);
}

void fake_allocation_fail(unsigned int nth) { allocation_to_fail = nth; }

unsigned int fake_allocations_left(void) { return allocation_to_fail; }

void fake_world_reset(void) {
	memset(&fake, 0, sizeof(fake));
	allocation_to_fail = 0;
}

static error_t resources_create(void *world, struct context *context) {
	(void)world;
	if (fake.create_result != ERROR_OK) return fake.create_result;
	ck_assert_ptr_nonnull(context->parent);
	/* Parents have memory of their own for as long as children do. */
	if (context->parent->parent) ck_assert_uint_ne(context->parent->resources.memory, 0);
	context->resources.memory = 1;
	fake.live++;
	fake.created++;
	return ERROR_OK;
}

static void resources_destroy(void *world, struct context *context) {
	(void)world;
	ck_assert_uint_eq(context->resources.memory, 1);
	if (context->parent->parent) ck_assert_uint_eq(context->parent->resources.memory, 1);
	memset(&context->resources, 0, sizeof(context->resources));
	fake.live--;
	fake.destroyed++;
}

static error_t names_replace(void *world, struct context *context, uint32_t slot) {
	(void)world;
	context->resources.names = slot;
	return ERROR_OK;
}

static error_t thread_start(void *world, struct context *context) {
	(void)world;
	(void)context;
	fake.starts++;
	return fake.start_result;
}

static error_t threads_stop(void *world, struct context *context) {
	(void)world;
	(void)context;
	fake.stops++;
	return ERROR_OK;
}

static error_t threads_resume(void *world, struct context *context) {
	(void)world;
	(void)context;
	fake.resumes++;
	return ERROR_OK;
}

static error_t job_send(void *world, struct factory *factory, struct context *context) {
	(void)world;
	ck_assert_uint_ne(factory->reply_slot, 0);
	fake.answers[factory->reply_slot]++;
	fake.jobs++;
	fake.last_job = context->entry.number;
	return fake.job_result;
}

static void answer(void *world, const struct context *context, const struct waiter *waiter, error_t error) {
	(void)world;
	if (waiter->what == WAITING_FOR_END) {
		ck_assert_uint_eq(context->state, CONTEXT_STATE_STOPPED);
		/* Everything is back before anybody is told. */
		ck_assert_uint_eq(context->resources.memory, 0);
	}
	fake.answers[waiter->reply_slot]++;
	fake.answered_with[waiter->reply_slot] = error;
}

static bool caller_is_alive(void *world, uint32_t slot) {
	(void)world;
	return !fake.dead[slot];
}

static void slot_release(void *world, uint32_t slot) {
	(void)world;
	fake.released[slot]++;
}

static void watcher_signal(void *world, uint32_t slot) {
	(void)world;
	fake.signals[slot]++;
}

const struct vic_world fake_world_functions = {
	.resources_create = resources_create,
	.resources_destroy = resources_destroy,
	.names_replace = names_replace,
	.thread_start = thread_start,
	.threads_stop = threads_stop,
	.threads_resume = threads_resume,
	.job_send = job_send,
	.answer = answer,
	.caller_is_alive = caller_is_alive,
	.slot_release = slot_release,
	.signal = watcher_signal,
};
