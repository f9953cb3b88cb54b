/* SPDX-License-Identifier: MIT */
/*
 * The receive loop: who gets a request, what becomes of capabilities, replies that come later,
 * failures.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/clock_server.h>
#include <nacre/protocol/name_server.h>
#include <nacre/protocol/stream_server.h>
#include <nacre/slot.h>

#include "fake_ipc.h"

static capability_t kept;
static struct received_capability seen;
static struct delayed_reply delayed;
static unsigned int timeouts;
static uint64_t signalled;
static enum { KEEP, LEAVE, FAIL } habit;

static error_t on_register(struct request *request, uint32_t protocol, const char *path,
                           const struct received_capability *capability, uint64_t *registration_out) {
	(void)path;
	seen = *capability;
	*registration_out = protocol;
	if (habit == KEEP) kept = request_keep(request, capability);
	return habit == FAIL ? ERROR_EXISTS : ERROR_OK;
}

static error_t on_read(struct request *request, uint32_t maximum, void *data_out, size_t *data_size_out) {
	(void)maximum;
	(void)data_out;
	(void)data_size_out;
	return request_defer(request, &delayed);
}

static error_t on_open(struct request *request, const struct received_capability *owner, struct ipc_item *stream_out) {
	(void)request;
	(void)owner;
	*stream_out = item_share(99);
	return ERROR_OK;
}

static error_t on_now(struct request *request, int64_t *wall_out, uint64_t *kernel_out) {
	*wall_out = -5;
	*kernel_out = *(uint64_t *)request->context + BADGE_OBJECT(request->badge);
	return ERROR_OK;
}

static uint64_t clock_base = 1000;
static const struct name_handlers names = {.register_ = on_register};
static const struct stream_handlers streams = {.read = on_read, .open = on_open};
static const struct clock_handlers clocks = {.now = on_now};
static const struct server_protocol protocols[] = {
	{.number = PROTOCOL_NAME, .dispatch = name_dispatch, .handlers = &names},
	{.number = PROTOCOL_STREAM, .dispatch = stream_dispatch, .handlers = &streams},
	{.number = PROTOCOL_CLOCK, .dispatch = clock_dispatch, .handlers = &clocks, .context = &clock_base},
};

static void on_signal(void *context, uint64_t bits) {
	(void)context;
	signalled |= bits;
}

static void on_timeout(void *context) {
	(void)context;
	timeouts++;
}

static void given_a_client_with(uint32_t protocol, uint64_t object) {
	fake_start(protocols, 3, BADGE(protocol, object));
	fake.loop.signal = on_signal;
	fake.loop.timeout = on_timeout;
	kept = CAPABILITY_NONE;
	delayed.slot = CAPABILITY_NONE;
	timeouts = 0;
	signalled = 0;
	habit = LEAVE;
}

START_TEST(a_request_reaches_the_handler_of_its_protocol_with_its_context) {
	int64_t wall;
	uint64_t kernel;

	given_a_client_with(PROTOCOL_CLOCK, 7);
	ck_assert_int_eq(clock_now(FAKE_SERVER, &wall, &kernel), ERROR_OK);
	ck_assert_int_eq(wall, -5);
	ck_assert_uint_eq(kernel, 1007);
}
END_TEST

START_TEST(a_badge_of_another_protocol_is_refused) {
	int64_t wall;
	uint64_t kernel;

	given_a_client_with(PROTOCOL_STREAM, 7);
	ck_assert_int_eq(clock_now(FAKE_SERVER, &wall, &kernel), ERROR_UNKNOWN);
}
END_TEST

START_TEST(a_protocol_that_is_not_served_is_refused) {
	given_a_client_with(PROTOCOL_STREAM, 7);
	ck_assert_uint_eq(IPC_TAG_LABEL(fake_call(IPC_TAG(LABEL(0x777, 1), 0, 0))), ERROR_UNKNOWN);
	ck_assert_uint_eq(IPC_TAG_LABEL(fake_call(IPC_TAG(LABEL(PROTOCOL_STREAM, 999), 0, 0))), ERROR_UNKNOWN);
}
END_TEST

START_TEST(a_method_without_a_handler_is_unknown) {
	given_a_client_with(PROTOCOL_CLOCK, 1);
	ck_assert_int_eq(clock_set(FAKE_SERVER, 5), ERROR_UNKNOWN);
}
END_TEST

START_TEST(a_capability_that_nobody_keeps_is_deleted_and_its_slot_used_again) {
	uint64_t registration;
	unsigned int used;

	given_a_client_with(PROTOCOL_NAME, 1);
	ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_OK);
	used = slots_used();
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_OK);
	ck_assert_uint_eq(slots_used(), used);
	ck_assert_uint_eq(fake.deleted, 101);
	ck_assert_uint_eq(fake.deleted_last, seen.slot);
}
END_TEST

START_TEST(a_capability_is_deleted_when_the_handler_fails) {
	uint64_t registration;

	given_a_client_with(PROTOCOL_NAME, 1);
	habit = FAIL;
	ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_EXISTS);
	ck_assert_uint_eq(fake.deleted, 1);
}
END_TEST

START_TEST(a_capability_that_is_kept_stays_and_costs_one_slot) {
	uint64_t registration;
	unsigned int used;

	given_a_client_with(PROTOCOL_NAME, 1);
	habit = KEEP;
	ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_OK);
	used = slots_used();
	ck_assert_uint_eq(kept, seen.slot);
	for (unsigned int i = 1; i <= 50; i++) {
		capability_t before = kept;

		ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_OK);
		ck_assert_uint_ne(kept, before);
		ck_assert_uint_eq(slots_used(), used + i);
	}
	ck_assert_uint_eq(fake.deleted, 0);
}
END_TEST

START_TEST(capabilities_that_a_method_does_not_want_are_refused_and_deleted) {
	given_a_client_with(PROTOCOL_CLOCK, 1);
	fake.client.items[0] = item_share(5);
	fake.client.items[1] = item_share(6);
	fake.client.items[1].destination = 1;
	ck_assert_uint_eq(IPC_TAG_LABEL(fake_call(IPC_TAG(CLOCK_NOW, 0, 2))), ERROR_ARGUMENT);
	ck_assert_uint_eq(fake.deleted, 2);
}
END_TEST

START_TEST(a_missing_capability_is_refused) {
	given_a_client_with(PROTOCOL_NAME, 1);
	fake.client.words[0] = 3;
	fake.client.words[1] = 1;
	fake.client.words[2] = '/';
	ck_assert_uint_eq(IPC_TAG_LABEL(fake_call(IPC_TAG(NAME_REGISTER, 3, 0))), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_capability_of_the_servers_own_comes_as_its_badge) {
	uint64_t registration;

	given_a_client_with(PROTOCOL_NAME, 1);
	fake.own_item = 77;
	ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", item_share(5), &registration), ERROR_OK);
	ck_assert_int_eq(seen.kind, RECEIVED_OWN);
	ck_assert_uint_eq(seen.badge, 77);
	ck_assert_uint_eq(fake.deleted, 0);
}
END_TEST

START_TEST(a_deferred_request_is_answered_through_its_saved_right) {
	char data[8];
	size_t size;
	unsigned int used;

	given_a_client_with(PROTOCOL_STREAM, 1);
	ck_assert_int_eq(stream_read(FAKE_SERVER, 8, data, 8, &size), ERROR_PEER_LOST);
	ck_assert(delayed_reply_is_held(&delayed));
	ck_assert_uint_eq(fake.saved, delayed.slot);
	used = slots_used();
	ck_assert_int_eq(stream_reply_read(&delayed, "abc", 3), ERROR_OK);
	ck_assert_uint_eq(fake.late_tag, IPC_TAG(ERROR_OK, 2, 0));
	ck_assert_uint_eq(fake.late_words[0], 3);
	ck_assert_mem_eq(&fake.late_words[1], "abc\0\0\0\0\0", 8);
	ck_assert(!delayed_reply_is_held(&delayed));
	ck_assert_uint_eq(slots_used(), used - 1);
	ck_assert_int_eq(stream_reply_read(&delayed, "abc", 3), ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_late_reply_that_fails_leaves_no_right_behind) {
	char data[8];
	size_t size;
	capability_t slot;

	given_a_client_with(PROTOCOL_STREAM, 1);
	ck_assert_int_eq(stream_read(FAKE_SERVER, 8, data, 8, &size), ERROR_PEER_LOST);
	slot = delayed.slot;
	fake.late_result = ERROR_GONE;
	ck_assert_int_eq(stream_reply_read(&delayed, "abc", 3), ERROR_GONE);
	ck_assert_uint_eq(fake.deleted_last, slot);
	ck_assert(!delayed_reply_is_held(&delayed));
}
END_TEST

START_TEST(a_late_reply_can_be_an_error_or_none_at_all) {
	char data[8];
	size_t size;
	capability_t slot;

	given_a_client_with(PROTOCOL_STREAM, 1);
	ck_assert_int_eq(stream_read(FAKE_SERVER, 8, data, 8, &size), ERROR_PEER_LOST);
	ck_assert_int_eq(delayed_reply_fail(&delayed, ERROR_IO), ERROR_OK);
	ck_assert_uint_eq(fake.late_tag, IPC_TAG(ERROR_IO, 0, 0));
	ck_assert_int_eq(stream_read(FAKE_SERVER, 8, data, 8, &size), ERROR_PEER_LOST);
	slot = delayed.slot;
	delayed_reply_drop(&delayed);
	ck_assert_uint_eq(fake.deleted_last, slot);
	delayed_reply_drop(&delayed);
	ck_assert_uint_eq(fake.deleted, 1);
}
END_TEST

START_TEST(signals_are_handed_over_before_the_request) {
	int64_t wall;
	uint64_t kernel;

	given_a_client_with(PROTOCOL_CLOCK, 1);
	fake.signals = 2;
	ck_assert_int_eq(clock_now(FAKE_SERVER, &wall, &kernel), ERROR_OK);
	ck_assert_uint_eq(signalled, 5);
	ck_assert_uint_eq(fake.signals, 0);
}
END_TEST

START_TEST(a_deadline_that_passes_calls_the_timeout_once) {
	struct server_reply none = {0};

	given_a_client_with(PROTOCOL_CLOCK, 1);
	fake.loop.deadline = 123;
	fake.result = ERROR_TIMEOUT | IPC_RESULT_IN_RECEIVE;
	server_step(&fake.loop, &none);
	ck_assert_uint_eq(timeouts, 1);
	ck_assert_uint_eq(fake.loop.deadline, 0);
}
END_TEST

START_TEST(a_reply_that_the_kernel_does_not_take_is_sent_as_an_error) {
	struct server_reply reply = {.tag = IPC_TAG(ERROR_OK, 65, 0), .pending = 1};

	given_a_client_with(PROTOCOL_CLOCK, 1);
	fake.result = ERROR_ARGUMENT;
	server_step(&fake.loop, &reply);
	ck_assert(reply.pending);
	ck_assert_uint_eq(reply.tag, IPC_TAG(ERROR_ARGUMENT, 0, 0));
	fake.result = ERROR_GONE;
	server_step(&fake.loop, &reply);
	ck_assert(!reply.pending);
}
END_TEST

START_TEST(a_late_reply_is_awaited_until_its_caller_has_gone) {
	char byte;
	size_t size;

	given_a_client_with(PROTOCOL_STREAM, 1);
	ck_assert_int_eq(delayed_reply_is_awaited(&delayed), 0);
	ck_assert_int_eq(stream_read(FAKE_SERVER, 1, &byte, 1, &size), ERROR_PEER_LOST); /* deferred */
	fake.caller = 7;
	ck_assert_int_eq(delayed_reply_is_awaited(&delayed), 1);
	fake.caller = 0;
	ck_assert_int_eq(delayed_reply_is_awaited(&delayed), 0);
}
END_TEST

