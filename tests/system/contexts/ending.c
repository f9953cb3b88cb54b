/* SPDX-License-Identifier: MIT */
/*
 * How contexts end, and what is told about it.
 */
#include <nacre/abi/fault.h>

#include "runs.h"
#include "topics.h"

static void a_program_that_ends_tells_its_status(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "exit", "42", &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_CODE);
	CHECK_EQUAL(ending.value, 42);
	CHECK(has_text(ending.detail, "42"));
}

static void a_touch_of_nothing_is_told_with_its_address(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "null", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.value, FAULT_VECTOR_PAGE);
	CHECK_EQUAL(ending.address, 16);
	CHECK(has_text(ending.detail, "touched memory that it does not have: address 0x10"));
}

static void a_write_to_code_is_told_as_such(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "write-code", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.value, FAULT_VECTOR_PAGE);
	CHECK(has_text(ending.detail, "not allowed there"));
}

static void an_illegal_instruction_ends_its_context(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "illegal", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.value, FAULT_VECTOR_INVALID);
	CHECK(has_text(ending.detail, "illegal instruction"));
}

static void a_division_by_zero_ends_its_context(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "divide", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.value, FAULT_VECTOR_DIVIDE);
	CHECK(has_text(ending.detail, "divided by zero"));
}

static void a_privileged_instruction_ends_its_context(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "privileged", NULL, &ending));
	CHECK_EQUAL(ending.value, FAULT_VECTOR_PROTECTION);
}

static void a_fault_in_a_second_thread_ends_the_whole_context(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "thread-fault", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.address, 16);
}

static void a_stack_that_overflows_ends_its_context(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "overflow", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_EXCEPTION);
	CHECK_EQUAL(ending.value, FAULT_VECTOR_PAGE);
}

static void a_hog_under_a_limit_runs_out_of_memory_alone(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(UINT64_C(4) << 20, "hog", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_MEMORY);
	CHECK(has_text(ending.detail, "out of memory: its limit is used up"));
	CHECK_OK(run_through(NO_LIMIT, "exit", "0", &ending));
	CHECK_EQUAL(ending.value, 0);
}

const struct test ending_tests[] = {
	TEST(a_program_that_ends_tells_its_status),
	TEST(a_touch_of_nothing_is_told_with_its_address),
	TEST(a_write_to_code_is_told_as_such),
	TEST(an_illegal_instruction_ends_its_context),
	TEST(a_division_by_zero_ends_its_context),
	TEST(a_privileged_instruction_ends_its_context),
	TEST(a_fault_in_a_second_thread_ends_the_whole_context),
	TEST(a_stack_that_overflows_ends_its_context),
	TEST(a_hog_under_a_limit_runs_out_of_memory_alone),
	TESTS_END,
};
