/* SPDX-License-Identifier: MIT */
/*
 * Sessions of the host link as they should be: scripts in, results out, flow control.
 */
#include <string.h>

#include "../suite.h"
#include "hello.h"
#include "link_host.h"
#include "little_endian.h"

START_TEST(hello_goes_out_once_a_tick_until_the_host_answers) {
	given_a_link();
	struct frame frame = host_expects(0, CONTROL_HELLO);
	ck_assert_uint_eq(frame.sequence, 0);
	ck_assert_mem_eq(frame.payload + HELLO_SIZE, "nacre 0.1.0", 11);
	host_expects_nothing();
	link_tick(&link_);
	host_expects(0, CONTROL_HELLO);
	host_says_hello(0x7);
	ck_assert_int_eq(link_.state, LINK_UP);
	ck_assert_int_eq(changes, 1);
	link_tick(&link_);
	host_expects_nothing();
}
END_TEST

START_TEST(without_a_host_messages_are_dropped_and_nothing_piles_up) {
	given_a_link();
	stream("lost");
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	ck_assert_int_eq(link_record(&link_, 1, 1, "a", 1, "b", 1), ERROR_OK);
	ck_assert(link_has_room(&link_));
	ck_assert(link_is_quiet(&link_));
}
END_TEST

START_TEST(a_script_arrives_in_pieces_and_runs_once) {
	uint8_t text[32] = "";
	given_a_ready_shell();
	host_sends(1, COMMAND_TEXT, 1, "echo h");
	host_sends(1, COMMAND_TEXT, 1, "i\n");
	ck_assert_int_eq(runs, 0);
	host_sends(1, COMMAND_RUN, 1, "");
	ck_assert_int_eq(runs, 1);
	ck_assert_uint_eq(script_read(&link_.running, 0, text, sizeof text), 8);
	ck_assert_str_eq((char *)text, "echo hi\n");
	ck_assert_uint_eq(script_read(&link_.running, 5, text, 2), 2);
	ck_assert_uint_eq(script_read(&link_.running, 8, text, 2), 0);
	ck_assert_uint_eq(script_read(&link_.running, UINT64_MAX, text, 2), 0);
}
END_TEST

START_TEST(results_come_in_order_and_small_writes_travel_together) {
	given_a_running_script();
	stream("a");
	stream("b");
	ck_assert_int_eq(link_status(&link_, 1, 3, 1500000, "echo hi", 7), ERROR_OK);
	ck_assert_int_eq(link_done(&link_, 3, 1, 1), ERROR_OK);
	struct frame frame = host_expects(1, COMMAND_STDOUT);
	ck_assert_uint_eq(frame.sequence, 2);
	ck_assert_uint_eq(frame.acknowledged, 2);
	ck_assert_uint_eq(frame.count, 2);
	ck_assert_mem_eq(frame.payload, "ab", 2);
	frame = host_expects(1, COMMAND_STATUS);
	ck_assert_mem_eq(frame.payload,
	                 "\1\0\0\0\3\0\0\0\x60\xe3\x16\0\0\0\0\0"
	                 "echo hi",
	                 frame.count);
	host_acknowledges(3);
	frame = host_expects(1, COMMAND_DONE);
	ck_assert_mem_eq(frame.payload, "\3\0\0\0\1\0\0\0\1\0\0\0", 12);
	ck_assert_int_eq(link_.shell, LINK_SHELL_READY);
}
END_TEST

START_TEST(no_more_frames_travel_than_the_host_can_keep) {
	given_a_running_script(); /* READY was acknowledged */
	for (uint32_t i = 0; i < 10; i++) ck_assert_int_eq(link_status(&link_, i, 0, 0, "x", 1), ERROR_OK);
	for (uint32_t i = 0; i < HOST_WINDOW; i++) host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	host_acknowledges(2);
	host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	host_acknowledges(5);
	for (uint32_t i = 0; i < HOST_WINDOW; i++) host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	ck_assert(!link_is_quiet(&link_));
}
END_TEST