START_TEST(a_right_to_reply_is_no_capability_to_keep) {
	const struct ipc_item right = {.header = ITEM_REPLY_RIGHT};
	uint64_t registration;

	given_a_client_with(PROTOCOL_NAME, 1);
	habit = KEEP;
	ck_assert_int_eq(name_register(FAKE_SERVER, 3, "/a", right, &registration), ERROR_ARGUMENT);
	ck_assert_uint_eq(kept, CAPABILITY_NONE);
	ck_assert_uint_eq(fake.deleted, 1);
}
END_TEST

START_TEST(a_client_whose_window_took_nothing_gives_its_slots_back) {
	capability_t stream;
	unsigned int used;

	given_a_client_with(PROTOCOL_STREAM, 1);
	ck_assert_int_eq(stream_open(FAKE_SERVER, item_share(99), &stream), ERROR_OK);
	used = slots_used();
	fake.refuse = 1;
	ck_assert_int_eq(stream_open(FAKE_SERVER, item_share(99), &stream), ERROR_ARGUMENT);
	ck_assert_uint_eq(slots_used(), used);
	ck_assert_uint_eq(fake.client.window_slot_count, 0);
}
END_TEST

START_TEST(windows_are_closed_between_messages) {
	capability_t stream;

	given_a_client_with(PROTOCOL_STREAM, 1);
	fake.loop.page_window = 0x1000;
	fake.loop.page_window_size = 0x1000;
	ck_assert_int_eq(stream_open(FAKE_SERVER, item_share(99), &stream), ERROR_OK);
	ck_assert_uint_eq(fake.client.window_slot_count, 0);
	ck_assert_uint_eq(fake.client.window_size, 0);
	ck_assert_uint_eq(fake.server.window_slot_count, 0);
	ck_assert_uint_eq(fake.server.window_size, 0);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-server");
	TCase *cases = tcase_create("server");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, a_request_reaches_the_handler_of_its_protocol_with_its_context);
	tcase_add_test(cases, a_badge_of_another_protocol_is_refused);
	tcase_add_test(cases, a_protocol_that_is_not_served_is_refused);
	tcase_add_test(cases, a_method_without_a_handler_is_unknown);
	tcase_add_test(cases, a_capability_that_nobody_keeps_is_deleted_and_its_slot_used_again);
	tcase_add_test(cases, a_capability_is_deleted_when_the_handler_fails);
	tcase_add_test(cases, a_capability_that_is_kept_stays_and_costs_one_slot);
	tcase_add_test(cases, capabilities_that_a_method_does_not_want_are_refused_and_deleted);
	tcase_add_test(cases, a_missing_capability_is_refused);
	tcase_add_test(cases, a_capability_of_the_servers_own_comes_as_its_badge);
	tcase_add_test(cases, a_deferred_request_is_answered_through_its_saved_right);
	tcase_add_test(cases, a_late_reply_that_fails_leaves_no_right_behind);
	tcase_add_test(cases, a_late_reply_can_be_an_error_or_none_at_all);
	tcase_add_test(cases, signals_are_handed_over_before_the_request);
	tcase_add_test(cases, a_deadline_that_passes_calls_the_timeout_once);
	tcase_add_test(cases, a_reply_that_the_kernel_does_not_take_is_sent_as_an_error);
	tcase_add_test(cases, a_late_reply_is_awaited_until_its_caller_has_gone);
	tcase_add_test(cases, a_right_to_reply_is_no_capability_to_keep);
	tcase_add_test(cases, a_client_whose_window_took_nothing_gives_its_slots_back);
	tcase_add_test(cases, windows_are_closed_between_messages);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
