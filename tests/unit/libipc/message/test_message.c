/* SPDX-License-Identifier: MIT */
/*
 * Packing and reading of strings and bytes, with lengths as a hostile sender would write them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/message.h>

START_TEST(bytes_are_filled_up_with_zeros_to_whole_words) {
	uint64_t words[4] = {1, UINT64_MAX, UINT64_MAX, UINT64_MAX};

	ck_assert_uint_eq(message_put(words, 1, "abcdefghi", 9), 3);
	ck_assert_mem_eq(&words[1], "abcdefghi\0\0\0\0\0\0\0", 16);
	ck_assert(words[0] == 1 && words[3] == UINT64_MAX);
}
END_TEST

START_TEST(no_bytes_take_no_word) {
	uint64_t words[1] = {5};

	ck_assert_uint_eq(message_put(words, 0, NULL, 0), 0);
	ck_assert_uint_eq(words[0], 5);
}
END_TEST

START_TEST(a_reader_gives_back_what_was_put) {
	uint64_t words[IPC_WORDS_MAX];
	unsigned int end = message_put(words, 2, "path", 4);
	struct message_reader reader;
	struct message_reader taker;
	char text[5];
	char bytes[11];

	end = message_put(words, end, "0123456789\0", 11);
	reader = message_reader(words, IPC_TAG(1, end, 0), 2);
	taker = reader;
	ck_assert(reader.valid);
	ck_assert(message_check_string(&reader, 4, 4));
	ck_assert(message_check_bytes(&reader, 11, 11));
	ck_assert(message_at_end(&reader));
	message_take_string(&taker, text, 4);
	message_take_bytes(&taker, bytes, 11);
	ck_assert_str_eq(text, "path");
	ck_assert_mem_eq(bytes, "0123456789\0", 11);
	ck_assert(message_at_end(&taker));
}
END_TEST

START_TEST(a_message_shorter_than_its_fixed_words_is_not_valid) {
	uint64_t words[IPC_WORDS_MAX] = {0};

	ck_assert(!message_reader(words, IPC_TAG(1, 1, 0), 2).valid);
	ck_assert(message_reader(words, IPC_TAG(1, 2, 0), 2).valid);
}
END_TEST

START_TEST(a_length_beyond_the_message_is_refused) {
	uint64_t words[IPC_WORDS_MAX] = {0};
	const uint64_t lengths[] = {17, 64, UINT32_MAX, UINT64_MAX, UINT64_MAX - 7, (uint64_t)1 << 63};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct message_reader reader = message_reader(words, IPC_TAG(1, 3, 0), 1);

		ck_assert(!message_check_bytes(&reader, lengths[i], UINT64_MAX));
		ck_assert(!message_check_string(&reader, lengths[i], UINT64_MAX));
	}
}
END_TEST

START_TEST(a_length_beyond_the_receivers_room_is_refused) {
	uint64_t words[IPC_WORDS_MAX] = {0};
	struct message_reader reader = message_reader(words, IPC_TAG(1, 3, 0), 1);

	ck_assert(!message_check_bytes(&reader, 16, 15));
	ck_assert(message_check_bytes(&reader, 16, 16));
}
END_TEST

START_TEST(a_string_with_a_nul_in_it_is_refused) {
	uint64_t words[IPC_WORDS_MAX];
	struct message_reader reader;

	message_put(words, 0, "ab\0c", 4);
	reader = message_reader(words, IPC_TAG(1, 1, 0), 0);
	ck_assert(!message_check_string(&reader, 4, 8));
	reader = message_reader(words, IPC_TAG(1, 1, 0), 0);
	ck_assert(message_check_string(&reader, 2, 8));
}
END_TEST

START_TEST(words_after_the_last_string_are_noticed) {
	uint64_t words[IPC_WORDS_MAX];
	struct message_reader reader;

	message_put(words, 0, "abcd", 4);
	reader = message_reader(words, IPC_TAG(1, 2, 0), 0);
	ck_assert(message_check_string(&reader, 4, 8));
	ck_assert(!message_at_end(&reader));
}
END_TEST

START_TEST(an_unknown_reply_label_is_an_error_and_never_ok) {
	ck_assert_int_eq(message_reply_error(IPC_TAG(ERROR_RIGHT, 0, 0)), ERROR_RIGHT);
	ck_assert_int_eq(message_reply_error(IPC_TAG(ERROR_COUNT, 0, 0)), ERROR_UNKNOWN);
	ck_assert_int_eq(message_reply_error(IPC_TAG(UINT32_MAX, 0, 0)), ERROR_UNKNOWN);
	ck_assert_int_eq(message_reply_error(IPC_TAG(ERROR_OK, 3, 0)), ERROR_ARGUMENT);
}
END_TEST

START_TEST(items_that_are_too_many_are_not_written) {
	static struct utcb utcb;
	struct page_list pages = {.count = IPC_ITEMS_MAX};
	struct ipc_item item = item_share(5);
	unsigned int items = 0;

	ck_assert(message_put_capability(&utcb, &items, &item, ITEM_REQUIRED));
	ck_assert(!message_put_pages(&utcb, &items, &pages));
	pages.count = IPC_ITEMS_MAX - 1;
	ck_assert(message_put_pages(&utcb, &items, &pages));
	ck_assert_uint_eq(items, IPC_ITEMS_MAX);
	ck_assert(!message_put_capability(&utcb, &items, &item, ITEM_REQUIRED));
}
END_TEST

START_TEST(a_missing_capability_is_allowed_only_where_it_is_optional) {
	static struct utcb utcb;
	struct ipc_item none = item_none();
	unsigned int items = 0;

	ck_assert(message_put_capability(&utcb, &items, &none, ITEM_OPTIONAL));
	ck_assert(!message_put_capability(&utcb, &items, &none, ITEM_REQUIRED));
	ck_assert_uint_eq(items, 0);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-message");
	TCase *cases = tcase_create("messages");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, bytes_are_filled_up_with_zeros_to_whole_words);
	tcase_add_test(cases, no_bytes_take_no_word);
	tcase_add_test(cases, a_reader_gives_back_what_was_put);
	tcase_add_test(cases, a_message_shorter_than_its_fixed_words_is_not_valid);
	tcase_add_test(cases, a_length_beyond_the_message_is_refused);
	tcase_add_test(cases, a_length_beyond_the_receivers_room_is_refused);
	tcase_add_test(cases, a_string_with_a_nul_in_it_is_refused);
	tcase_add_test(cases, words_after_the_last_string_are_noticed);
	tcase_add_test(cases, an_unknown_reply_label_is_an_error_and_never_ok);
	tcase_add_test(cases, items_that_are_too_many_are_not_written);
	tcase_add_test(cases, a_missing_capability_is_allowed_only_where_it_is_optional);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
