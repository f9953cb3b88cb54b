/* SPDX-License-Identifier: MIT */
/*
 * Capabilities by name, arguments and environment.
 */
#include "allowance.h"
#include "fixture.h"
#include "grant.h"

START_TEST(what_is_not_set_is_the_creators) {
	struct context *creator = given_a_running_context();
	struct context *child = given_a_context_below(creator);
	const struct reference out = {.slot = 7}, own = {.badge = 9};

	ck_assert_ptr_null(grant_find(child, "stdout"));
	ck_assert_int_eq(grant_set(&vic, creator, "stdout", 1, &out), ERROR_OK);
	ck_assert_uint_eq(grant_find(child, "stdout")->capability.slot, 7);
	ck_assert_ptr_null(grant_own(child, "stdout"));
	ck_assert_int_eq(grant_set(&vic, child, "stdout", 1, &own), ERROR_OK);
	ck_assert_uint_eq(grant_find(child, "stdout")->capability.badge, 9);
	context_exits(creator);
	ck_assert_uint_eq(fake.released[7], 1);
}
END_TEST

START_TEST(setting_a_name_again_gives_the_first_capability_back) {
	struct context *context = given_a_context();
	const struct reference first = {.slot = 7}, second = {.slot = 8};

	ck_assert_int_eq(grant_set(&vic, context, "log", 1, &first), ERROR_OK);
	ck_assert_int_eq(grant_set(&vic, context, "log", 2, &second), ERROR_OK);
	ck_assert_uint_eq(fake.released[7], 1);
	ck_assert_uint_eq(fake.released[8], 0);
	ck_assert_uint_eq(grant_find(context, "log")->protocol, 2);
	ck_assert_int_eq(grant_set(&vic, context, "", 2, &second), ERROR_ARGUMENT);
}
END_TEST

START_TEST(texts_are_set_in_pieces_and_read_in_pieces) {
	struct context *context = given_a_context();
	struct text *text = &context->arguments;
	char bytes[8];

	ck_assert_int_eq(text_set(context, text, CONTEXT_SET_REPLACE, "one\0", 4), ERROR_OK);
	ck_assert_int_eq(text_set(context, text, CONTEXT_SET_APPEND, "two", 4), ERROR_OK);
	ck_assert_uint_eq(text->size, 8);
	ck_assert_uint_eq(text_read(text, 2, bytes, 4), 4);
	ck_assert_mem_eq(bytes, "e\0tw", 4);
	ck_assert_uint_eq(text_read(text, 8, bytes, 8), 0);
	ck_assert_uint_eq(text_read(text, UINT64_MAX, bytes, 8), 0);
	ck_assert_int_eq(text_set(context, text, CONTEXT_SET_REPLACE, "x", 1), ERROR_OK);
	ck_assert_uint_eq(text_read(text, 0, bytes, 8), 1);
	ck_assert_int_eq(text_set(context, text, CONTEXT_SET_REPLACE, "", 0), ERROR_OK);
	ck_assert_uint_eq(text->size, 0);
}
END_TEST

static error_t text_grown(struct context *context, size_t size) {
	static const char bytes[VIC_TEXT_MAX];

	return text_set(context, &context->arguments, CONTEXT_SET_APPEND, bytes, size);
}

START_TEST(a_text_has_a_limit) {
	struct context *context = given_a_context();

	ck_assert_int_eq(text_grown(context, VIC_TEXT_MAX - 1), ERROR_OK);
	ck_assert_int_eq(text_grown(context, 2), ERROR_LIMIT);
	ck_assert_int_eq(text_grown(context, 1), ERROR_OK);
	ck_assert_int_eq(text_grown(context, 1), ERROR_LIMIT);
	ck_assert_uint_eq(context->arguments.size, VIC_TEXT_MAX);
}
END_TEST

START_TEST(a_context_has_so_many_capabilities_and_no_more) {
	struct context *context = given_a_running_context();
	const struct reference slot = {.slot = 7};
	char name[8] = "a0";

	for (unsigned int index = 0; index < VIC_GRANTS_MAX; index++) {
		name[1] = (char)('0' + index);
		ck_assert_int_eq(grant_set(&vic, context, name, 1, &slot), ERROR_OK);
	}
	ck_assert_int_eq(grant_set(&vic, context, "more", 1, &slot), ERROR_LIMIT);
	ck_assert_int_eq(grant_set(&vic, context, "a0", 1, &slot), ERROR_OK);
}
END_TEST

/* Allowances */

static error_t created_below(struct context *creator, struct context **context) {
	const struct context_request request = {.factory = "process", .program = "/x", .limit = 1};

	return vic_context_create(&vic, creator, &request, context);
}

START_TEST(a_creator_has_so_many_contexts_that_do_not_live) {
	struct context *creator = given_a_running_context();
	struct context *context = NULL, *other;

	for (unsigned int index = 0; index < ALLOWANCE_UNITS; index++)
		ck_assert_int_eq(created_below(creator, &context), ERROR_OK);
	ck_assert_int_eq(created_below(creator, &other), ERROR_LIMIT);
	ck_assert_int_eq(text_grown(context, 1), ERROR_LIMIT);
	ck_assert_int_eq(created_below(&vic.top, &other), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, context, slot_new()), ERROR_OK);
	factory_builds();
	ck_assert_int_eq(created_below(creator, &other), ERROR_OK);
	context_exits(context);
	ck_assert_int_eq(created_below(creator, &other), ERROR_LIMIT);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
	ck_assert_uint_eq(creator->idle_below, ALLOWANCE_UNITS);
}
END_TEST

START_TEST(what_a_waiting_context_was_given_counts_until_it_is_replaced) {
	struct context *creator = given_a_running_context();
	const struct reference slot = {.slot = 7};
	struct context *context;

	ck_assert_int_eq(created_below(creator, &context), ERROR_OK);
	ck_assert_int_eq(text_grown(context, 4097), ERROR_OK);
	ck_assert_int_eq(grant_set(&vic, context, "log", 1, &slot), ERROR_OK);
	ck_assert_int_eq(grant_set(&vic, context, "log", 1, &slot), ERROR_OK);
	ck_assert_uint_eq(creator->idle_below, 4);
	ck_assert_int_eq(text_set(context, &context->arguments, CONTEXT_SET_REPLACE, "x", 1), ERROR_OK);
	ck_assert_uint_eq(creator->idle_below, 3);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
	ck_assert_uint_eq(creator->idle_below, 0);
}
END_TEST

void grant_tests_add(TCase *tests) {
	tcase_add_test(tests, what_is_not_set_is_the_creators);
	tcase_add_test(tests, setting_a_name_again_gives_the_first_capability_back);
	tcase_add_test(tests, texts_are_set_in_pieces_and_read_in_pieces);
	tcase_add_test(tests, a_text_has_a_limit);
	tcase_add_test(tests, a_context_has_so_many_capabilities_and_no_more);
	tcase_add_test(tests, a_creator_has_so_many_contexts_that_do_not_live);
	tcase_add_test(tests, what_a_waiting_context_was_given_counts_until_it_is_replaced);
}
