/* SPDX-License-Identifier: MIT */
/*
 * Contexts from the outside: run as a context itself, this program makes others and looks what becomes
 * of them. Prints TAP.
 *
 *     contexts              all tests, in a context made for them
 *     contexts only TEXT    those whose sentences contain TEXT
 *     contexts PART WORD    what a context below the test does (part.c)
 */
#include <stdio.h>
#include <string.h>

#include "part.h"
#include "runs.h"
#include "topics.h"

static const struct test *const topics[] = {
	ending_tests, verb_tests, tree_tests, program_tests, factory_tests, hostile_tests, account_tests,
};

static int tests_run(const char *only) {
	const struct test_fixture fixture = {0};

	/* Each result as it comes: what hangs is seen. */
	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (size_t topic = 0; topic < sizeof(topics) / sizeof(topics[0]); topic++)
		tap_run(topics[topic], &fixture, only);
	return tap_finish() != 0;
}

/*
 * Runs the tests in a context of their own, with nothing below it but what they make, whatever the
 * shell that started this program has given it. They have all rights that can be had.
 */
static error_t tests_begin(const char *only, capability_t *context) {
	error_t error = run_create_with(CONTEXT_RIGHT_FACTORIES | CONTEXT_RIGHT_BIND, "only", only, context);

	if (error == ERROR_RIGHT) error = run_create_with(0, "only", only, context);
	return error == ERROR_OK ? context_start(*context) : error;
}

static int tests_launch(const char *only) {
	struct context_wait_answer ending = {0};
	capability_t context;
	error_t error = tests_begin(only, &context);

	if (error == ERROR_OK) error = run_end(context, &ending);
	if (error == ERROR_OK && ending.exit == CONTEXT_EXIT_CODE) return (int)ending.value;
	printf("Bail out! The tests' own context: %s\n", error == ERROR_OK ? ending.detail : error_text(error));
	return 1;
}

int main(int argc, char **argv) {
	error_t error = runs_start(argc > 0 ? argv[0] : "/test/contexts");

	if (error != ERROR_OK) {
		printf("Bail out! The parent gives no contexts: %s\n", error_text(error));
		return 1;
	}
	if (argc == 1) return tests_launch("");
	if (argc == 3 && strcmp(argv[1], "only") == 0) return tests_run(argv[2]);
	return part_play(argc, argv);
}
