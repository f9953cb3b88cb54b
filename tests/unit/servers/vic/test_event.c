/* SPDX-License-Identifier: MIT */
/*
 * News of contexts.
 */
#include "event.h"
#include "fixture.h"

START_TEST(those_above_hear_of_each_change) {
	struct context *parent = given_a_running_context();
	struct context *child;
	struct event event;
	uint32_t slot = slot_new();
	uint64_t lost;

	ck_assert_int_eq(event_watch_set(&vic, parent, slot), ERROR_OK);
	child = given_a_running_context_below(parent);
	ck_assert_uint_eq(fake.signals[slot], 2);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.number, child->entry.number);
	ck_assert_uint_eq(event.state, CONTEXT_STATE_CREATED);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.state, CONTEXT_STATE_RUNNING);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_WOULD_BLOCK);
	context_exits(child);
	ck_assert_int_eq(vic_context_delete(&vic, child), ERROR_OK);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.exit, CONTEXT_EXIT_CODE);
	ck_assert_int_eq(event.value, 3);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.event, CONTEXT_EVENT_DELETED);
}
END_TEST

START_TEST(events_that_nobody_takes_are_counted_as_lost) {
	struct context *context = given_a_running_context();
	struct event event;
	uint64_t lost;

	ck_assert_int_eq(event_watch_set(&vic, &vic.top, slot_new()), ERROR_OK);
	for (int turn = 0; turn < EVENTS_HELD; turn++) {
		ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_OK);
		ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_OK);
	}
	ck_assert_int_eq(event_take(&vic.top, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(lost, EVENTS_HELD);
	ck_assert_int_eq(event_take(&vic.top, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(a_new_watch_replaces_the_old_and_its_signal_goes_back) {
	uint32_t first = slot_new(), second = slot_new();

	ck_assert_int_eq(event_watch_set(&vic, &vic.top, first), ERROR_OK);
	ck_assert_int_eq(event_watch_set(&vic, &vic.top, second), ERROR_OK);
	ck_assert_uint_eq(fake.released[first], 1);
	event_watch_end(&vic, &vic.top);
	ck_assert_uint_eq(fake.released[second], 1);
	given_a_running_context();
	ck_assert_uint_eq(fake.signals[second], 0);
}
END_TEST

void event_tests_add(TCase *tests) {
	tcase_add_test(tests, those_above_hear_of_each_change);
	tcase_add_test(tests, events_that_nobody_takes_are_counted_as_lost);
	tcase_add_test(tests, a_new_watch_replaces_the_old_and_its_signal_goes_back);
}
