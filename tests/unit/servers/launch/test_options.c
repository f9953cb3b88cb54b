/* SPDX-License-Identifier: MIT */
/*
 * What launch makes of its arguments.
 */
#include <check.h>
#include <stdlib.h>

#include "options.h"

static struct launch_options options;

START_TEST(options_come_before_factory_and_program) {
	char *arguments[] = {"name=shell", "give=power", "stream=/svc/console", "give=log",
	                     "again=no",   "process",    "/bin/shell",          "a=b"};

	ck_assert_ptr_null(launch_options_read(&options, arguments, 8));
	ck_assert_str_eq(options.name, "shell");
	ck_assert_str_eq(options.stream, "/svc/console");
	ck_assert_int_eq(options.again, LAUNCH_ONCE);
	ck_assert_int_eq(options.give_count, 2);
	ck_assert_str_eq(options.gives[0], "power");
	ck_assert_str_eq(options.gives[1], "log");
	ck_assert_str_eq(options.factory, "process");
	ck_assert_int_eq(options.program_count, 2);
	ck_assert_str_eq(options.program[0], "/bin/shell");
	ck_assert_str_eq(options.program[1], "a=b");
}
END_TEST

START_TEST(without_options_it_is_started_again_and_has_no_streams) {
	char *arguments[] = {"process", "/bin/shell"};

	ck_assert_ptr_null(launch_options_read(&options, arguments, 2));
	ck_assert_ptr_null(options.name);
	ck_assert_ptr_null(options.stream);
	ck_assert_int_eq(options.again, LAUNCH_AGAIN);
	ck_assert_int_eq(options.give_count, 0);
}
END_TEST

START_TEST(what_is_missing_or_unknown_is_said) {
	char *unknown[] = {"colour=red", "process", "/bin/shell"};
	char *empty[] = {"name=", "process", "/bin/shell"};
	char *missing[] = {"name=x", "process"};

	ck_assert_ptr_nonnull(launch_options_read(&options, unknown, 3));
	ck_assert_ptr_nonnull(launch_options_read(&options, empty, 3));
	ck_assert_ptr_nonnull(launch_options_read(&options, missing, 2));
	ck_assert_ptr_nonnull(launch_options_read(&options, missing, 0));
}
END_TEST

int main(void) {
	Suite *suite = suite_create("servers/launch");
	TCase *tests = tcase_create("options");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, options_come_before_factory_and_program);
	tcase_add_test(tests, without_options_it_is_started_again_and_has_no_streams);
	tcase_add_test(tests, what_is_missing_or_unknown_is_said);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
