/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: what is typed, what a reader gets, what is shown.
 */
#include <string.h>

#include "../suite.h"
#include "line_discipline.h"

static struct line_discipline line;
static uint8_t echo_bytes[65536];
static struct byte_queue echo;
static int interrupts, suspends;

static void given_mode(unsigned int mode) {
	line_initialize(&line, mode);
	byte_queue_initialize(&echo, echo_bytes, sizeof echo_bytes);
	interrupts = 0;
	suspends = 0;
}

static void type_bytes(const char *bytes, size_t count) {
	for (size_t i = 0; i < count; i++) {
		enum line_event event = line_input(&line, (uint8_t)bytes[i], &echo);
		interrupts += event == LINE_INTERRUPT;
		suspends += event == LINE_SUSPEND;
	}
}

static void type(const char *text) { type_bytes(text, strlen(text)); }

static void assert_reads(const char *expected, size_t limit) {
	uint8_t bytes[512];
	struct line_read read = line_read(&line, bytes, limit);
	ck_assert_uint_gt(read.taken, 0);
	ck_assert_uint_eq(read.count, strlen(expected));
	ck_assert_mem_eq(bytes, expected, read.count);
	line_consume(&line, read);
}

static void assert_nothing_to_read(void) {
	uint8_t bytes[16];
	ck_assert_uint_eq(line_read(&line, bytes, sizeof bytes).taken, 0);
}

static void assert_end_of_input(void) {
	uint8_t bytes[16];
	struct line_read read = line_read(&line, bytes, sizeof bytes);
	ck_assert_uint_gt(read.taken, 0);
	ck_assert_uint_eq(read.count, 0);
	line_consume(&line, read);
}

static void assert_shown(const char *expected) {
	char shown[1024] = "";
	byte_queue_take(&echo, shown, sizeof shown - 1);
	ck_assert_str_eq(shown, expected);
}

START_TEST(a_line_is_readable_only_when_it_is_finished) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("abc");
	assert_nothing_to_read();
	type("\r");
	assert_reads("abc\n", 512);
	assert_nothing_to_read();
	assert_shown("abc\r\n");
}
END_TEST

START_TEST(a_read_takes_one_line_at_most) {
	given_mode(LINE_CANONICAL);
	type("one\ntwo\n");
	assert_reads("one\n", 512);
	assert_reads("two\n", 512);
}
END_TEST

START_TEST(a_short_read_leaves_the_rest_of_the_line) {
	given_mode(LINE_CANONICAL);
	type("abcdef\n");
	assert_reads("abc", 3);
	assert_reads("def\n", 512);
}
END_TEST

START_TEST(backspace_and_delete_erase_one_character) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("ab\x7f"
	     "c\b"
	     "d\n");
	assert_reads("ad\n", 512);
	assert_shown("ab\b \bc\b \bd\r\n");
}
END_TEST

START_TEST(erasing_on_an_empty_line_does_nothing) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("\x7f\x15\x17");
	assert_shown("");
}
END_TEST

START_TEST(a_multibyte_character_is_erased_whole) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("a\xc3\xa9\x7f\n");
	assert_reads("a\n", 512);
	assert_shown("a\xc3\xa9\b \b\r\n");
}
END_TEST

START_TEST(control_characters_are_shown_with_a_caret_and_erased_whole) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("\x01\x7f\x1b\n");
	assert_reads("\x1b\n", 512);
	assert_shown("^A\b \b\b \b^[\r\n");
}
END_TEST

START_TEST(kill_erases_the_line_and_word_erase_the_last_word) {
	given_mode(LINE_CANONICAL);
	type("gone\x15one two  \x17three\n");
	assert_reads("one three\n", 512);
}
END_TEST

START_TEST(control_d_on_an_empty_line_is_the_end_of_input_once) {
	given_mode(LINE_CANONICAL);
	type("a\n\x04"
	     "b\n");
	assert_reads("a\n", 512);
	assert_end_of_input();
	assert_reads("b\n", 512);
}
END_TEST

START_TEST(control_d_within_a_line_cuts_it_and_is_not_the_end_of_input) {
	given_mode(LINE_CANONICAL);
	type("ab\x04");
	assert_reads("ab", 2);
	assert_nothing_to_read();
	type("c\n");
	assert_reads("c\n", 512);
}
END_TEST

