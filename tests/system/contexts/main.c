/* SPDX-License-Identifier: MIT */
/*
 * Contexts from the outside: run as a context itself, this program makes others and looks what
 * becomes of them. Prints TAP.
 *
 *     context_test            all tests
 *     context_test only TEXT  those whose sentences contain TEXT
 *     context_test PART WORD  what a context below the test does (part.c)
 */
#include <stdio.h>
#include <string.h>

#include "part.h"
#include "runs.h"
#include "topics.h"

static const struct test *const topics[] = {
	ending_tests,  verb_tests,    tree_tests,    program_tests,
	factory_tests, hostile_tests, account_tests,
};

int main(int argc, char **argv)
{
	const struct test_fixture fixture = {0};
	const char *only = argc > 2 && strcmp(argv[1], "only") == 0 ? argv[2] : NULL;
	error_t error = runs_start(argc > 0 ? argv[0] : "/test/context_test");

	if (argc > 1 && !only)
		return part_play(argc, argv);
	if (error != ERROR_OK) {
		printf("Bail out! The parent gives no contexts: %s\n", error_text(error));
		return 1;
	}
	for (size_t topic = 0; topic < sizeof(topics) / sizeof(topics[0]); topic++) {
		tap_run(topics[topic], &fixture, only);
		fflush(stdout);
	}
	return tap_finish() != 0;
}
