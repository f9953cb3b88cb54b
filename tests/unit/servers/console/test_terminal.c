/* SPDX-License-Identifier: MIT */
/*
 * The terminal: who gets what is typed, whole writes, and clients that go away.
 */
#include <string.h>

#include "../suite.h"
#include "terminal.h"

#define REPLIES 256u

struct outcome {
	size_t count;
	int reads, writes, cancels;
	char bytes[TERMINAL_TRANSFER_MAX + 1];
};

static struct outcome outcomes[REPLIES];
static int happened[REPLIES];
static int releases[REPLIES];
static uint32_t gone;       /* the reply whose client is gone */
static uint32_t given_up;   /* replies from 1 to this one are awaited by nobody */
static uint32_t dead_owner; /* owners from 1 to this one are dead */
static struct terminal terminal;

static error_t read_done(void *context, uint32_t reply, const uint8_t *bytes, size_t count) {
	(void)context;
	if (reply == gone) return ERROR_CAPABILITY;
	outcomes[reply].reads++;
	outcomes[reply].count = count;
	memcpy(outcomes[reply].bytes, bytes, count);
	outcomes[reply].bytes[count] = 0;
	return ERROR_OK;
}

static void write_done(void *context, uint32_t reply, size_t count) {
	(void)context;
	outcomes[reply].writes++;
	outcomes[reply].count = count;
}

static void cancelled(void *context, uint32_t reply) {
	(void)context;
	outcomes[reply].cancels++;
}

static void on_event(void *context, uint32_t cookie) {
	(void)context;
	happened[cookie]++;
}

static int awaited(void *context, uint32_t reply) {
	(void)context;
	return reply > given_up;
}

static int exists(void *context, uint32_t cookie) {
	(void)context;
	return cookie > dead_owner;
}

static void released(void *context, uint32_t cookie) {
	(void)context;
	releases[cookie]++;
}

static void given_a_terminal(void) {
	struct terminal_client client = {read_done, write_done, cancelled, on_event, awaited, exists, released, NULL};
	memset(releases, 0, sizeof releases);
	given_up = dead_owner = 0;
	memset(outcomes, 0, sizeof outcomes);
	memset(happened, 0, sizeof happened);
	gone = 0;
	ck_assert_int_eq(terminal_initialize(&terminal, client, LINE_CANONICAL | LINE_ECHO), ERROR_OK);
}

static uint64_t given_a_session_of(uint32_t owner) {
	uint64_t badge = 0;
	ck_assert_int_eq(terminal_open(&terminal, (struct terminal_owner){owner, owner}, &badge), ERROR_OK);
	ck_assert_uint_ne(badge, 0);
	return badge;
}

static uint64_t given_a_session(void) { return given_a_session_of(200); }

static void type(const char *text) {
	byte_queue_put(&terminal.input, text, strlen(text));
	terminal_run(&terminal);
}

static void read_in(uint64_t badge, uint32_t reply) {
	ck_assert_int_eq(terminal_read(&terminal, badge, reply, 440), ERROR_OK);
	terminal_run(&terminal);
}

static void write_in(uint64_t badge, uint32_t reply, const char *text) {
	ck_assert_int_eq(terminal_write(&terminal, badge, reply, (const uint8_t *)text, strlen(text)), ERROR_OK);
	terminal_run(&terminal);
}

START_TEST(a_read_waits_for_its_line) {
	given_a_terminal();
	read_in(0, 1);
	type("hel");
	ck_assert_int_eq(outcomes[1].reads, 0);
	type("lo\n");
	ck_assert_int_eq(outcomes[1].reads, 1);
	ck_assert_str_eq(outcomes[1].bytes, "hello\n");
}
END_TEST

START_TEST(what_was_typed_ahead_goes_to_the_next_reader) {
	given_a_terminal();
	type("early\n");
	read_in(0, 1);
	ck_assert_str_eq(outcomes[1].bytes, "early\n");
}
END_TEST

