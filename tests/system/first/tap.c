/* SPDX-License-Identifier: MIT */
/*
 * Test results as TAP. Read tap.h first.
 */
#include <first/tap.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nacre/abi/ipc.h>
#include <nacre/capability.h>
#include <nacre/start.h>

#include <first/console.h>

#define SENTENCE_SIZE 160
#define NOTES_SIZE    2048

static unsigned int tests_run;
static unsigned int tests_failed;
static int test_failed;
static int has_given_up;
static const char *skip_reason;
/* Notes come after the result line they explain. */
static char notes[NOTES_SIZE];
static size_t notes_used;

static void write_text(const char *text) {
	if (start_info()->boot)
		console_write(text);
	else
		(void)fputs(text, stdout);
}

void tap_note(const char *format, ...) {
	size_t room = NOTES_SIZE - notes_used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(notes + notes_used, room, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length + 2 > room) return;
	notes_used += (size_t)length;
	notes[notes_used++] = '\n';
	notes[notes_used] = '\0';
}

void tap_forget_notes(void) {
	notes_used = 0;
	notes[0] = '\0';
}

void tap_figure(const char *format, ...) {
	char line[SENTENCE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	write_text("# ");
	write_text(line);
	write_text("\n");
}

void tap_skip(const char *reason) { skip_reason = reason; }

int tap_has_failed(void) { return test_failed; }

int tap_check(int holds, const char *file, int line, const char *text) {
	if (holds) return 1;
	test_failed = 1;
	tap_note("%s:%d: not so: %s", file, line, text);
	return 0;
}

int tap_check_equal(uint64_t actual, uint64_t expected, const char *file, int line, const char *text) {
	if (actual == expected) return 1;
	test_failed = 1;
	tap_note("%s:%d: %s is %#llx, expected %#llx", file, line, text, (unsigned long long)actual,
	         (unsigned long long)expected);
	return 0;
}

int tap_check_error(uint64_t actual, uint64_t expected, const char *file, int line, const char *text) {
	if (actual == expected) return 1;
	test_failed = 1;
	tap_note("%s:%d: %s gave %#llx (%s), expected %#llx (%s)", file, line, text, (unsigned long long)actual,
	         error_name(IPC_RESULT_ERROR(actual)), (unsigned long long)expected,
	         error_name(IPC_RESULT_ERROR(expected)));
	return 0;
}

static void sentence_make(const char *name, char sentence[SENTENCE_SIZE]) {
	size_t index = 0;

	for (; name[index] && index + 1 < SENTENCE_SIZE; index++)
		sentence[index] = name[index] == '_' ? ' ' : name[index];
	sentence[index] = '\0';
}

static void notes_print(void) {
	char *line = notes;

	while (*line) {
		char *end = strchr(line, '\n');
		*end = '\0';
		write_text("# ");
		write_text(line);
		write_text("\n");
		line = end + 1;
	}
}

static void result_print(const char *sentence) {
	char number[16];

	tests_run++;
	tests_failed += test_failed ? 1u : 0u;
	(void)snprintf(number, sizeof(number), "ok %u - ", tests_run);
	if (test_failed) write_text("not ");
	write_text(number);
	write_text(sentence);
	if (skip_reason && !test_failed) {
		write_text(" # SKIP ");
		write_text(skip_reason);
	}
	write_text("\n");
	if (test_failed) notes_print();
}

/* What was not cleared away would make all later results worthless. */
static void after_run(const struct test_fixture *fixture) {
	int failed = test_failed;

	test_failed = 0;
	fixture->after();
	has_given_up = test_failed;
	test_failed |= failed;
}

static void test_run(const struct test *test, const struct test_fixture *fixture, const char *sentence) {
	test_failed = 0;
	skip_reason = NULL;
	notes_used = 0;
	notes[0] = '\0';
	if (fixture && fixture->before) fixture->before();
	if (!test_failed) test->run();
	if (fixture && fixture->after) after_run(fixture);
	result_print(sentence);
}

void tap_run(const struct test *tests, const struct test_fixture *fixture, const char *only) {
	char sentence[SENTENCE_SIZE];

	for (; tests->name; tests++) {
		sentence_make(tests->name, sentence);
		if (has_given_up || (only && !strstr(sentence, only))) continue;
		test_run(tests, fixture, sentence);
	}
}

unsigned int tap_finish(void) {
	char plan[16];

	if (has_given_up) write_text("Bail out! what the last test left could not be cleared away\n");
	(void)snprintf(plan, sizeof(plan), "1..%u\n", tests_run);
	write_text(plan);
	return tests_failed;
}
