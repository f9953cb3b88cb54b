/* SPDX-License-Identifier: MIT */
/*
 * All tests of the naming server's topics.
 */
#include <check.h>
#include <stdlib.h>

#include "fixture.h"

int main(void) {
	Suite *suite = suite_create("servers/names");
	TCase *tests = tcase_create("names");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, given_an_empty_tree, tree_is_taken_down);
	path_tests_add(tests);
	registration_tests_add(tests);
	view_tests_add(tests);
	wait_tests_add(tests);
	listing_tests_add(tests);
	chance_tests_add(tests);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
