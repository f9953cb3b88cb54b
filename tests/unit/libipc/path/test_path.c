/* SPDX-License-Identifier: MIT */
/*
 * Plain paths.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "path_plain.h"

static const char *plain(const char *from, const char *path) {
	static char result[PATH_LENGTH_MAX + 1];

	strcpy(result, from);
	ck_assert_int_eq(path_append(result, path), ERROR_OK);
	return result;
}

START_TEST(empty_and_dot_components_vanish) {
	ck_assert_str_eq(plain("/", "/a//b/./c/"), "/a/b/c");
	ck_assert_str_eq(plain("/", ""), "/");
	ck_assert_str_eq(plain("/", "."), "/");
	ck_assert_str_eq(plain("/", "////"), "/");
}
END_TEST

START_TEST(dot_dot_goes_up_and_stays_at_the_root) {
	ck_assert_str_eq(plain("/", "a/b/../c"), "/a/c");
	ck_assert_str_eq(plain("/", ".."), "/");
	ck_assert_str_eq(plain("/x/y", "../../../z"), "/z");
	ck_assert_str_eq(plain("/x", ".."), "/");
}
END_TEST

START_TEST(names_that_begin_with_dots_are_names) {
	ck_assert_str_eq(plain("/", ".profile/..data/..."), "/.profile/..data/...");
}
END_TEST

START_TEST(a_relative_path_starts_where_it_is_told) {
	ck_assert_str_eq(plain("/svc", "console"), "/svc/console");
	ck_assert_str_eq(plain("/svc/x", "./y"), "/svc/x/y");
}
END_TEST

START_TEST(a_path_may_be_as_long_as_a_message_takes_and_no_longer) {
	char text[PATH_LENGTH_MAX + 2];
	char result[PATH_LENGTH_MAX + 1] = "/";

	memset(text, 'a', sizeof(text));
	text[PATH_LENGTH_MAX - 1] = '\0';
	ck_assert_int_eq(path_append(result, text), ERROR_OK);
	ck_assert_uint_eq(strlen(result), PATH_LENGTH_MAX);
	text[PATH_LENGTH_MAX - 1] = 'a';
	text[PATH_LENGTH_MAX] = '\0';
	strcpy(result, "/");
	ck_assert_int_eq(path_append(result, text), ERROR_RANGE);
	ck_assert_int_eq(path_append(result, "b/c"), ERROR_OK);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-path");
	TCase *cases = tcase_create("paths");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, empty_and_dot_components_vanish);
	tcase_add_test(cases, dot_dot_goes_up_and_stays_at_the_root);
	tcase_add_test(cases, names_that_begin_with_dots_are_names);
	tcase_add_test(cases, a_relative_path_starts_where_it_is_told);
	tcase_add_test(cases, a_path_may_be_as_long_as_a_message_takes_and_no_longer);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
