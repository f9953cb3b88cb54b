/* SPDX-License-Identifier: MIT */
/*
 * All tests of the context layer's topics.
 */
#include <check.h>
#include <stdlib.h>

#include "fixture.h"

int main(void) {
	Suite *suite = suite_create("servers/vic");
	TCase *tests = tcase_create("vic");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, given_a_factory_that_waits, everything_goes);
	life_tests_add(tests);
	factory_tests_add(tests);
	grant_tests_add(tests);
	event_tests_add(tests);
	directory_tests_add(tests);
	chance_tests_add(tests);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
