/* SPDX-License-Identifier: MIT */
/*
 * The main function of a test program of the kernel: SUITE("name", test, ...) at the end of the file. Each test
 * begins on a freshly booted machine. NACRE_TEST_ONLY in the environment: only tests with that in their name.
 */
#ifndef NACRE_TEST_KERNEL_SUITE_H
#define NACRE_TEST_KERNEL_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "given.h"
#include "world.h"

#define TEST_SECONDS 300

static inline int suite_run(const char *name, const TTest *const *tests, size_t count) {
	TCase *test_case = tcase_create(name);
	tcase_set_timeout(test_case, TEST_SECONDS);
	tcase_add_checked_fixture(test_case, given_a_machine, NULL);
	const char *only = getenv("NACRE_TEST_ONLY");
	for (size_t index = 0; index < count; index++)
		if (!only || strstr(tests[index]->name, only)) tcase_add_test(test_case, tests[index]);
	Suite *suite = suite_create(name);
	suite_add_tcase(suite, test_case);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define SUITE(name, ...)                                                       \
	int main(void) {                                                       \
		const TTest *const tests[] = {__VA_ARGS__};                    \
		return suite_run(name, tests, sizeof tests / sizeof tests[0]); \
	}

#endif
