/* SPDX-License-Identifier: MIT */
/*
 * Factories that misbehave. This program needs the right to register factories.
 */
#include <string.h>

#include <nacre/protocol/factory.h>
#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread.h>

#include "runs.h"
#include "topics.h"

static capability_t factory;
static struct factory_supply_answer job;

static error_t factory_make(const char *name) {
	capability_t factories;
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "factories", &protocol, &factories);

	if (error == ERROR_OK) {
		error = factory_register(factories, name, "runs=nothing", &factory);
		capability_delete(factories);
	}
	return error;
}

static void job_drop(void) {
	capability_delete(job.memory);
	capability_delete(job.namespace);
	capability_delete(job.parent);
	capability_delete(job.exception);
	capability_delete(job.scheduler);
}

/* Starts a context of the factory, from a thread of its own: `start` waits for the factory. */
struct starter {
	struct nacre_thread *thread;
	capability_t context;
	error_t result;
};

static void starter_main(void *argument) {
	struct starter *starter = argument;

	starter->result = context_start(starter->context);
}

static error_t starter_begin(struct starter *starter, const char *name) {
	uint64_t number;
	error_t error = context_create(own_context, NO_LIMIT, 0, name, "/x", &number, &starter->context);

	if (error == ERROR_OK)
		error = nacre_thread_start(starter_main, starter, NACRE_THREAD_STACK_DEFAULT, &starter->thread);
	return error;
}

static void starter_end(struct starter *starter) {
	nacre_thread_join(starter->thread);
	error_ignore(context_delete(starter->context));
	capability_delete(starter->context);
}

/* What @starter's context says of itself. */
static int detail_has(const struct starter *starter, const char *words) {
	struct context_state_answer state;

	return context_state(starter->context, &state) == ERROR_OK && has_text(state.detail, words);
}

/* Leaves the test out, with the reason, where the program that started this one had no such right. */
#define NEEDS_FACTORIES()                                                                 \
	do {                                                                              \
		if (!may_register()) {                                                    \
			tap_skip("started by a context that may not register factories"); \
			return;                                                           \
		}                                                                         \
	} while (0)

static int may_register(void) {
	capability_t factories;
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "factories", &protocol, &factories);

	if (error == ERROR_OK) capability_delete(factories);
	return error != ERROR_RIGHT;
}

static void a_job_that_fails_is_told_in_the_factorys_words(void) {
	struct starter starter;

	NEEDS_FACTORIES();
	CHECK_OK(factory_make("refuser"));
	CHECK_OK(starter_begin(&starter, "refuser"));
	CHECK_OK(factory_supply(factory, 0, 0, "", item_none(), item_none(), &job));
	CHECK_EQUAL(job.kind, FACTORY_JOB_CREATE);
	CHECK(strcmp(job.program, "/x") == 0);
	job_drop();
	/* Handing in twice and handing in what was not asked for are refused. */
	CHECK_ERROR(factory_supply(factory, job.job + 1, 0, "", item_none(), item_none(), &job), ERROR_ARGUMENT);
	CHECK_OK(factory_set_description(factory, "runs=nothing can=refuse"));
	/* No answer comes, as there is no other job: the next context brings one. */
	struct starter next;

	CHECK_OK(starter_begin(&next, "refuser"));
	CHECK_OK(factory_supply(factory, job.job, ERROR_IO, "no luck today", item_none(), item_none(), &job));
	nacre_thread_join(starter.thread);
	CHECK_ERROR(starter.result, ERROR_IO);
	CHECK(detail_has(&starter, "no luck today"));
	CHECK_OK(context_delete(starter.context));
	capability_delete(starter.context);
	job_drop();
	CHECK_OK(context_kill(next.context, 0));
	starter_end(&next);
	CHECK_ERROR(next.result, ERROR_CANCELLED);
}

static void a_job_handed_in_without_space_and_thread_has_failed(void) {
	struct starter one, other;

	NEEDS_FACTORIES();
	CHECK_OK(factory_make("refuser"));
	CHECK_OK(starter_begin(&one, "refuser"));
	CHECK_OK(factory_supply(factory, 0, 0, "", item_none(), item_none(), &job));
	job_drop();
	CHECK_OK(starter_begin(&other, "refuser"));
	CHECK_OK(factory_supply(factory, job.job, ERROR_OK, "", item_none(), item_none(), &job));
	job_drop();
	nacre_thread_join(one.thread);
	CHECK_ERROR(one.result, ERROR_CAPABILITY);
	CHECK(detail_has(&one, "no space or no thread"));
	CHECK_OK(context_delete(one.context));
	capability_delete(one.context);
	CHECK_OK(context_kill(other.context, 0));
	starter_end(&other);
}

static void a_job_handed_in_with_capabilities_of_another_kind_ends_its_context(void) {
	struct starter one, other;

	NEEDS_FACTORIES();
	CHECK_OK(factory_make("refuser"));
	CHECK_OK(starter_begin(&one, "refuser"));
	CHECK_OK(factory_supply(factory, 0, 0, "", item_none(), item_none(), &job));
	job_drop();
	CHECK_OK(starter_begin(&other, "refuser"));
	CHECK_OK(factory_supply(factory, job.job, ERROR_OK, "", item_share(own_names), item_share(own_names), &job));
	job_drop();
	nacre_thread_join(one.thread);
	CHECK_ERROR(one.result, ERROR_CAPABILITY);
	CHECK(detail_has(&one, "no space or no thread"));
	CHECK_OK(context_delete(one.context));
	capability_delete(one.context);
	CHECK_OK(context_kill(other.context, 0));
	starter_end(&other);
}

static void a_factory_registered_anew_lets_the_old_jobs_fail(void) {
	struct starter starter;

	NEEDS_FACTORIES();
	CHECK_OK(factory_make("refuser"));
	CHECK_OK(starter_begin(&starter, "refuser"));
	CHECK_OK(factory_supply(factory, 0, 0, "", item_none(), item_none(), &job));
	job_drop();
	capability_delete(factory);
	CHECK_OK(factory_make("refuser"));
	starter_end(&starter);
	CHECK_ERROR(starter.result, ERROR_PEER_LOST);
}

static void the_name_of_a_living_factory_is_taken(void) {
	NEEDS_FACTORIES();
	CHECK_ERROR(factory_make("process"), ERROR_EXISTS);
	CHECK_ERROR(factory_make("a/b"), ERROR_ARGUMENT);
	CHECK_ERROR(factory_make(""), ERROR_ARGUMENT);
}

const struct test factory_tests[] = {
	TEST(a_job_that_fails_is_told_in_the_factorys_words),
	TEST(a_job_handed_in_without_space_and_thread_has_failed),
	TEST(a_job_handed_in_with_capabilities_of_another_kind_ends_its_context),
	TEST(a_factory_registered_anew_lets_the_old_jobs_fail),
	TEST(the_name_of_a_living_factory_is_taken),
	TESTS_END,
};
