/* SPDX-License-Identifier: MIT */
/*
 * Tests that print TAP: on the serial console as first program, on standard output as a context.
 *
 * Owns counting, the checks, and how sentences are made of names. A test is a function; it stops at
 * its first failed check, and what differed is printed below its result.
 */
#ifndef FIRST_TAP_H
#define FIRST_TAP_H

#include <stdint.h>

struct test {
	const char *name; /* words joined by underscores: the sentence */
	void (*run)(void);
};

#define TEST(function) \
	{ #function, function }
#define TESTS_END \
	{ 0 }

/* Around each test: what has to be there before it, and what must be gone after it. */
struct test_fixture {
	void (*before)(void);
	void (*after)(void);
};

/* Runs tests up to TESTS_END whose sentence contains @only (NULL: all). */
void tap_run(const struct test *tests, const struct test_fixture *fixture, const char *only);

/* Prints the plan. Returns how many tests failed. */
unsigned int tap_finish(void);

/* A line of explanation, printed below the result of the running test if it fails. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Drops what was noted so far: for tests that note every step they take. */
void tap_forget_notes(void);

/* A line that says what was measured, printed at once. */
void tap_figure(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The test that runs counts as left out, for this reason. */
void tap_skip(const char *reason);

/* Has any check of the running test failed? */
int tap_has_failed(void);

int tap_check(int holds, const char *file, int line, const char *text);
int tap_check_equal(uint64_t actual, uint64_t expected, const char *file, int line, const char *text);
int tap_check_error(uint64_t actual, uint64_t expected, const char *file, int line, const char *text);

/* Each ends the function it stands in, which returns nothing, if it fails. */
#define CHECK(condition)                                                                  \
	do {                                                                              \
		if (!tap_check((condition) != 0, __FILE__, __LINE__, #condition)) return; \
	} while (0)
#define CHECK_EQUAL(actual, expected)                                                                                \
	do {                                                                                                         \
		if (!tap_check_equal((uint64_t)(actual), (uint64_t)(expected), __FILE__, __LINE__, #actual)) return; \
	} while (0)
/* Of results of kernel_call() and the like: shows errors by name. */
#define CHECK_ERROR(actual, expected)                                                                                \
	do {                                                                                                         \
		if (!tap_check_error((uint64_t)(actual), (uint64_t)(expected), __FILE__, __LINE__, #actual)) return; \
	} while (0)
#define CHECK_OK(actual)                                                                          \
	do {                                                                                      \
		if (!tap_check_error((uint64_t)(actual), 0, __FILE__, __LINE__, #actual)) return; \
	} while (0)
/* After a call of a function that checks: ends this one too if a check failed there. */
#define CHECK_DONE()                          \
	do {                                  \
		if (tap_has_failed()) return; \
	} while (0)

#endif
