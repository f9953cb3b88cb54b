/* SPDX-License-Identifier: MIT */
/*
 * Programs that are none, and limits that are too small: one clear line each, and life goes on.
 *
 * The damaged programs are in tests/system/files/test/damaged; make_damaged.py makes them.
 */
#include <nacre/slot.h>

#include "runs.h"
#include "topics.h"

/* Starting @program fails with @error, and the words for it contain @words. */
static void expect_refused(uint64_t limit, const char *program, error_t error, const char *words) {
	struct context_state_answer state;
	capability_t context;
	uint64_t number;

	CHECK_OK(context_create(own_context, limit, 0, "process", program, &number, &context));
	CHECK_ERROR(context_start(context), error);
	CHECK_OK(context_state(context, &state));
	CHECK_EQUAL(state.state, CONTEXT_STATE_STOPPED);
	CHECK_EQUAL(state.exit, CONTEXT_EXIT_FAILED);
	CHECK_EQUAL(state.value, error);
	if (!has_text(state.detail, words)) tap_note("%s", state.detail);
	CHECK(has_text(state.detail, words));
	CHECK(has_text(state.detail, program));
	CHECK_OK(context_delete(context));
	capability_delete(context);
}

static void a_program_that_is_not_there_is_refused(void) {
	expect_refused(NO_LIMIT, "/bin/none", ERROR_NOT_FOUND, "there is no such program");
	CHECK_DONE();
	expect_refused(NO_LIMIT, "/none/at/all", ERROR_NOT_FOUND, "there is no such program");
}

static void a_directory_is_refused(void) { expect_refused(NO_LIMIT, "/bin", ERROR_ARGUMENT, "not a file"); }

static void a_service_is_refused(void) { expect_refused(NO_LIMIT, "/svc/console", ERROR_ARGUMENT, "not a file"); }

static void a_path_that_is_not_absolute_is_refused(void) {
	expect_refused(NO_LIMIT, "hello", ERROR_ARGUMENT, "begins with a `/`");
}

static void text_is_refused(void) { expect_refused(NO_LIMIT, "/etc/boot", ERROR_ARGUMENT, "not an ELF file"); }

static void damaged_programs_are_refused_each_in_its_words(void) {
	static const struct {
		const char *program;
		const char *words;
	} damaged[] = {
		{"/test/damaged/empty", "not an ELF file"},
		{"/test/damaged/header-cut", "cut short inside its ELF header"},
		{"/test/damaged/program-headers-cut", "cut short inside its program headers"},
		{"/test/damaged/segment-cut", "past the end of the file"},
		{"/test/damaged/overlap", "two segments share a page"},
		{"/test/damaged/into-kernel", "into the kernel's addresses"},
		{"/test/damaged/beyond-window", "beyond the context's address window"},
		{"/test/damaged/write-and-execute", "both writable and executable"},
		{"/test/damaged/other-machine", "for another processor"},
		{"/test/damaged/fixed-address", "linked to a fixed address"},
		{"/test/damaged/entry-outside", "entry point is not in executable memory"},
	};

	for (unsigned int index = 0; index < sizeof(damaged) / sizeof(damaged[0]); index++) {
		expect_refused(NO_LIMIT, damaged[index].program, ERROR_ARGUMENT, damaged[index].words);
		CHECK_DONE();
	}
}

static void a_limit_too_small_to_build_in_is_called_that(void) {
	struct context_state_answer state;
	capability_t context;
	uint64_t number;
	error_t error = context_create(own_context, 8192, 0, "process", own_program, &number, &context);

	/*
	 * Either the account has no room for the bare instance, or the factory finds it too small.
	 */
	if (error != ERROR_OK) {
		CHECK(error == ERROR_LIMIT || error == ERROR_NO_MEMORY);
		return;
	}
	error = context_start(context);
	CHECK(error == ERROR_LIMIT || error == ERROR_NO_MEMORY);
	CHECK_OK(context_state(context, &state));
	CHECK(has_text(state.detail, "memory limit is too small"));
	CHECK_OK(context_delete(context));
	capability_delete(context);
}

static void a_factory_that_is_not_there_is_refused(void) {
	capability_t context;
	uint64_t number;

	CHECK_ERROR(context_create(own_context, NO_LIMIT, 0, "none", own_program, &number, &context), ERROR_NOT_FOUND);
}

static void after_all_that_programs_run(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "exit", "0", &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_CODE);
}

const struct test program_tests[] = {
	TEST(a_program_that_is_not_there_is_refused),
	TEST(a_directory_is_refused),
	TEST(a_service_is_refused),
	TEST(a_path_that_is_not_absolute_is_refused),
	TEST(text_is_refused),
	TEST(damaged_programs_are_refused_each_in_its_words),
	TEST(a_limit_too_small_to_build_in_is_called_that),
	TEST(a_factory_that_is_not_there_is_refused),
	TEST(after_all_that_programs_run),
	TESTS_END,
};