START_TEST(what_was_typed_before_anybody_asked_goes_to_the_first_that_does) {
	unsigned int previous;
	given_a_terminal();
	uint64_t other = given_a_session();
	type("hi\r");
	ck_assert_int_eq(terminal_has_input(&terminal), 0);
	ck_assert_uint_eq(terminal.output.count, 0);
	ck_assert_int_eq(terminal_set_mode(&terminal, other, LINE_RAW, &previous), ERROR_OK);
	read_in(other, 1);
	ck_assert_int_eq(outcomes[1].reads, 1);
	ck_assert_str_eq(outcomes[1].bytes, "h");
	read_in(other, 2);
	ck_assert_str_eq(outcomes[2].bytes, "i\r");
	type("x");
	read_in(other, 3);
	ck_assert_str_eq(outcomes[3].bytes, "x");
}
END_TEST

START_TEST(who_wants_to_be_told_of_input_has_asked_for_it) {
	uint32_t old;
	given_a_terminal();
	uint64_t other = given_a_session();
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INTERRUPT, 10, &old), ERROR_OK);
	type("a");
	ck_assert_uint_eq(terminal.input.count, 1);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INPUT, 11, &old), ERROR_OK);
	type("\n");
	ck_assert_int_eq(happened[11], 1);
	read_in(other, 1);
	ck_assert_str_eq(outcomes[1].bytes, "a\n");
}
END_TEST

START_TEST(input_goes_to_the_session_that_asked_last) {
	given_a_terminal();
	uint64_t other = given_a_session();
	read_in(0, 1);
	read_in(other, 2);
	type("for the other\n");
	ck_assert_str_eq(outcomes[2].bytes, "for the other\n");
	ck_assert_int_eq(outcomes[1].reads, 0);
	type("for the first\n");
	ck_assert_str_eq(outcomes[1].bytes, "for the first\n");
}
END_TEST

START_TEST(readers_of_one_session_are_served_in_order) {
	given_a_terminal();
	read_in(0, 1);
	read_in(0, 2);
	type("a\nb\n");
	ck_assert_str_eq(outcomes[1].bytes, "a\n");
	ck_assert_str_eq(outcomes[2].bytes, "b\n");
}
END_TEST

START_TEST(a_reader_that_is_gone_takes_nothing) {
	given_a_terminal();
	gone = 1;
	read_in(0, 1);
	read_in(0, 2);
	type("kept\n");
	ck_assert_str_eq(outcomes[2].bytes, "kept\n");
}
END_TEST

START_TEST(each_session_has_its_own_mode) {
	given_a_terminal();
	uint64_t raw = given_a_session();
	unsigned int previous = 0;
	ck_assert_int_eq(terminal_set_mode(&terminal, raw, LINE_RAW, &previous), ERROR_OK);
	ck_assert_uint_eq(previous, LINE_CANONICAL | LINE_ECHO);
	read_in(raw, 1);
	type("x");
	ck_assert_str_eq(outcomes[1].bytes, "x");
	read_in(0, 2);
	type("y");
	ck_assert_int_eq(outcomes[2].reads, 0);
}
END_TEST

START_TEST(raw_and_canonical_at_once_are_refused) {
	given_a_terminal();
	unsigned int previous = 77;
	ck_assert_int_eq(terminal_set_mode(&terminal, 0, LINE_RAW | LINE_CANONICAL, &previous), ERROR_ARGUMENT);
	ck_assert_uint_eq(previous, 77);
}
END_TEST

START_TEST(output_gets_carriage_returns_except_in_raw_mode) {
	char sent[32] = "";
	unsigned int previous;
	given_a_terminal();
	write_in(0, 1, "a\nb\n");
	ck_assert_uint_eq(outcomes[1].count, 4);
	ck_assert_int_eq(terminal_set_mode(&terminal, 0, LINE_RAW, &previous), ERROR_OK);
	write_in(0, 2, "c\n");
	byte_queue_take(&terminal.output, sent, sizeof sent - 1);
	ck_assert_str_eq(sent, "a\r\nb\r\nc\n");
}
END_TEST

