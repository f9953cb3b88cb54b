/* SPDX-License-Identifier: MIT */
/*
 * Sessions of the host link: a host made of a few lines talks to the guest's side.
 */
#include <string.h>

#include "../suite.h"
#include "hello.h"
#include "link.h"
#include "little_endian.h"

#define HOST_WINDOW 3u

static struct link link_;
static uint8_t to_guest_bytes[65536], from_guest_bytes[65536];
static struct byte_queue to_guest, from_guest;
static struct frame_reader host_reader;
static uint32_t host_sent;

static int runs, power_offs, changes;
static int32_t power_status;

static void on_run(void *context)
{
	(void)context;
	runs++;
}

static void on_power_off(void *context, int32_t status)
{
	(void)context;
	power_offs++;
	power_status = status;
}

static void on_change(void *context)
{
	(void)context;
	changes++;
}

static void given_a_link(void)
{
	byte_queue_initialize(&to_guest, to_guest_bytes, sizeof to_guest_bytes);
	byte_queue_initialize(&from_guest, from_guest_bytes, sizeof from_guest_bytes);
	host_reader.count = 0;
	host_sent = 0;
	runs = power_offs = changes = 0;
	link_initialize(&link_, (struct link_handler){on_run, on_power_off, on_change, NULL});
}

static void host_sends_frame(struct frame frame)
{
	uint8_t encoded[FRAME_ENCODED_MAX + 1];
	byte_queue_put(&to_guest, encoded, frame_encode(&frame, encoded));
	link_receive(&link_, &to_guest);
}

static void host_sends(uint8_t channel, uint8_t kind, uint32_t acknowledged, const char *payload)
{
	host_sends_frame((struct frame){channel, kind, ++host_sent, acknowledged,
	                                (const uint8_t *)payload, strlen(payload)});
}

static void host_acknowledges(uint32_t number)
{
	host_sends_frame((struct frame){0, CONTROL_ACK, 0, number, NULL, 0});
}

static void host_says_hello(uint32_t channels)
{
	uint8_t payload[HELLO_SIZE];
	struct hello hello = {1, 1, HOST_WINDOW, 4096, channels};
	hello_encode(&hello, payload);
	host_sends_frame((struct frame){0, CONTROL_HELLO, 0, 0, payload, sizeof payload});
}

/* The next frame from the guest; 0 if there is none. Its payload lives until the next call. */
static int host_reads(struct frame *frame)
{
	uint8_t byte;
	link_send(&link_, &from_guest);
	while (byte_queue_take(&from_guest, &byte, 1) == 1) {
		enum frame_result result = frame_read(&host_reader, byte, frame);
		ck_assert_int_le(result, FRAME_COMPLETE);
		if (result == FRAME_COMPLETE)
			return 1;
	}
	return 0;
}

static struct frame host_expects(uint8_t channel, uint8_t kind)
{
	struct frame frame;
	ck_assert(host_reads(&frame));
	ck_assert_uint_eq(frame.channel, channel);
	ck_assert_uint_eq(frame.kind, kind);
	return frame;
}

static void host_expects_nothing(void)
{
	struct frame frame;
	ck_assert(!host_reads(&frame));
}

static void host_expects_error(enum link_error code)
{
	struct frame frame = host_expects(0, CONTROL_ERROR);
	ck_assert_uint_ge(frame.count, 2);
	ck_assert_uint_eq(get_number(frame.payload, 2), code);
	ck_assert_int_eq(link_.state, LINK_SEEKING);
}

static void given_a_session(void)
{
	given_a_link();
	host_expects(0, CONTROL_HELLO);
	host_says_hello(0x7);
}

static void given_a_ready_shell(void)
{
	given_a_session();
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	ck_assert_uint_eq(host_expects(0, CONTROL_READY).sequence, 1);
}

static void given_a_running_script(void)
{
	given_a_ready_shell();
	host_sends(1, COMMAND_TEXT, 1, "echo hi\n");
	host_sends(1, COMMAND_RUN, 1, "");
	ck_assert_int_eq(runs, 1);
}

static void stream(const char *text)
{
	ck_assert_int_eq(link_stream(&link_, COMMAND_STDOUT, (const uint8_t *)text, strlen(text)),
	                 ERROR_OK);
}

