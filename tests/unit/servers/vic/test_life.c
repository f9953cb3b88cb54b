/* SPDX-License-Identifier: MIT */
/*
 * Lives of contexts: states, subtrees, waiters.
 */
#include "fixture.h"

START_TEST(a_context_is_built_started_and_ended_in_that_order) {
	struct context *context = given_a_context();
	uint32_t build = slot_new(), start = slot_new(), wait = slot_new();

	ck_assert_int_eq(vic_context_build(&vic, context, build), ERROR_OK);
	ck_assert_uint_eq(fake.last_job, context->entry.number);
	ck_assert_uint_eq(fake.answers[build], 0);
	factory_builds();
	expect_answer(build, ERROR_OK);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_CREATED);
	ck_assert_uint_eq(fake.starts, 0);
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_OK);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	ck_assert_uint_eq(fake.answers[wait], 0);
	context_exits(context);
	expect_answer(wait, ERROR_OK);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_CODE);
	ck_assert_int_eq(context->ending.value, 3);
	ck_assert_uint_eq(fake.live, 0);
}
END_TEST

START_TEST(start_alone_builds_as_well) {
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	ck_assert_uint_eq(fake.answers[start], 0);
	factory_builds();
	expect_answer(start, ERROR_OK);
	ck_assert_uint_eq(fake.starts, 1);
}
END_TEST

START_TEST(what_cannot_be_built_tells_everybody_why) {
	struct context *context = given_a_context();
	uint32_t start = slot_new(), build = slot_new(), wait = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	ck_assert_int_eq(vic_context_build(&vic, context, build), ERROR_OK);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	factory_fails(ERROR_ARGUMENT);
	expect_answer(start, ERROR_ARGUMENT);
	expect_answer(build, ERROR_ARGUMENT);
	expect_answer(wait, ERROR_OK);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_FAILED);
	ck_assert_int_eq(context->ending.value, ERROR_ARGUMENT);
	ck_assert_str_eq(context->ending.detail, "not a program");
	ck_assert_uint_eq(fake.live, 0);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
}
END_TEST

START_TEST(a_thread_that_cannot_be_started_ends_its_context) {
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.start_result = ERROR_CAPABILITY;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	factory_builds();
	expect_answer(start, ERROR_CAPABILITY);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_STOPPED);
}
END_TEST

START_TEST(verbs_out_of_turn_are_refused_and_change_nothing) {
	struct context *context = given_a_context();

	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_wait(&vic, context, 1), ERROR_STATE);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_CREATING);
	context = given_a_running_context();
	ck_assert_int_eq(vic_context_build(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_start(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_can_be_set(context), ERROR_STATE);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	context_exits(context);
	ck_assert_int_eq(vic_context_start(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
}
END_TEST

START_TEST(the_top_itself_has_no_verbs) {
	ck_assert_int_eq(vic_context_pause(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_delete(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_start(&vic, &vic.top, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_name(&vic.top, "top"), ERROR_STATE);
}
END_TEST

START_TEST(pause_and_resume_stop_all_threads_and_let_them_go) {
	struct context *context = given_a_running_context();

	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_OK);
	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
	ck_assert_uint_eq(fake.stops, 1);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_OK);
	ck_assert_uint_eq(fake.resumes, 1);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
}
END_TEST

START_TEST(waiting_for_what_has_ended_answers_at_once) {
	struct context *context = given_a_running_context();
	uint32_t wait = slot_new();

	context_exits(context);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	expect_answer(wait, ERROR_OK);
}
END_TEST

START_TEST(a_context_ends_once) {
	struct context *context = given_a_running_context();
	struct ending killed = ending_from_kill(9);

	context_exits(context);
	vic_context_end(&vic, context, &killed);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_CODE);
	ck_assert_uint_eq(fake.destroyed, 1);
}
END_TEST

START_TEST(a_subtree_ends_from_the_leaves_up_and_only_its_top_stays_known) {
	struct context *top = given_a_running_context();
	struct context *middle = given_a_running_context_below(top);
	struct context *leaf = given_a_running_context_below(middle);
	struct context *other = given_a_running_context();
	uint64_t number = leaf->entry.number;
	uint32_t wait = slot_new();

	ck_assert_int_eq(vic_context_wait(&vic, leaf, wait), ERROR_OK);
	context_exits(top);
	expect_answer(wait, ERROR_OK);
	ck_assert_ptr_null(vic_context_find(&vic, number));
	ck_assert_ptr_eq(vic_context_next(&vic, &vic.top, 0), top);
	ck_assert_ptr_eq(vic_context_next(&vic, &vic.top, top->entry.number), other);
	ck_assert_uint_eq(fake.live, 1);
	ck_assert_uint_eq(process->contexts, 1);
}
END_TEST

START_TEST(numbers_and_windows_are_not_used_again_at_once) {
	struct context *first = given_a_context();
	uint64_t number = first->entry.number;
	uint64_t window = first->window.base;
	struct context *second;

	ck_assert_int_eq(vic_context_delete(&vic, first), ERROR_OK);
	second = given_a_context();
	ck_assert_uint_gt(second->entry.number, number);
	ck_assert_uint_ne(second->window.base, window);
	ck_assert_ptr_null(vic_context_find(&vic, number));
}
END_TEST

START_TEST(a_thousand_runs_leave_nothing_behind) {
	for (int run = 0; run < 1000; run++) {
		struct context *context = given_a_running_context();
		uint32_t wait = slot_new();

		ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
		context_exits(context);
		expect_answer(wait, ERROR_OK);
		ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
	}
	ck_assert_uint_eq(vic.contexts.count, 0);
	ck_assert_uint_eq(process->contexts, 0);
	ck_assert_uint_eq(fake.created, fake.destroyed);
}
END_TEST

START_TEST(what_a_request_asks_for_is_checked_first) {
	struct context *context = given_a_running_context();
	struct context_request request = {.factory = "thread", .program = "/bin/x", .limit = 1};
	struct context *none = NULL;

	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_NOT_FOUND);
	request.factory = "process";
	request.program = "";
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_ARGUMENT);
	request.program = "/bin/x";
	context->rights = 0;
	request.rights = CONTEXT_RIGHT_BIND;
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_RIGHT);
	request.rights = 0;
	fake.create_result = ERROR_NO_MEMORY;
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_NO_MEMORY);
	fake.create_result = ERROR_OK;
	context_exits(context);
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_STATE);
	ck_assert_ptr_null(none);
}
END_TEST