START_TEST(much_output_is_cut_into_frames_and_has_no_room_after_a_while) {
	static uint8_t bytes[80000];
	size_t total = 0;
	given_a_running_script();
	for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
	ck_assert_int_eq(link_stream(&link_, COMMAND_STDERR, bytes, sizeof bytes), ERROR_OK);
	ck_assert(!link_has_room(&link_));
	for (uint32_t number = 2; total < sizeof bytes; number++) {
		struct frame frame = host_expects(1, COMMAND_STDERR);
		ck_assert_uint_le(frame.count, 4096);
		ck_assert_mem_eq(frame.payload, bytes + total, frame.count);
		total += frame.count;
		host_acknowledges(number);
	}
	ck_assert(link_has_room(&link_));
	ck_assert_uint_eq(total, sizeof bytes);
}
END_TEST

START_TEST(the_host_is_told_when_half_of_our_window_is_used) {
	given_a_ready_shell();
	for (uint32_t i = 0; i < LINK_WINDOW / 2 - 1; i++) host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_nothing();
	host_sends(1, COMMAND_TEXT, 1, "x");
	ck_assert_uint_eq(host_expects(0, CONTROL_ACK).acknowledged, LINK_WINDOW / 2);
	host_expects_nothing();
}
END_TEST

START_TEST(records_go_only_to_a_host_that_takes_them) {
	given_a_session();
	ck_assert_int_eq(link_record(&link_, 2000000001, 2, "pager", 5, "low", 3), ERROR_OK);
	struct frame frame = host_expects(2, LOG_RECORD);
	ck_assert_mem_eq(frame.payload, "\1\x94\x35\x77\0\0\0\0\2\5pagerlow", frame.count);
	given_a_link();
	host_expects(0, CONTROL_HELLO);
	host_says_hello(0x3);
	ck_assert_int_eq(link_record(&link_, 1, 2, "pager", 5, "low", 3), ERROR_OK);
	host_expects_nothing();
}
END_TEST

START_TEST(the_host_can_switch_the_machine_off_and_hears_of_it) {
	given_a_session();
	host_sends_frame((struct frame){0, CONTROL_POWEROFF, ++host_sent, 0, (const uint8_t *)"\xfe\xff\xff\xff", 4});
	ck_assert_int_eq(power_offs, 1);
	ck_assert_int_eq(power_status, -2);
	ck_assert_int_eq(link_power_off(&link_, -2), ERROR_OK);
	ck_assert_mem_eq(host_expects(0, CONTROL_POWEROFF).payload, "\xfe\xff\xff\xff", 4);
}
END_TEST

START_TEST(numbers_go_on_from_one_after_the_last) {
	given_a_ready_shell();
	link_.received = UINT32_MAX - 1;
	link_.told = UINT32_MAX - 1;
	host_sent = UINT32_MAX - 1;
	host_sends(1, COMMAND_TEXT, 1, "a");
	host_sent = 0;
	host_sends(1, COMMAND_TEXT, 1, "b");
	ck_assert_int_eq(link_.state, LINK_UP);
	ck_assert_uint_eq(link_.received, 1);
	link_.sent = link_.acknowledged = UINT32_MAX;
	ck_assert_int_eq(link_power_off(&link_, 0), ERROR_OK);
	ck_assert_uint_eq(host_expects(0, CONTROL_POWEROFF).sequence, 1);
	host_acknowledges(1);
	ck_assert_int_eq(link_.state, LINK_UP);
}
END_TEST

SUITE("hostlink_link", hello_goes_out_once_a_tick_until_the_host_answers,
      without_a_host_messages_are_dropped_and_nothing_piles_up, a_script_arrives_in_pieces_and_runs_once,
      results_come_in_order_and_small_writes_travel_together, no_more_frames_travel_than_the_host_can_keep,
      much_output_is_cut_into_frames_and_has_no_room_after_a_while, the_host_is_told_when_half_of_our_window_is_used,
      records_go_only_to_a_host_that_takes_them, the_host_can_switch_the_machine_off_and_hears_of_it,
      numbers_go_on_from_one_after_the_last)