START_TEST(hello_goes_out_once_a_tick_until_the_host_answers)
{
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

START_TEST(without_a_host_messages_are_dropped_and_nothing_piles_up)
{
	given_a_link();
	stream("lost");
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	ck_assert_int_eq(link_record(&link_, 1, 1, "a", 1, "b", 1), ERROR_OK);
	ck_assert(link_has_room(&link_));
	ck_assert(link_is_quiet(&link_));
}
END_TEST

START_TEST(noise_before_the_session_is_ignored)
{
	given_a_link();
	byte_queue_put(&to_guest, "noise\0more\1\0", 13);
	link_receive(&link_, &to_guest);
	host_expects(0, CONTROL_HELLO);
	host_expects_nothing();
	host_says_hello(0x7);
	ck_assert_int_eq(link_.state, LINK_UP);
}
END_TEST

START_TEST(a_hello_that_makes_no_sense_or_shares_no_version_starts_nothing)
{
	uint8_t payload[HELLO_SIZE];
	struct hello hellos[] = {{1, 1, 0, 4096, 7},
	                         {1, 1, 4, 255, 7},
	                         {1, 1, 4, 4097, 7},
	                         {2, 1, 4, 4096, 7},
	                         {2, 3, 4, 4096, 7}};
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

START_TEST(a_script_arrives_in_pieces_and_runs_once)
{
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

START_TEST(results_come_in_order_and_small_writes_travel_together)
{
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

START_TEST(no_more_frames_travel_than_the_host_can_keep)
{
	given_a_running_script(); /* READY was acknowledged */
	for (uint32_t i = 0; i < 10; i++)
		ck_assert_int_eq(link_status(&link_, i, 0, 0, "x", 1), ERROR_OK);
	for (uint32_t i = 0; i < HOST_WINDOW; i++)
		host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	host_acknowledges(2);
	host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	host_acknowledges(5);
	for (uint32_t i = 0; i < HOST_WINDOW; i++)
		host_expects(1, COMMAND_STATUS);
	host_expects_nothing();
	ck_assert(!link_is_quiet(&link_));
}
END_TEST

START_TEST(much_output_is_cut_into_frames_and_has_no_room_after_a_while)
{
	static uint8_t bytes[80000];
	size_t total = 0;
	given_a_running_script();
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7);
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

START_TEST(the_host_is_told_when_half_of_our_window_is_used)
{
	given_a_ready_shell();
	for (uint32_t i = 0; i < LINK_WINDOW / 2 - 1; i++)
		host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_nothing();
	host_sends(1, COMMAND_TEXT, 1, "x");
	ck_assert_uint_eq(host_expects(0, CONTROL_ACK).acknowledged, LINK_WINDOW / 2);
	host_expects_nothing();
}
END_TEST

START_TEST(records_go_only_to_a_host_that_takes_them)
{
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

START_TEST(the_host_can_switch_the_machine_off_and_hears_of_it)
{
	given_a_session();
	host_sends_frame((struct frame){0, CONTROL_POWEROFF, ++host_sent, 0,
	                                (const uint8_t *)"\xfe\xff\xff\xff", 4});
	ck_assert_int_eq(power_offs, 1);
	ck_assert_int_eq(power_status, -2);
	ck_assert_int_eq(link_power_off(&link_, -2), ERROR_OK);
	ck_assert_mem_eq(host_expects(0, CONTROL_POWEROFF).payload, "\xfe\xff\xff\xff", 4);
}
END_TEST

START_TEST(a_gap_or_a_repetition_ends_the_session)
{
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

START_TEST(a_damaged_frame_ends_the_session_and_a_new_one_can_start)
{
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

START_TEST(frames_at_the_wrong_time_end_the_session)
{
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

START_TEST(unknown_frames_and_misshapen_payloads_end_the_session)
{
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

START_TEST(more_frames_than_the_window_end_the_session)
{
	given_a_ready_shell();
	for (uint32_t i = 0; i < LINK_WINDOW; i++)
		host_sends(1, COMMAND_TEXT, 1, "x");
	ck_assert_int_eq(link_.state, LINK_UP);
	host_sends(1, COMMAND_TEXT, 1, "x");
	host_expects_error(LINK_ERROR_WINDOW);
}
END_TEST

START_TEST(a_script_beyond_the_limit_is_refused_with_the_limit_in_words)
{
	static char text[4097];
	memset(text, 'x', 4096);
	given_a_ready_shell();
	for (size_t total = 0; total < SCRIPT_LIMIT; total += 4096) {
		struct frame frame;
		host_sends(1, COMMAND_TEXT, 1, text);
		while (host_reads(&frame))
			ck_assert_uint_eq(frame.kind, CONTROL_ACK);
	}
	ck_assert_int_eq(link_.state, LINK_UP);
	host_sends(1, COMMAND_TEXT, 1, "x");
	struct frame frame = host_expects(0, CONTROL_ERROR);
	ck_assert_uint_eq(get_number(frame.payload, 2), LINK_ERROR_PAYLOAD);
	ck_assert_mem_eq(frame.payload + 2, "a script may have 4194304 bytes at most", 39);
}
END_TEST

START_TEST(numbers_go_on_from_one_after_the_last)
{
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

START_TEST(the_results_of_a_script_do_not_reach_the_next_session)
{
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

SUITE("hostlink_link", hello_goes_out_once_a_tick_until_the_host_answers,
      without_a_host_messages_are_dropped_and_nothing_piles_up, noise_before_the_session_is_ignored,
      a_hello_that_makes_no_sense_or_shares_no_version_starts_nothing,
      a_script_arrives_in_pieces_and_runs_once,
      results_come_in_order_and_small_writes_travel_together,
      no_more_frames_travel_than_the_host_can_keep,
      much_output_is_cut_into_frames_and_has_no_room_after_a_while,
      the_host_is_told_when_half_of_our_window_is_used, records_go_only_to_a_host_that_takes_them,
      the_host_can_switch_the_machine_off_and_hears_of_it, a_gap_or_a_repetition_ends_the_session,
      a_damaged_frame_ends_the_session_and_a_new_one_can_start,
      frames_at_the_wrong_time_end_the_session,
      unknown_frames_and_misshapen_payloads_end_the_session,
      more_frames_than_the_window_end_the_session,
      a_script_beyond_the_limit_is_refused_with_the_limit_in_words,
      numbers_go_on_from_one_after_the_last, the_results_of_a_script_do_not_reach_the_next_session)