START_TEST(a_write_waits_for_room_and_is_never_mixed_with_another) {
	char sent[70000] = "", text[441];
	size_t count = 0;
	given_a_terminal();
	memset(text, 'a', 440);
	text[440] = 0;
	for (uint32_t reply = 1; reply < 200; reply++) {
		memset(text, 'a' + (int)(reply % 26), 440);
		write_in(0, reply, text);
	}
	ck_assert_int_eq(outcomes[1].writes, 1);
	ck_assert_int_eq(outcomes[199].writes, 0);
	for (uint32_t reply = 1; reply < 200;) {
		for (; reply < 200 && outcomes[reply].writes == 1; reply++) {
			count = byte_queue_take(&terminal.output, sent, 440);
			ck_assert_uint_eq(count, 440);
			for (size_t i = 0; i < count; i++) ck_assert_int_eq(sent[i], 'a' + (int)(reply % 26));
		}
		terminal_run(&terminal);
	}
	ck_assert_uint_eq(terminal.output.count, 0);
}
END_TEST

START_TEST(events_reach_the_session_that_has_the_keyboard) {
	uint32_t old = 77;
	given_a_terminal();
	uint64_t other = given_a_session();
	ck_assert_int_eq(terminal_set_cookie(&terminal, 0, TERMINAL_INTERRUPT, 10, &old), ERROR_OK);
	ck_assert_uint_eq(old, 0);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INTERRUPT, 11, &old), ERROR_OK);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_SUSPEND, 12, &old), ERROR_OK);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INPUT, 13, &old), ERROR_OK);
	read_in(other, 1);
	type("\x03\x1a"
	     "a\nb");
	ck_assert_int_eq(happened[10], 0);
	ck_assert_int_eq(happened[11], 1);
	ck_assert_int_eq(happened[12], 1);
	ck_assert_int_eq(happened[13], 0);
	type("\n");
	ck_assert_int_eq(happened[13], 1);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INTERRUPT, 0, &old), ERROR_OK);
	ck_assert_uint_eq(old, 11);
}
END_TEST

START_TEST(closing_a_session_ends_its_reads_and_hands_the_keyboard_on) {
	given_a_terminal();
	uint64_t other = given_a_session();
	read_in(0, 1);
	read_in(other, 2);
	ck_assert_int_eq(terminal_close(&terminal, other), ERROR_OK);
	ck_assert_int_eq(outcomes[2].cancels, 1);
	type("x\n");
	ck_assert_str_eq(outcomes[1].bytes, "x\n");
	ck_assert_int_eq(terminal_read(&terminal, other, 3, 1), ERROR_STATE);
	ck_assert_int_eq(terminal_write(&terminal, other, 3, (const uint8_t *)"", 0), ERROR_STATE);
	ck_assert_int_eq(terminal_close(&terminal, other), ERROR_STATE);
}
END_TEST

START_TEST(closing_a_session_drops_its_waiting_writes_and_no_others) {
	char text[441];
	given_a_terminal();
	uint64_t other = given_a_session();
	memset(text, 'x', 440);
	text[440] = 0;
	for (uint32_t reply = 1; reply < 200; reply++) write_in(reply % 2 ? other : 0, reply, text);
	ck_assert_int_eq(terminal_close(&terminal, other), ERROR_OK);
	ck_assert_int_eq(outcomes[199].cancels, 1);
	for (int i = 0; i < 4; i++) {
		terminal.output.count = 0;
		terminal_run(&terminal);
	}
	ck_assert_int_eq(outcomes[198].writes, 1);
	ck_assert_int_eq(outcomes[198].cancels, 0);
}
END_TEST

