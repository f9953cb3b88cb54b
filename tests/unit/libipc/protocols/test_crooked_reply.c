/* SPDX-License-Identifier: MIT */
/*
 * Replies that no honest server would send, as a client's stubs see them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/context.h>
#include <nacre/protocol/file.h>
#include <nacre/slot.h>

#include "fake_ipc.h"

/* A server that answers with whatever the test has prepared. */
static uint64_t crooked_tag;
static uint64_t crooked_words[IPC_WORDS_MAX];

static uint64_t crooked(struct request *request, const void *handlers) {
	(void)request;
	(void)handlers;
	memcpy(utcb_get()->words, crooked_words, sizeof(crooked_words));
	for (unsigned int i = 0; i < IPC_ITEMS_MAX; i++) {
		utcb_get()->items[i] = item_share(5);
		utcb_get()->items[i].destination = i;
	}
	return crooked_tag;
}

static const struct server_protocol crooked_protocols[] = {
	{.number = PROTOCOL_FILE, .dispatch = crooked},
	{.number = PROTOCOL_CONTEXT, .dispatch = crooked},
};

START_TEST(a_crooked_reply_is_an_error_and_nothing_stays_behind) {
	const uint64_t tags[] = {
		IPC_TAG(ERROR_OK, 3, 1),  IPC_TAG(ERROR_OK, 5, 1),    IPC_TAG(ERROR_OK, 4, 0),
		IPC_TAG(ERROR_OK, 64, 1), IPC_TAG(ERROR_COUNT, 4, 1), IPC_TAG(ERROR_RIGHT, 4, 1),
		IPC_TAG(0x1020001, 4, 1),
	};
	struct file_lookup_answer answer = {.size = 77};
	unsigned int used;

	fake_start(crooked_protocols, 2, BADGE(PROTOCOL_FILE, 1));
	crooked_tag = IPC_TAG(ERROR_RIGHT, 0, 0);
	ck_assert_int_eq(file_lookup(FAKE_SERVER, "", &answer), ERROR_RIGHT);
	used = slots_used();
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		crooked_tag = tags[i];
		ck_assert_int_ne(file_lookup(FAKE_SERVER, "", &answer), ERROR_OK);
		ck_assert_uint_eq(slots_used(), used);
		ck_assert_uint_eq(answer.size, 77);
	}
}
END_TEST

START_TEST(a_reply_that_gives_back_a_capability_of_the_clients_own_is_refused) {
	struct file_lookup_answer answer;

	fake_start(crooked_protocols, 2, BADGE(PROTOCOL_FILE, 1));
	crooked_tag = IPC_TAG(ERROR_OK, 4, 1);
	fake.own_item = 5;
	ck_assert_int_eq(file_lookup(FAKE_SERVER, "", &answer), ERROR_ARGUMENT);
}
END_TEST

START_TEST(what_comes_with_a_reply_that_says_it_was_refused_is_deleted) {
	struct file_lookup_answer answer;
	unsigned int used;

	fake_start(crooked_protocols, 2, BADGE(PROTOCOL_FILE, 1));
	crooked_tag = IPC_TAG(ERROR_RIGHT, 0, 0);
	ck_assert_int_eq(file_lookup(FAKE_SERVER, "", &answer), ERROR_RIGHT);
	used = slots_used();
	fake.deleted = 0;
	crooked_tag = IPC_TAG(ERROR_OK, 4, 1) | IPC_TAG_REFUSED;
	ck_assert_int_eq(file_lookup(FAKE_SERVER, "", &answer), ERROR_ARGUMENT);
	ck_assert_uint_eq(fake.deleted, 1);
	ck_assert_uint_eq(slots_used(), used);
}
END_TEST

START_TEST(lengths_in_a_crooked_reply_are_checked) {
	const uint64_t lengths[][3] = {
		{65, 0, 0}, {UINT64_MAX, 0, 0}, {0, UINT64_MAX - 6, 0}, {0, 0, 225}, {64, 64, 225}, {0, 0, 1},
	};
	struct context_list_answer answer;

	fake_start(crooked_protocols, 2, BADGE(PROTOCOL_CONTEXT, 1));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(crooked_words, 0, sizeof(crooked_words));
		memcpy(&crooked_words[9], lengths[i], sizeof(lengths[i]));
		crooked_tag = IPC_TAG(ERROR_OK, 12, 0);
		ck_assert_int_eq(context_list(FAKE_SERVER, 0, &answer), ERROR_ARGUMENT);
		crooked_tag = IPC_TAG(ERROR_OK, 64, 0);
		ck_assert_int_eq(context_list(FAKE_SERVER, 0, &answer), ERROR_ARGUMENT);
	}
	memset(crooked_words, 0, sizeof(crooked_words));
	crooked_tag = IPC_TAG(ERROR_OK, 12, 0);
	ck_assert_int_eq(context_list(FAKE_SERVER, 0, &answer), ERROR_OK);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-crooked-reply");
	TCase *cases = tcase_create("crooked replies");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, a_crooked_reply_is_an_error_and_nothing_stays_behind);
	tcase_add_test(cases, a_reply_that_gives_back_a_capability_of_the_clients_own_is_refused);
	tcase_add_test(cases, what_comes_with_a_reply_that_says_it_was_refused_is_deleted);
	tcase_add_test(cases, lengths_in_a_crooked_reply_are_checked);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
