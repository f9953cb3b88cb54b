/* SPDX-License-Identifier: MIT */
/*
 * Sessions of the host link that break a rule, and what comes after them.
 */
#include <string.h>

#include "../suite.h"
#include "hello.h"
#include "link_host.h"
#include "little_endian.h"

START_TEST(a_hello_that_makes_no_sense_or_shares_no_version_starts_nothing) {
	uint8_t payload[HELLO_SIZE];
	struct hello hellos[] = {
		{1, 1, 0, 4096, 7}, {1, 1, 4, 255, 7}, {1, 1, 4, 4097, 7}, {2, 1, 4, 4096, 7}, {2, 3, 4, 4096, 7}};
	given_a_link();
	for (size_t i = 0; i < sizeof hellos / sizeof hellos[0]; i++) {
		hello_encode(&hellos[i], payload);
		host_sends_frame((struct frame){0, CONTROL_HELLO, 0, 0, payload, sizeof payload});
		ck_assert_int_eq(link_.state, LINK_SEEKING);
	}
	host_sends_frame((struct frame){0, CONTROL_HELLO, 0, 0, payload, HELLO_SIZE - 1});
	ck_assert_int_eq(link_.state, LINK_SEEKING);
}
END_TEST

START_TEST(a_gap_or_a_repetition_ends_the_session) {
	given_a_ready_shell();
	host_sent++;
	host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_error(LINK_ERROR_SEQUENCE);
	given_a_ready_shell();
	host_sends(1, COMMAND_TEXT, 1, "x");
	host_sent--;
	host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_error(LINK_ERROR_SEQUENCE);
	given_a_ready_shell();
	host_acknowledges(9);
	host_expects_error(LINK_ERROR_SEQUENCE);
}
END_TEST

START_TEST(a_damaged_frame_ends_the_session_and_a_new_one_can_start) {
	given_a_ready_shell();
	byte_queue_put(&to_guest, "\3ab", 4);
	link_receive(&link_, &to_guest);
	host_expects_error(LINK_ERROR_FRAME);
	link_tick(&link_);
	host_expects(0, CONTROL_HELLO);
	host_sent = 0;
	host_says_hello(0x7);
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	ck_assert_uint_eq(host_expects(0, CONTROL_READY).sequence, 1);
}
END_TEST

START_TEST(frames_at_the_wrong_time_end_the_session) {
	given_a_session();
	host_sends(1, COMMAND_TEXT, 0, "x");
	host_expects_error(LINK_ERROR_STATE);
	given_a_session();
	host_sends(1, COMMAND_RUN, 0, "");
	host_expects_error(LINK_ERROR_STATE);
	given_a_running_script();
	host_sends(1, COMMAND_RUN, 1, "");
	host_expects_error(LINK_ERROR_STATE);
}
END_TEST

START_TEST(unknown_frames_and_misshapen_payloads_end_the_session) {
	given_a_session();
	host_sends(9, 1, 0, "");
	host_expects_error(LINK_ERROR_UNKNOWN);
	given_a_session();
	host_sends(1, 77, 0, "");
	host_expects_error(LINK_ERROR_UNKNOWN);
	given_a_session();
	host_sends(0, CONTROL_POWEROFF, 0, "xyz");
	host_expects_error(LINK_ERROR_PAYLOAD);
	given_a_ready_shell();
	host_sends(1, COMMAND_RUN, 1, "x");
	host_expects_error(LINK_ERROR_PAYLOAD);
}
END_TEST

START_TEST(more_frames_than_the_window_end_the_session) {
	given_a_ready_shell();
	for (uint32_t i = 0; i < LINK_WINDOW; i++) host_sends(1, COMMAND_TEXT, 1, "x");
	ck_assert_int_eq(link_.state, LINK_UP);
	host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_error(LINK_ERROR_WINDOW);
}
END_TEST

START_TEST(a_script_beyond_the_limit_is_refused_with_the_limit_in_words) {
	static char text[4097];
	memset(text, 'x', 4096);
	given_a_ready_shell();
	for (size_t total = 0; total < SCRIPT_LIMIT; total += 4096) {
		struct frame frame;
		host_sends(1, COMMAND_TEXT, 1, text);
		while (host_reads(&frame)) ck_assert_uint_eq(frame.kind, CONTROL_ACK);
	}
	ck_assert_int_eq(link_.state, LINK_UP);
	host_sends(1, COMMAND_TEXT, 1, "x");
	struct frame frame = host_expects(0, CONTROL_ERROR);
	ck_assert_uint_eq(get_number(frame.payload, 2), LINK_ERROR_PAYLOAD);
	ck_assert_mem_eq(frame.payload + 2, "a script may have 4194304 bytes at most", 39);
}
END_TEST

START_TEST(the_results_of_a_script_do_not_reach_the_next_session) {
	given_a_running_script();
	host_sends_frame((struct frame){0, CONTROL_ERROR, 0, 1, (const uint8_t *)"\4\0", 2});
	ck_assert_int_eq(link_.state, LINK_SEEKING);
	link_tick(&link_);
	host_expects(0, CONTROL_HELLO);
	host_says_hello(0x7);
	stream("old");
	ck_assert_int_eq(link_status(&link_, 1, 0, 0, "old", 3), ERROR_OK);
	ck_assert_int_eq(link_done(&link_, 0, 1, 0), ERROR_STATE);
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	host_expects(0, CONTROL_READY);
	host_expects_nothing();
}
END_TEST

START_TEST(noise_before_the_session_is_ignored) {
	given_a_link();
	byte_queue_put(&to_guest, "noise\0more\1\0", 13);
	link_receive(&link_, &to_guest);
	host_expects(0, CONTROL_HELLO);
	host_expects_nothing();
	host_says_hello(0x7);
	ck_assert_int_eq(link_.state, LINK_UP);
}
END_TEST

SUITE("hostlink_rules", a_hello_that_makes_no_sense_or_shares_no_version_starts_nothing,
      a_gap_or_a_repetition_ends_the_session, a_damaged_frame_ends_the_session_and_a_new_one_can_start,
      frames_at_the_wrong_time_end_the_session, unknown_frames_and_misshapen_payloads_end_the_session,
      more_frames_than_the_window_end_the_session, a_script_beyond_the_limit_is_refused_with_the_limit_in_words,
      the_results_of_a_script_do_not_reach_the_next_session, noise_before_the_session_is_ignored)