START_TEST(the_dead_among_many_waiters_give_their_slots_back) {
	struct context *context = given_a_running_context();
	uint32_t alive = slot_new();

	ck_assert_int_eq(vic_context_wait(&vic, context, alive), ERROR_OK);
	for (int round = 0; round < 1000; round++) {
		uint32_t slot = slot_new();

		ck_assert_int_eq(vic_context_wait(&vic, context, slot), ERROR_OK);
		fake.dead[slot] = true;
	}
	ck_assert_uint_le(context->waiter_count, 40);
	context_exits(context);
	expect_answer(alive, ERROR_OK);
}
END_TEST

START_TEST(a_name_is_given_once_among_brothers) {
	struct context *one = given_a_context(), *other = given_a_context();

	ck_assert_int_eq(vic_context_name(one, "a"), ERROR_OK);
	ck_assert_int_eq(vic_context_name(one, "a"), ERROR_OK);
	ck_assert_int_eq(vic_context_name(other, "a"), ERROR_EXISTS);
	ck_assert_int_eq(vic_context_name(other, ""), ERROR_ARGUMENT);
	ck_assert_ptr_eq(vic_context_find_below(&vic, &vic.top, 0, "a"), one);
}
END_TEST

START_TEST(only_what_lies_below_is_found) {
	struct context *one = given_a_running_context();
	struct context *child = given_a_running_context_below(one);
	struct context *other = given_a_running_context();
	uint64_t number = child->entry.number;

	ck_assert_ptr_eq(vic_context_find_below(&vic, one, number, ""), child);
	ck_assert_ptr_null(vic_context_find_below(&vic, other, number, ""));
	ck_assert_ptr_null(vic_context_find_below(&vic, one, one->entry.number, ""));
	ck_assert_ptr_null(vic_context_find_below(&vic, other, 0, "hello"));
	ck_assert_ptr_eq(vic_context_next(&vic, one, 0), child);
	ck_assert_ptr_null(vic_context_next(&vic, one, number));
	ck_assert_ptr_null(vic_context_next(&vic, other, 0));
}
END_TEST

void life_tests_add(TCase *tests) {
	tcase_add_test(tests, a_context_is_built_started_and_ended_in_that_order);
	tcase_add_test(tests, start_alone_builds_as_well);
	tcase_add_test(tests, what_cannot_be_built_tells_everybody_why);
	tcase_add_test(tests, a_thread_that_cannot_be_started_ends_its_context);
	tcase_add_test(tests, verbs_out_of_turn_are_refused_and_change_nothing);
	tcase_add_test(tests, the_top_itself_has_no_verbs);
	tcase_add_test(tests, pause_and_resume_stop_all_threads_and_let_them_go);
	tcase_add_test(tests, waiting_for_what_has_ended_answers_at_once);
	tcase_add_test(tests, a_context_ends_once);
	tcase_add_test(tests, a_subtree_ends_from_the_leaves_up_and_only_its_top_stays_known);
	tcase_add_test(tests, numbers_and_windows_are_not_used_again_at_once);
	tcase_add_test(tests, a_thousand_runs_leave_nothing_behind);
	tcase_add_test(tests, what_a_request_asks_for_is_checked_first);
	tcase_add_test(tests, the_dead_among_many_waiters_give_their_slots_back);
	tcase_add_test(tests, a_name_is_given_once_among_brothers);
	tcase_add_test(tests, only_what_lies_below_is_found);
}
