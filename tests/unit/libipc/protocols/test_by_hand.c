/* SPDX-License-Identifier: MIT */
/*
 * Generated stubs and dispatchers of parent and name against the same messages written by hand.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/name_server.h>
#include <nacre/protocol/parent_server.h>

#include "by_hand.h"
#include "fake_ipc.h"

static struct by_hand sent;

/* Notes what the client's stub has sent, as it arrives. */
static uint64_t note(struct request *request, const void *handlers) {
	(void)handlers;
	sent.label = IPC_TAG_LABEL(request->tag);
	sent.count = IPC_TAG_WORDS(request->tag);
	sent.items = IPC_TAG_ITEMS(request->tag);
	memcpy(sent.words, utcb_get()->words, sizeof(sent.words));
	return IPC_TAG(ERROR_BUSY, 0, 0);
}

static const struct server_protocol noting[] = {
	{.number = PROTOCOL_PARENT, .dispatch = note},
	{.number = PROTOCOL_NAME, .dispatch = note},
};

static void given_a_noting_server(uint32_t protocol) {
	fake_start(noting, 2, BADGE(protocol, 1));
	memset(&sent, 0xff, sizeof(sent));
}

static void check_same(const struct by_hand *expected) {
	ck_assert_uint_eq(sent.label, expected->label);
	ck_assert_uint_eq(sent.count, expected->count);
	ck_assert_uint_eq(sent.items, expected->items);
	ck_assert_mem_eq(sent.words, expected->words, expected->count * sizeof(uint64_t));
}

#define CHECK_SENT(call, ...)                          \
	do {                                           \
		struct by_hand expected = __VA_ARGS__; \
		ck_assert_int_eq(call, ERROR_BUSY);    \
		check_same(&expected);                 \
	} while (0)

static char long_path[NAME_LOOKUP_PATH_MAX + 1];

static const char *longest_path(void) {
	memset(long_path, 'p', NAME_LOOKUP_PATH_MAX);
	return long_path;
}

START_TEST(requests_to_the_parent_are_as_written_by_hand) {
	uint32_t protocol;
	capability_t capability;
	uint64_t total;
	size_t size;
	char data[440];

	given_a_noting_server(PROTOCOL_PARENT);
	CHECK_SENT(parent_get(FAKE_SERVER, "namespace", &protocol, &capability), hand_parent_get("namespace"));
	CHECK_SENT(parent_get(FAKE_SERVER, "12345678", &protocol, &capability), hand_parent_get("12345678"));
	CHECK_SENT(parent_get(FAKE_SERVER, "", &protocol, &capability), hand_parent_get(""));
	CHECK_SENT(parent_read_arguments(FAKE_SERVER, 77, &total, data, 440, &size), hand_parent_read(2, 77));
	CHECK_SENT(parent_read_environment(FAKE_SERVER, UINT64_MAX, &total, data, 440, &size),
	           hand_parent_read(3, UINT64_MAX));
	CHECK_SENT(parent_exit(FAKE_SERVER, -1), hand_parent_exit(-1));
	CHECK_SENT(parent_ready(FAKE_SERVER), hand_parent_ready());
	CHECK_SENT(parent_offer(FAKE_SERVER, PROTOCOL_NAME, "namespace", item_share(4)),
	           hand_parent_offer(PROTOCOL_NAME, "namespace"));
}
END_TEST

START_TEST(requests_to_names_are_as_written_by_hand) {
	struct name_lookup_answer found;
	uint64_t number;
	capability_t capability;
	size_t size;
	char data[440];

	given_a_noting_server(PROTOCOL_NAME);
	CHECK_SENT(name_lookup(FAKE_SERVER, NAME_LOOKUP_WAIT, "/svc/console", &found),
	           hand_name_lookup(1, "/svc/console"));
	CHECK_SENT(name_lookup(FAKE_SERVER, 0, longest_path(), &found), hand_name_lookup(0, longest_path()));
	CHECK_SENT(name_register(FAKE_SERVER, 0x103, "/svc/x", item_share(4), &number),
	           hand_name_register(0x103, "/svc/x"));
	CHECK_SENT(name_unregister(FAKE_SERVER, "/svc/x"), hand_name_path(3, "/svc/x", 0));
	CHECK_SENT(name_list(FAKE_SERVER, 9, "/", &number, data, 440, &size), hand_name_list(9, "/"));
	CHECK_SENT(name_watch(FAKE_SERVER, "/svc", item_share(4), &number), hand_name_path(5, "/svc", 1));
	CHECK_SENT(name_unwatch(FAKE_SERVER, 5), (struct by_hand){.label = 0x101 << 16 | 6, .count = 1, .words = {5}});
	CHECK_SENT(name_bind(FAKE_SERVER, "/", item_share(4), &number), hand_name_path(7, "/", 1));
	CHECK_SENT(name_view(FAKE_SERVER, NAME_RIGHT_REGISTER, "/home", &number, &capability),
	           hand_name_view(1, "/home"));
	CHECK_SENT(name_release(FAKE_SERVER, 6), (struct by_hand){.label = 0x101 << 16 | 9, .count = 1, .words = {6}});
}
END_TEST