START_TEST(there_is_a_limit_to_sessions_and_closing_one_makes_room) {
	uint64_t badge = 0;
	given_a_terminal();
	for (unsigned int i = 1; i < TERMINAL_SESSIONS_MAX; i++)
		badge = given_a_session_of(1 + i / TERMINAL_SESSIONS_OF_ONE);
	uint64_t last = badge;
	struct terminal_owner other = {99, 99};
	ck_assert_int_eq(terminal_open(&terminal, other, &badge), ERROR_LIMIT);
	ck_assert_int_eq(terminal_close(&terminal, last), ERROR_OK);
	ck_assert_uint_ne(given_a_session_of(99), last);
}
END_TEST

START_TEST(one_owner_has_a_limit_of_its_own) {
	uint64_t badge = 77;
	given_a_terminal();
	for (unsigned int i = 0; i < TERMINAL_SESSIONS_OF_ONE; i++) given_a_session_of(1);
	ck_assert_int_eq(terminal_open(&terminal, (struct terminal_owner){5, 1}, &badge), ERROR_LIMIT);
	ck_assert_uint_eq(badge, 77);
	ck_assert_int_eq(releases[5], 0);
	given_a_session_of(2);
}
END_TEST

START_TEST(sessions_whose_owners_are_dead_make_room) {
	given_a_terminal();
	for (uint32_t owner = 1; owner < 200; owner++) {
		for (int i = 0; i < 8; i++) given_a_session_of(owner);
		dead_owner = owner;
	}
	ck_assert_uint_le(terminal.session_count, 64);
	ck_assert_int_eq(releases[1], 8);
	ck_assert_int_eq(releases[150], 8);
	ck_assert_int_eq(releases[200], 0);
}
END_TEST

START_TEST(a_session_whose_owner_is_dead_gets_nothing_that_is_typed) {
	given_a_terminal();
	read_in(0, 100);
	uint64_t other = given_a_session_of(1);
	read_in(other, 2);
	dead_owner = 1;
	type("kept\n");
	ck_assert_int_eq(outcomes[2].reads, 0);
	ck_assert_int_eq(outcomes[2].cancels, 1);
	ck_assert_str_eq(outcomes[100].bytes, "kept\n");
	ck_assert_int_eq(releases[1], 1);
	ck_assert_int_eq(terminal_close(&terminal, other), ERROR_STATE);
}
END_TEST

START_TEST(a_read_that_was_given_up_takes_no_line_from_who_still_waits) {
	given_a_terminal();
	uint64_t other = given_a_session();
	read_in(0, 100);
	read_in(other, 1);
	read_in(other, 2);
	given_up = 2;
	type("kept\n");
	ck_assert_int_eq(outcomes[1].cancels, 1);
	ck_assert_int_eq(outcomes[2].cancels, 1);
	ck_assert_str_eq(outcomes[100].bytes, "kept\n");
}
END_TEST

START_TEST(a_read_that_was_given_up_lets_the_next_of_its_session_have_the_line) {
	given_a_terminal();
	read_in(0, 100);
	uint64_t other = given_a_session();
	read_in(other, 1);
	read_in(other, 2);
	given_up = 1;
	type("second\n");
	ck_assert_int_eq(outcomes[1].cancels, 1);
	ck_assert_str_eq(outcomes[2].bytes, "second\n");
	ck_assert_int_eq(outcomes[100].reads, 0);
}
END_TEST

START_TEST(reads_that_were_given_up_do_not_pile_up) {
	given_a_terminal();
	uint32_t kept = REPLIES - 1, dropped = 0;
	read_in(0, kept);
	for (uint32_t reply = 1; reply < kept; reply++) {
		read_in(0, reply);
		given_up = reply;
	}
	for (uint32_t reply = 1; reply < kept; reply++) dropped += outcomes[reply].cancels == 1;
	ck_assert_uint_ge(dropped, kept - 40);
	ck_assert_int_eq(outcomes[kept].cancels, 0);
	type("kept\n");
	ck_assert_str_eq(outcomes[kept].bytes, "kept\n");
}
END_TEST

