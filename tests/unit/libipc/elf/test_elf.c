/* SPDX-License-Identifier: MIT */
/*
 * All tests of program files.
 */
#include <check.h>
#include <stdlib.h>

#include "image.h"

int main(void) {
	Suite *suite = suite_create("libipc/elf");
	TCase *tests = tcase_create("elf");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, given_a_sound_program, NULL);
	plan_tests_add(tests);
	damage_tests_add(tests);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
