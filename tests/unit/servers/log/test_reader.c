/* SPDX-License-Identifier: MIT */
/*
 * Readers that wait for the log's next message, and those that gave up.
 */
#include "../suite.h"
#include "reader.h"

#define READERS 1000u

static struct readers readers;
static uint32_t given_up; /* replies from 1 to this one are awaited by nobody */
static int drops[READERS + 1];

static int awaited(uint32_t reply) { return reply > given_up; }

static void dropped(uint32_t reply) { drops[reply]++; }

static const struct reader_effects effects = {.awaited = awaited, .dropped = dropped};

static void given_no_readers(void) {
	given_up = 0;
	for (unsigned int i = 0; i <= READERS; i++) drops[i] = 0;
	readers_initialize(&readers, &effects);
}

START_TEST(readers_that_gave_up_do_not_pile_up) {
	given_no_readers();
	for (uint32_t reply = 1; reply <= READERS; reply++) {
		ck_assert_int_eq(reader_add(&readers, reply, 1), ERROR_OK);
		ck_assert_uint_le(readers.count, 32);
		given_up = reply;
	}
	ck_assert_int_eq(drops[1], 1);
	ck_assert_int_eq(drops[READERS - 40], 1);
}
END_TEST

START_TEST(readers_that_wait_are_kept_in_order) {
	uint32_t expected = 1;
	struct reader *reader;
	given_no_readers();
	for (uint32_t reply = 1; reply <= READERS; reply++)
		ck_assert_int_eq(reader_add(&readers, reply, reply), ERROR_OK);
	ck_assert_uint_eq(readers.count, READERS);
	TAILQ_FOREACH(reader, &readers.list, in_order) ck_assert_uint_eq(reader->reply, expected++);
	while ((reader = TAILQ_FIRST(&readers.list)) != NULL) reader_remove(&readers, reader);
	ck_assert_uint_eq(readers.count, 0);
	ck_assert_int_eq(drops[1], 0);
}
END_TEST

SUITE("log_reader", readers_that_gave_up_do_not_pile_up, readers_that_wait_are_kept_in_order)