START_TEST(writes_that_were_given_up_do_not_pile_up) {
	char text[441];
	int dropped = 0;
	given_a_terminal();
	memset(text, 'x', 440);
	text[440] = 0;
	for (uint32_t reply = 1; reply < 200; reply++) write_in(0, reply, text);
	ck_assert_int_eq(outcomes[199].writes, 0);
	given_up = 190;
	for (uint32_t reply = 200; reply < 250; reply++) write_in(0, reply, text);
	for (uint32_t reply = 1; reply < 250; reply++) dropped += outcomes[reply].cancels;
	ck_assert_int_ge(dropped, 50);
	ck_assert_int_eq(outcomes[199].cancels, 0);
	while (outcomes[249].writes == 0) {
		terminal.output.count = 0;
		terminal_run(&terminal);
	}
	ck_assert_int_eq(outcomes[199].writes, 1);
}
END_TEST

START_TEST(the_first_session_cannot_be_closed_and_keeps_who_watches_it) {
	uint32_t old = 77;
	given_a_terminal();
	ck_assert_int_eq(terminal_set_cookie(&terminal, 0, TERMINAL_INTERRUPT, 10, &old), ERROR_OK);
	ck_assert_int_eq(terminal_close(&terminal, 0), ERROR_STATE);
	ck_assert_int_eq(releases[10], 0);
	read_in(0, 1);
	type("\x03");
	ck_assert_int_eq(happened[10], 1);
}
END_TEST

START_TEST(closing_a_session_releases_what_it_was_given) {
	uint32_t old = 77;
	given_a_terminal();
	uint64_t other = given_a_session_of(9);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_INPUT, 10, &old), ERROR_OK);
	ck_assert_int_eq(terminal_set_cookie(&terminal, other, TERMINAL_SUSPEND, 11, &old), ERROR_OK);
	ck_assert_int_eq(terminal_close(&terminal, other), ERROR_OK);
	ck_assert_int_eq(releases[9], 1);
	ck_assert_int_eq(releases[10], 1);
	ck_assert_int_eq(releases[11], 1);
}
END_TEST

START_TEST(a_read_of_nothing_or_too_much_is_refused) {
	given_a_terminal();
	ck_assert_int_eq(terminal_read(&terminal, 0, 1, 0), ERROR_RANGE);
	ck_assert_int_eq(terminal_read(&terminal, 0, 1, TERMINAL_TRANSFER_MAX + 1), ERROR_RANGE);
	ck_assert_int_eq(terminal_read(&terminal, 99, 1, 1), ERROR_STATE);
}
END_TEST

SUITE("console_terminal", a_read_waits_for_its_line, what_was_typed_ahead_goes_to_the_next_reader,
      what_was_typed_before_anybody_asked_goes_to_the_first_that_does, who_wants_to_be_told_of_input_has_asked_for_it,
      input_goes_to_the_session_that_asked_last, readers_of_one_session_are_served_in_order,
      a_reader_that_is_gone_takes_nothing, each_session_has_its_own_mode, raw_and_canonical_at_once_are_refused,
      output_gets_carriage_returns_except_in_raw_mode, a_write_waits_for_room_and_is_never_mixed_with_another,
      events_reach_the_session_that_has_the_keyboard, closing_a_session_ends_its_reads_and_hands_the_keyboard_on,
      closing_a_session_drops_its_waiting_writes_and_no_others, there_is_a_limit_to_sessions_and_closing_one_makes_room,
      one_owner_has_a_limit_of_its_own, sessions_whose_owners_are_dead_make_room,
      a_session_whose_owner_is_dead_gets_nothing_that_is_typed,
      a_read_that_was_given_up_takes_no_line_from_who_still_waits,
      a_read_that_was_given_up_lets_the_next_of_its_session_have_the_line, reads_that_were_given_up_do_not_pile_up,
      writes_that_were_given_up_do_not_pile_up, the_first_session_cannot_be_closed_and_keeps_who_watches_it,
      closing_a_session_releases_what_it_was_given, a_read_of_nothing_or_too_much_is_refused)
