/* SPDX-License-Identifier: MIT */
/*
 * Verbs in and out of turn.
 */
#include <string.h>

#include <nacre/slot.h>
#include <nacre/time.h>

#include "runs.h"
#include "topics.h"

#define MILLISECOND UINT64_C(1000000)

static uint32_t state_of(capability_t context) {
	struct context_state_answer state;

	return context_state(context, &state) == ERROR_OK ? state.state : 0;
}

/* CPU time of the context with that number, from the list. */
static uint64_t consumed_by(capability_t context) {
	struct context_state_answer state;
	struct context_list_answer listed = {0};
	uint64_t cursor = 0;

	if (context_state(context, &state) != ERROR_OK) return 0;
	do {
		if (context_list(own_context, cursor, &listed) != ERROR_OK) return 0;
		cursor = listed.cursor;
	} while (listed.number != state.number && cursor);
	return listed.consumed;
}

static void states_follow_the_verbs(void) {
	struct context_wait_answer ending;
	capability_t context;

	CHECK_OK(run_create(NO_LIMIT, "sleep", NULL, &context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_CREATING);
	CHECK_OK(context_build(context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_CREATED);
	CHECK_OK(context_start(context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_RUNNING);
	CHECK_OK(context_pause(context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_PAUSED);
	CHECK_OK(context_resume(context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_RUNNING);
	CHECK_OK(context_kill(context, 9));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_STOPPED);
	CHECK_OK(run_end(context, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_KILLED);
	CHECK_EQUAL(ending.value, 9);
}

static void verbs_out_of_turn_are_refused(void) {
	struct context_wait_answer ending;
	capability_t context;

	CHECK_OK(run_create(NO_LIMIT, "sleep", NULL, &context));
	CHECK_ERROR(context_pause(context), ERROR_STATE);
	CHECK_ERROR(context_resume(context), ERROR_STATE);
	CHECK_ERROR(context_wait(context, &ending), ERROR_STATE);
	CHECK_OK(context_start(context));
	CHECK_ERROR(context_start(context), ERROR_STATE);
	CHECK_ERROR(context_build(context), ERROR_STATE);
	CHECK_ERROR(context_resume(context), ERROR_STATE);
	CHECK_ERROR(context_delete(context), ERROR_STATE);
	CHECK_ERROR(context_set_arguments(context, CONTEXT_SET_APPEND, "x", 2), ERROR_STATE);
	CHECK_OK(context_kill(context, 0));
	CHECK_ERROR(context_kill(context, 0), ERROR_STATE);
	CHECK_ERROR(context_pause(context), ERROR_STATE);
	CHECK_OK(context_delete(context));
	CHECK_ERROR(context_kill(context, 0), ERROR_GONE);
	capability_delete(context);
}

static void a_context_never_started_can_be_deleted(void) {
	capability_t context;

	CHECK_OK(run_create(NO_LIMIT, "sleep", NULL, &context));
	CHECK_OK(context_delete(context));
	capability_delete(context);
	CHECK_OK(run_create(NO_LIMIT, "sleep", NULL, &context));
	CHECK_OK(context_build(context));
	CHECK_OK(context_delete(context));
	capability_delete(context);
}

static void a_paused_context_uses_no_time(void) {
	uint64_t before, after;
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "spin", NULL, &context));
	CHECK_OK(nacre_sleep(50 * MILLISECOND));
	CHECK(consumed_by(context) > 0);
	CHECK_OK(context_pause(context));
	before = consumed_by(context);
	CHECK_OK(nacre_sleep(50 * MILLISECOND));
	after = consumed_by(context);
	CHECK_EQUAL(after, before);
	CHECK_OK(context_resume(context));
	CHECK_OK(nacre_sleep(100 * MILLISECOND));
	CHECK(consumed_by(context) > before);
	run_drop(context);
}

static void a_context_of_several_threads_is_paused_and_resumed_whole(void) {
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "spin-twice", NULL, &context));
	CHECK_OK(nacre_sleep(50 * MILLISECOND));
	CHECK_OK(context_pause(context));
	CHECK_OK(context_resume(context));
	CHECK_EQUAL(state_of(context), CONTEXT_STATE_RUNNING);
	run_drop(context);
}

static void a_paused_context_can_be_killed(void) {
	struct context_wait_answer ending;
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "spin", NULL, &context));
	CHECK_OK(context_pause(context));
	CHECK_OK(context_kill(context, 1));
	CHECK_OK(run_end(context, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_KILLED);
}

static void what_is_set_arrives(void) {
	struct context_wait_answer ending;
	capability_t context;

	CHECK_OK(run_create(NO_LIMIT, "look", "300", &context));
	CHECK_OK(context_set_environment(context, CONTEXT_SET_REPLACE, "TEST=value", 11));
	CHECK_OK(context_set_capability(context, 300, "thing", item_share(own_names)));
	CHECK_OK(context_start(context));
	CHECK_OK(run_end(context, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_CODE);
	CHECK_EQUAL(ending.value, 0);
}

static void settings_have_bounds(void) {
	static const char piece[CONTEXT_SET_ARGUMENTS_DATA_MAX];
	capability_t context;
	error_t error = ERROR_OK;
	size_t total = 0;

	CHECK_OK(run_create(NO_LIMIT, "sleep", NULL, &context));
	while (error == ERROR_OK && total < UINT64_C(1) << 22) {
		error = context_set_arguments(context, CONTEXT_SET_APPEND, piece, sizeof(piece));
		total += sizeof(piece);
	}
	CHECK_ERROR(error, ERROR_LIMIT);
	CHECK_ERROR(context_set_capability(context, 1, "", item_share(own_names)), ERROR_ARGUMENT);
	CHECK_ERROR(context_set_capability(context, 1, "memory", item_share(own_names)), ERROR_RIGHT);
	CHECK_ERROR(context_set_name(context, ""), ERROR_ARGUMENT);
	CHECK_OK(context_delete(context));
	capability_delete(context);
}

const struct test verb_tests[] = {
	TEST(states_follow_the_verbs),
	TEST(verbs_out_of_turn_are_refused),
	TEST(a_context_never_started_can_be_deleted),
	TEST(a_paused_context_uses_no_time),
	TEST(a_context_of_several_threads_is_paused_and_resumed_whole),
	TEST(a_paused_context_can_be_killed),
	TEST(what_is_set_arrives),
	TEST(settings_have_bounds),
	TESTS_END,
};