START_TEST(what_is_too_long_is_not_sent) {
	char path[NAME_LOOKUP_PATH_MAX + 2];
	struct name_lookup_answer found;

	given_a_noting_server(PROTOCOL_NAME);
	memset(path, 'p', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(name_lookup(FAKE_SERVER, 0, path, &found), ERROR_RANGE);
	ck_assert_uint_eq(sent.label, UINT64_MAX);
}
END_TEST

/* Handlers whose results are known, to compare replies. */
static error_t get(struct request *request, const char *name, uint32_t *protocol_out, struct ipc_item *capability_out) {
	(void)request;
	ck_assert_str_eq(name, "memory");
	*protocol_out = 0x104;
	*capability_out = item_share(9);
	return ERROR_OK;
}

static error_t read_arguments(struct request *request, uint64_t offset, uint64_t *total_out, void *data_out,
                              size_t *data_size_out) {
	(void)request;
	ck_assert_uint_eq(offset, 3);
	*total_out = 1000;
	memcpy(data_out, "hello\0you", 9);
	*data_size_out = 9;
	return ERROR_OK;
}

static error_t lookup(struct request *request, uint32_t flags, const char *path, struct name_lookup_reply *reply) {
	(void)request;
	ck_assert_uint_eq(flags, 1);
	ck_assert_str_eq(path, "/svc/a/b");
	reply->protocol = 0x102;
	strcpy(reply->rest, "b");
	reply->capability = item_share(9);
	return ERROR_OK;
}

static error_t unregister(struct request *request, const char *path) {
	(void)request;
	ck_assert_str_eq(path, "");
	return ERROR_OK;
}

static const struct parent_handlers parents = {.get = get, .read_arguments = read_arguments};
static const struct name_handlers names = {.lookup = lookup, .unregister = unregister};
static const struct server_protocol serving[] = {
	{.number = PROTOCOL_PARENT, .dispatch = parent_dispatch, .handlers = &parents},
	{.number = PROTOCOL_NAME, .dispatch = name_dispatch, .handlers = &names},
};

static void check_reply(const struct by_hand *request, const struct by_hand *expected) {
	uint64_t tag;

	memcpy(fake.client.words, request->words, sizeof(request->words));
	for (unsigned int i = 0; i < request->items; i++) fake.client.items[i] = item_share(5);
	fake.client.window_slot = 200;
	fake.client.window_slot_count = 1;
	tag = fake_call(IPC_TAG(request->label, request->count, request->items));
	ck_assert_uint_eq(tag, IPC_TAG(expected->label, expected->count, expected->items));
	ck_assert_mem_eq(fake.client.words, expected->words, expected->count * sizeof(uint64_t));
}

START_TEST(replies_of_a_parent_are_as_written_by_hand) {
	struct by_hand request = hand_parent_get("memory");
	struct by_hand reply = hand_parent_get_reply(0x104);

	fake_start(serving, 2, BADGE(PROTOCOL_PARENT, 1));
	check_reply(&request, &reply);
	request = hand_parent_read(2, 3);
	reply = hand_parent_read_reply(1000, "hello\0you", 9);
	check_reply(&request, &reply);
}
END_TEST

START_TEST(replies_of_names_are_as_written_by_hand) {
	struct by_hand request = hand_name_lookup(1, "/svc/a/b");
	struct by_hand reply = hand_name_lookup_reply(0x102, "b");

	fake_start(serving, 2, BADGE(PROTOCOL_NAME, 1));
	check_reply(&request, &reply);
	request = hand_name_path(3, "", 0);
	reply = (struct by_hand){0};
	check_reply(&request, &reply);
}
END_TEST

START_TEST(a_request_changed_in_any_length_is_refused) {
	struct by_hand request = hand_name_lookup(1, "/svc/a/b");
	struct by_hand refused = {.label = ERROR_ARGUMENT};

	fake_start(serving, 2, BADGE(PROTOCOL_NAME, 1));
	request.count--;
	check_reply(&request, &refused);
	request.count += 2;
	check_reply(&request, &refused);
	request.count--;
	request.words[1] = 9;
	check_reply(&request, &refused);
	request.words[1] = UINT64_MAX;
	check_reply(&request, &refused);
	request.words[1] = NAME_LOOKUP_PATH_MAX + 1;
	check_reply(&request, &refused);
	request.words[1] = 8;
	request.items = 1;
	check_reply(&request, &refused);
	request.items = 0;
	request.words[0] = 2;
	refused.label = ERROR_RANGE;
	check_reply(&request, &refused);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-by-hand");
	TCase *cases = tcase_create("by hand");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, requests_to_the_parent_are_as_written_by_hand);
	tcase_add_test(cases, requests_to_names_are_as_written_by_hand);
	tcase_add_test(cases, what_is_too_long_is_not_sent);
	tcase_add_test(cases, replies_of_a_parent_are_as_written_by_hand);
	tcase_add_test(cases, replies_of_names_are_as_written_by_hand);
	tcase_add_test(cases, a_request_changed_in_any_length_is_refused);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
