/* SPDX-License-Identifier: MIT */
/*
 * How contexts ended, as exit statuses and words.
 */
#include <nacre/abi/fault.h>
#include <nacre/protocol/context.h>

#include "../suite.h"
#include "ending.h"

START_TEST(a_program_that_ends_by_itself_gives_its_own_status) {
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_CODE, 0), 0);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_CODE, 255), 255);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_CODE, 256 + 7), 7);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_CODE, -1), 255);
}
END_TEST

START_TEST(faults_give_128_and_the_signal_for_them) {
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_VECTOR_PAGE), 139);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_VECTOR_PROTECTION), 139);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_PAGER_LOST), 139);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_VECTOR_DIVIDE), 136);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_VECTOR_INVALID), 132);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_EXCEPTION, FAULT_VECTOR_BREAKPOINT), 133);
}
END_TEST

START_TEST(killed_contexts_give_the_status_they_were_killed_with) {
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_KILLED, 130), 130);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_KILLED, 0), 0);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_KILLED, -5), 137);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_KILLED, 256), 137);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_MEMORY, ERROR_LIMIT), 137);
}
END_TEST

START_TEST(what_could_not_be_built_gives_126_or_127) {
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_FAILED, ERROR_ARGUMENT), 126);
	ck_assert_int_eq(ending_status(CONTEXT_EXIT_FAILED, ERROR_NOT_FOUND), 127);
}
END_TEST

START_TEST(every_state_and_ending_has_a_word) {
	ck_assert_str_eq(state_word(CONTEXT_STATE_CREATING), "creating");
	ck_assert_str_eq(state_word(CONTEXT_STATE_STOPPED), "stopped");
	ck_assert_str_eq(state_word(0), "unknown");
	ck_assert_str_eq(state_word(CONTEXT_STATE_STOPPED + 1), "unknown");
	ck_assert_str_eq(exit_word(CONTEXT_EXIT_NONE), "none");
	ck_assert_str_eq(exit_word(CONTEXT_EXIT_FAILED), "failed");
	ck_assert_str_eq(exit_word(CONTEXT_EXIT_FAILED + 1), "unknown");
}
END_TEST

SUITE("shell_ending", a_program_that_ends_by_itself_gives_its_own_status, faults_give_128_and_the_signal_for_them,
      killed_contexts_give_the_status_they_were_killed_with, what_could_not_be_built_gives_126_or_127,
      every_state_and_ending_has_a_word)
