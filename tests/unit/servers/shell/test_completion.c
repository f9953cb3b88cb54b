/* SPDX-License-Identifier: MIT */
/*
 * Completion of unfinished lines, and suggestions for mistyped names.
 */
#include <string.h>

#include "../suite.h"
#include "completion.h"

static struct completion found;
static struct name_list list;

static void assert_finds(const char *text, const char *command, size_t argument, const char *word) {
	ck_assert(completion_find(text, strlen(text), &found));
	ck_assert_str_eq(found.command, command);
	ck_assert_uint_eq(found.argument, argument);
	ck_assert_str_eq(found.word, word);
	completion_free(&found);
}

static void given_names(const char *names) {
	name_list_free(&list);
	while (*names) {
		size_t length = strcspn(names, " ");
		name_list_add(&list, names, length);
		names += length + (names[length] == ' ');
	}
}

static void assert_adds(size_t typed, const char *expected) {
	char *addition = completion_addition(&list, typed);
	ck_assert_str_eq(addition, expected);
	free(addition);
}

START_TEST(the_first_word_of_each_command_is_a_command) {
	assert_finds("", "", 0, "");
	assert_finds("he", "", 0, "he");
	assert_finds("a b; he", "", 0, "he");
	assert_finds("a && ", "", 0, "");
}
END_TEST

START_TEST(other_words_are_arguments_of_it) {
	assert_finds("ic ", "ic", 1, "");
	assert_finds("ic run he", "ic", 2, "he");
	assert_finds("x; cat /etc/mo", "cat", 1, "/etc/mo");
}
END_TEST

START_TEST(options_do_not_move_the_place_of_other_arguments) {
	const char *text = "ls; ic run --limit=4M --name=x he";
	ck_assert(completion_find(text, strlen(text), &found));
	ck_assert_str_eq(found.command, "ic");
	ck_assert_str_eq(found.verb, "run");
	ck_assert_uint_eq(found.argument, 4);
	ck_assert_uint_eq(found.operand, 2);
	completion_free(&found);
	ck_assert(completion_find("ic ru; l", 8, &found));
	ck_assert_str_eq(found.verb, "");
	ck_assert_uint_eq(found.operand, 0);
	completion_free(&found);
}
END_TEST

START_TEST(backslashes_are_undone_and_quotes_are_left_alone) {
	assert_finds("cat a\\ b", "cat", 1, "a b");
	ck_assert(!completion_find("cat 'a", 6, &found));
}
END_TEST

START_TEST(only_what_stands_before_the_cursor_counts) {
	ck_assert(completion_find("cat /etc/motd", 8, &found));
	ck_assert_str_eq(found.word, "/etc");
	ck_assert_uint_eq(found.directory_length, 1);
	completion_free(&found);
}
END_TEST

START_TEST(the_common_start_is_typed_and_an_only_candidate_finished) {
	given_names("hello help helper");
	assert_adds(2, "l");
	assert_adds(3, "");
	given_names("hello");
	assert_adds(2, "llo ");
	given_names("etc/");
	assert_adds(1, "tc/");
	given_names("");
	name_list_add(&list, "a b;c", 5);
	assert_adds(1, "\\ b\\;c ");
}
END_TEST

START_TEST(candidates_are_sorted_and_shown_in_columns) {
	given_names("d a b c b e");
	name_list_sort(&list);
	ck_assert_uint_eq(list.count, 5);
	char *table = completion_table(&list, 7);
	ck_assert_str_eq(table, "a  d\r\nb  e\r\nc\r\n");
	free(table);
	table = completion_table(&list, 1);
	ck_assert_str_eq(table, "a\r\nb\r\nc\r\nd\r\ne\r\n");
	free(table);
}
END_TEST

START_TEST(a_mistyped_name_finds_the_one_that_was_meant) {
	given_names("cat echo hello help ls wc spinner");
	ck_assert_str_eq(name_list_closest(&list, "ehco"), "echo");
	ck_assert_str_eq(name_list_closest(&list, "helo"), "hello");
	ck_assert_str_eq(name_list_closest(&list, "spiner"), "spinner");
	ck_assert_str_eq(name_list_closest(&list, "spnnre"), "spinner");
	ck_assert_ptr_null(name_list_closest(&list, "xyzzy"));
	ck_assert_ptr_null(name_list_closest(&list, "q"));
	ck_assert_ptr_null(
		name_list_closest(&list, "0123456789012345678901234567890123456789012345678901234567890123456789"));
}
END_TEST

SUITE("shell_completion", the_first_word_of_each_command_is_a_command, other_words_are_arguments_of_it,
      options_do_not_move_the_place_of_other_arguments, backslashes_are_undone_and_quotes_are_left_alone,
      only_what_stands_before_the_cursor_counts, the_common_start_is_typed_and_an_only_candidate_finished,
      candidates_are_sorted_and_shown_in_columns, a_mistyped_name_finds_the_one_that_was_meant)
