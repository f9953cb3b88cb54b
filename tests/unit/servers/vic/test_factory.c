/* SPDX-License-Identifier: MIT */
/*
 * Factories and their jobs.
 */
#include "fixture.h"

START_TEST(jobs_are_done_one_after_the_other_in_order) {
	struct context *first = given_a_context(), *second = given_a_context();

	ck_assert_int_eq(vic_context_start(&vic, first, slot_new()), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, second, slot_new()), ERROR_OK);
	ck_assert_uint_eq(fake.jobs, 1);
	ck_assert_uint_eq(fake.last_job, first->entry.number);
	factory_builds();
	ck_assert_uint_eq(fake.jobs, 2);
	ck_assert_uint_eq(fake.last_job, second->entry.number);
	factory_builds();
	ck_assert_uint_eq(process->contexts, 2);
}
END_TEST

/* The context that the factory was given is @context; it is built. */
static void expect_built(struct context *context) {
	ck_assert_uint_eq(fake.last_job, context->entry.number);
	factory_builds();
}

START_TEST(creators_take_turns_with_the_factory) {
	struct context *greedy = given_a_running_context(), *modest = given_a_running_context();
	struct context *many[4], *few[2];

	for (unsigned int index = 0; index < 4; index++) {
		many[index] = given_a_context_below(greedy);
		ck_assert_int_eq(vic_context_start(&vic, many[index], slot_new()), ERROR_OK);
	}
	for (unsigned int index = 0; index < 2; index++) {
		few[index] = given_a_context_below(modest);
		ck_assert_int_eq(vic_context_start(&vic, few[index], slot_new()), ERROR_OK);
	}
	expect_built(many[0]);
	expect_built(few[0]);
	expect_built(many[1]);
	expect_built(few[1]);
	expect_built(many[2]);
	expect_built(many[3]);
}
END_TEST

START_TEST(who_asks_again_while_others_wait_comes_after_them) {
	struct context *greedy = given_a_running_context(), *modest = given_a_running_context();
	struct context *first = given_a_context_below(greedy), *again = given_a_context_below(greedy);
	struct context *other = given_a_context_below(modest);

	ck_assert_int_eq(vic_context_start(&vic, first, slot_new()), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, other, slot_new()), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, again, slot_new()), ERROR_OK);
	expect_built(first);
	expect_built(other);
	expect_built(again);
}
END_TEST

START_TEST(a_context_killed_while_it_is_built_is_not_built) {
	struct context *first = given_a_context(), *second = given_a_context();
	struct ending killed = ending_from_kill(1);
	uint32_t start = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, first, start), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, second, slot_new()), ERROR_OK);
	vic_context_end(&vic, second, &killed);
	vic_context_end(&vic, first, &killed);
	expect_answer(start, ERROR_CANCELLED);
	ck_assert_int_eq(vic_context_delete(&vic, first), ERROR_OK);
	factory_builds();
	ck_assert_uint_eq(fake.jobs, 1);
	ck_assert_uint_eq(process->contexts, 0);
}
END_TEST

START_TEST(a_job_that_was_not_given_is_not_taken) {
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, 77, &context), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_request_for_a_job_replaces_the_one_before) {
	uint32_t first = process->reply_slot;

	vic_factory_wait(&vic, process, slot_new());
	ck_assert_uint_eq(fake.released[first], 1);
	given_a_running_context();
	ck_assert_uint_eq(fake.answers[first], 0);
}
END_TEST

START_TEST(a_factory_found_dead_fails_what_it_was_to_build) {
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.job_result = ERROR_GONE;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_PEER_LOST);
	ck_assert_ptr_null(vic_factory_named(&vic, "process"));
	ck_assert_uint_eq(context->state, CONTEXT_STATE_STOPPED);
}
END_TEST

START_TEST(a_job_that_cannot_be_sent_fails_and_the_factory_goes_on) {
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.job_result = ERROR_CAPABILITY;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_CAPABILITY);
	fake.job_result = ERROR_OK;
	vic_factory_wait(&vic, process, slot_new());
	given_a_running_context();
}
END_TEST

START_TEST(a_factory_registered_again_by_its_owner_is_replaced_and_its_contexts_live_on) {
	struct context *running = given_a_running_context();
	struct context *building = given_a_context(), *waiting = given_a_context();
	uint32_t start = slot_new(), queued = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, building, start), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, waiting, queued), ERROR_OK);
	ck_assert_int_eq(vic_factory_register(&vic, &vic.top, "process", "", &process), ERROR_OK);
	expect_answer(start, ERROR_PEER_LOST);
	expect_answer(queued, ERROR_PEER_LOST);
	ck_assert_uint_eq(running->state, CONTEXT_STATE_RUNNING);
	context_exits(running);
	vic_factory_wait(&vic, process, slot_new());
	given_a_running_context();
}
END_TEST

START_TEST(a_factory_needs_the_right_and_a_name_that_nobody_has) {
	struct context *owner = given_a_running_context();
	struct factory *factory;

	ck_assert_int_eq(vic_factory_register(&vic, owner, "process", "", &factory), ERROR_EXISTS);
	ck_assert_int_eq(vic_factory_register(&vic, owner, "", "", &factory), ERROR_ARGUMENT);
	ck_assert_int_eq(vic_factory_register(&vic, owner, "a/b", "", &factory), ERROR_ARGUMENT);
	owner->rights = CONTEXT_RIGHT_BIND;
	ck_assert_int_eq(vic_factory_register(&vic, owner, "mine", "", &factory), ERROR_RIGHT);
}
END_TEST

START_TEST(a_factory_goes_with_the_context_that_is_its_program) {
	struct context *owner = given_a_running_context();
	const struct context_request request = {.factory = "mine", .program = "/x", .limit = 1};
	struct context *building;
	struct factory *factory;
	uint32_t start = slot_new(), waits = slot_new();

	ck_assert_int_eq(vic_factory_register(&vic, owner, "mine", "", &factory), ERROR_OK);
	vic_factory_wait(&vic, factory, waits);
	ck_assert_int_eq(vic_context_create(&vic, &vic.top, &request, &building), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, building, start), ERROR_OK);
	context_exits(owner);
	expect_answer(start, ERROR_PEER_LOST);
	ck_assert_ptr_null(vic_factory_named(&vic, "mine"));
	ck_assert_ptr_null(building->factory);
	ck_assert_int_eq(vic_context_delete(&vic, building), ERROR_OK);
}
END_TEST

void factory_tests_add(TCase *tests) {
	tcase_add_test(tests, jobs_are_done_one_after_the_other_in_order);
	tcase_add_test(tests, creators_take_turns_with_the_factory);
	tcase_add_test(tests, who_asks_again_while_others_wait_comes_after_them);
	tcase_add_test(tests, a_context_killed_while_it_is_built_is_not_built);
	tcase_add_test(tests, a_job_that_was_not_given_is_not_taken);
	tcase_add_test(tests, a_request_for_a_job_replaces_the_one_before);
	tcase_add_test(tests, a_factory_found_dead_fails_what_it_was_to_build);
	tcase_add_test(tests, a_job_that_cannot_be_sent_fails_and_the_factory_goes_on);
	tcase_add_test(tests, a_factory_registered_again_by_its_owner_is_replaced_and_its_contexts_live_on);
	tcase_add_test(tests, a_factory_needs_the_right_and_a_name_that_nobody_has);
	tcase_add_test(tests, a_factory_goes_with_the_context_that_is_its_program);
}
