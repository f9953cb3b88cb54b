/* SPDX-License-Identifier: MIT */
/*
 * The main function of a unit test program: SUITE("name", test, test, ...) at the end of the file.
 */
#ifndef NACRE_TEST_SUITE_H
#define NACRE_TEST_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

static inline int suite_run(const char *name, const TTest *const *tests, size_t count) {
	TCase *test_case = tcase_create(name);
	for (size_t i = 0; i < count; i++) tcase_add_test(test_case, tests[i]);
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