START_TEST(control_c_is_an_event_and_discards_what_was_typed) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	type("old\nhalf\x03new\n");
	ck_assert_int_eq(interrupts, 1);
	assert_reads("new\n", 512);
	assert_shown("old\r\nhalf^C\r\nnew\r\n");
}
END_TEST

START_TEST(control_z_is_an_event_and_keeps_what_was_typed) {
	given_mode(LINE_CANONICAL);
	type("half\x1a\n");
	ck_assert_int_eq(suspends, 1);
	assert_reads("half\n", 512);
}
END_TEST

START_TEST(in_raw_mode_every_byte_is_readable_and_none_is_special) {
	given_mode(LINE_RAW);
	type("a\x03\x04\r\x7f");
	ck_assert_int_eq(interrupts, 0);
	assert_reads("a\x03\x04\r\x7f", 512);
	assert_shown("");
}
END_TEST

START_TEST(without_raw_and_canonical_control_c_still_is_an_event) {
	given_mode(LINE_ECHO);
	type("a\r\x03");
	ck_assert_int_eq(interrupts, 1);
	assert_nothing_to_read();
	assert_shown("a\r\n^C\r\n");
}
END_TEST

START_TEST(entering_canonical_mode_edits_what_was_typed_ahead) {
	given_mode(LINE_RAW);
	type("ax\x7f"
	     "b\rhalf");
	line_set_mode(&line, LINE_CANONICAL | LINE_ECHO, &echo);
	assert_reads("ab\n", 512);
	assert_nothing_to_read();
	type("\n");
	assert_reads("half\n", 512);
	assert_shown("ax\b \bb\r\nhalf\r\n");
}
END_TEST

START_TEST(leaving_canonical_mode_makes_the_unfinished_line_readable) {
	given_mode(LINE_CANONICAL);
	type("done\nhalf");
	line_set_mode(&line, LINE_RAW, &echo);
	assert_reads("done\nhalf", 512);
}
END_TEST

START_TEST(a_line_longer_than_the_limit_rings_the_bell_and_keeps_its_start) {
	given_mode(LINE_CANONICAL | LINE_ECHO);
	for (size_t i = 0; i < LINE_LONGEST; i++) type("x");
	byte_queue_take(&echo, echo_bytes, LINE_LONGEST);
	type("y");
	assert_shown("\a");
	type("\n");
	uint8_t bytes[LINE_LONGEST + 2];
	struct line_read read = line_read(&line, bytes, sizeof bytes);
	ck_assert_uint_eq(read.count, LINE_LONGEST + 1);
}
END_TEST

START_TEST(input_nobody_reads_is_kept_up_to_the_limit_and_refused_beyond) {
	given_mode(LINE_CANONICAL);
	for (size_t i = 0; i < 10000; i++) type("x\n");
	ck_assert_uint_eq(line.ready_count, LINE_READY_SIZE);
	assert_reads("x\n", 512);
}
END_TEST

SUITE("console_line", a_line_is_readable_only_when_it_is_finished, a_read_takes_one_line_at_most,
      a_short_read_leaves_the_rest_of_the_line, backspace_and_delete_erase_one_character,
      erasing_on_an_empty_line_does_nothing, a_multibyte_character_is_erased_whole,
      control_characters_are_shown_with_a_caret_and_erased_whole, kill_erases_the_line_and_word_erase_the_last_word,
      control_d_on_an_empty_line_is_the_end_of_input_once, control_d_within_a_line_cuts_it_and_is_not_the_end_of_input,
      control_c_is_an_event_and_discards_what_was_typed, control_z_is_an_event_and_keeps_what_was_typed,
      in_raw_mode_every_byte_is_readable_and_none_is_special, without_raw_and_canonical_control_c_still_is_an_event,
      entering_canonical_mode_edits_what_was_typed_ahead, leaving_canonical_mode_makes_the_unfinished_line_readable,
      a_line_longer_than_the_limit_rings_the_bell_and_keeps_its_start,
      input_nobody_reads_is_kept_up_to_the_limit_and_refused_beyond)
