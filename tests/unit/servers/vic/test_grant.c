/* SPDX-License-Identifier: MIT */
/*
 * Capabilities by name, arguments and environment.
 */
#include "fixture.h"
#include "grant.h"

START_TEST(what_is_not_set_is_the_creators)
{
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

START_TEST(setting_a_name_again_gives_the_first_capability_back)
{
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

START_TEST(texts_are_set_in_pieces_and_read_in_pieces)
{
	struct text text = {0};
	char bytes[8];

	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "one\0", 4), ERROR_OK);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, "two", 4), ERROR_OK);
	ck_assert_uint_eq(text.size, 8);
	ck_assert_uint_eq(text_read(&text, 2, bytes, 4), 4);
	ck_assert_mem_eq(bytes, "e\0tw", 4);
	ck_assert_uint_eq(text_read(&text, 8, bytes, 8), 0);
	ck_assert_uint_eq(text_read(&text, UINT64_MAX, bytes, 8), 0);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "x", 1), ERROR_OK);
	ck_assert_uint_eq(text_read(&text, 0, bytes, 8), 1);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "", 0), ERROR_OK);
	ck_assert_uint_eq(text.size, 0);
}
END_TEST

START_TEST(a_text_has_a_limit)
{
	static const char piece[4096];
	struct text text = {0};

	for (uint64_t size = 0; size < VIC_TEXT_MAX; size += sizeof(piece))
		ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, piece, sizeof(piece)), ERROR_OK);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, piece, 1), ERROR_LIMIT);
	ck_assert_uint_eq(text.size, VIC_TEXT_MAX);
	text_free(&text);
}
END_TEST

void grant_tests_add(TCase *tests)
{
	tcase_add_test(tests, what_is_not_set_is_the_creators);
	tcase_add_test(tests, setting_a_name_again_gives_the_first_capability_back);
	tcase_add_test(tests, texts_are_set_in_pieces_and_read_in_pieces);
	tcase_add_test(tests, a_text_has_a_limit);
}
