/* SPDX-License-Identifier: MIT */
/*
 * The log's memory: order, cursors, what is forgotten.
 */
#include <stdio.h>
#include <string.h>

#include "../suite.h"
#include "ring.h"

static struct log_ring ring;

static void add(const char *text) {
	struct log_message message = {7, 1, "src", 3, text, strlen(text)};
	ck_assert_int_eq(ring_add(&ring, &message), ERROR_OK);
}

static uint64_t assert_reads(uint64_t cursor, const char *text, uint64_t lost) {
	struct ring_read read;
	ck_assert_int_eq(ring_read(&ring, cursor, &read), ERROR_OK);
	ck_assert_uint_eq(read.message.text_length, strlen(text));
	ck_assert_mem_eq(read.message.text, text, strlen(text));
	ck_assert_uint_eq(read.lost, lost);
	return read.cursor;
}

static void assert_nothing(uint64_t cursor) {
	struct ring_read read;
	ck_assert_int_eq(ring_read(&ring, cursor, &read), ERROR_WOULD_BLOCK);
}

START_TEST(messages_are_read_in_order_and_then_there_are_none) {
	ring_initialize(&ring);
	assert_nothing(0);
	add("one");
	add("two");
	uint64_t cursor = assert_reads(0, "one", 0);
	cursor = assert_reads(cursor, "two", 0);
	assert_nothing(cursor);
	add("three");
	assert_reads(cursor, "three", 0);
}
END_TEST

START_TEST(all_parts_of_a_message_are_kept) {
	struct ring_read read;
	struct log_message message = {123456789, 3, "pager", 5, "low", 3};
	ring_initialize(&ring);
	ck_assert_int_eq(ring_add(&ring, &message), ERROR_OK);
	ck_assert_int_eq(ring_read(&ring, 0, &read), ERROR_OK);
	ck_assert_uint_eq(read.message.time, 123456789);
	ck_assert_uint_eq(read.message.level, 3);
	ck_assert_uint_eq(read.message.source_length, 5);
	ck_assert_mem_eq(read.message.source, "pager", 5);
}
END_TEST

START_TEST(a_slow_reader_learns_how_much_it_has_missed) {
	char text[16];
	ring_initialize(&ring);
	add("first");
	uint64_t cursor = assert_reads(0, "first", 0);
	for (unsigned int i = 0; i < RING_ENTRIES + 10; i++) {
		snprintf(text, sizeof text, "%u", i);
		add(text);
	}
	assert_reads(cursor, "10", 10);
	assert_reads(0, "10", 11);
}
END_TEST

START_TEST(long_messages_push_out_more_of_the_old_ones) {
	char text[433] = "";
	memset(text, 'x', 432);
	ring_initialize(&ring);
	for (unsigned int i = 0; i < RING_ENTRIES; i++) add(text);
	ck_assert_uint_le(ring.bytes, RING_BYTES);
	ck_assert_uint_lt(ring.count, RING_ENTRIES);
	ck_assert_uint_ge(ring.count, RING_BYTES / 435 - 1);
}
END_TEST

START_TEST(a_cursor_from_the_future_waits) {
	ring_initialize(&ring);
	add("one");
	assert_nothing(2);
	assert_nothing(UINT64_MAX);
	assert_nothing(RING_ENTRIES + 1);
}
END_TEST

SUITE("log_ring", messages_are_read_in_order_and_then_there_are_none, all_parts_of_a_message_are_kept,
      a_slow_reader_learns_how_much_it_has_missed, long_messages_push_out_more_of_the_old_ones,
      a_cursor_from_the_future_waits)
