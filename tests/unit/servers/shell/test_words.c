/* SPDX-License-Identifier: MIT */
/*
 * From words as typed to the strings that commands get, and the variables behind `$`.
 */
#include <string.h>

#include "../suite.h"
#include "expand.h"
#include "variables.h"

static struct variables variables;

static const char *lookup(void *context, const char *name, size_t length) {
	(void)context;
	if (length == 1 && name[0] == '?') return "42";
	return variables_get(&variables, name, length);
}

static enum expand_result expand(const char *word, char **string) {
	return word_expand((struct shell_text){word, strlen(word)}, lookup, NULL, string);
}

static void assert_expands(const char *word, const char *expected) {
	char *string = NULL;
	ck_assert_int_eq(expand(word, &string), EXPAND_WORD);
	ck_assert_str_eq(string, expected);
	free(string);
}

static void assert_result(const char *word, enum expand_result expected) {
	char *string = NULL;
	ck_assert_int_eq(expand(word, &string), expected);
	ck_assert_ptr_null(string);
}

START_TEST(quotes_and_backslashes_go_and_what_they_protect_stays) {
	assert_expands("plain", "plain");
	assert_expands("'a b'\"c d\"e\\ f", "a bc de f");
	assert_expands("'$HOME\\'", "$HOME\\");
	assert_expands("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d");
	assert_expands("''", "");
	assert_expands("\"\"", "");
	assert_expands("a\\\nb", "ab");
	assert_expands("\"a\\\nb\"", "ab");
	assert_expands("\"a\nb\"", "a\nb");
	assert_expands("\"\\\\\nb\"", "\\\nb");
}
END_TEST

START_TEST(values_are_put_in_and_never_cut) {
	ck_assert(variables_set(&variables, "NAME=a  b"));
	assert_expands("$NAME", "a  b");
	assert_expands("x${NAME}y", "xa  by");
	assert_expands("\"$NAME\"$?", "a  b42");
	assert_expands("${?}", "42");
	variables_clear(&variables);
}
END_TEST

START_TEST(an_unset_name_gives_nothing) {
	assert_result("$UNSET", EXPAND_NOTHING);
	assert_expands("\"$UNSET\"", "");
	assert_expands("a${UNSET}b", "ab");
}
END_TEST

START_TEST(a_dollar_without_a_name_is_a_dollar) {
	assert_expands("$", "$");
	assert_expands("5$", "5$");
	assert_expands("\"$ \"", "$ ");
	assert_expands("$1", "$1");
	assert_expands("$$", "$$");
}
END_TEST

START_TEST(braces_need_a_name_and_an_end) {
	assert_result("${", EXPAND_INVALID);
	assert_result("${}", EXPAND_INVALID);
	assert_result("${A", EXPAND_INVALID);
	assert_result("\"${A\"", EXPAND_INVALID);
	assert_result("${A-b}", EXPAND_INVALID);
}
END_TEST

START_TEST(a_variable_can_be_set_changed_and_unset) {
	ck_assert(variables_set(&variables, "A=1"));
	ck_assert(variables_set(&variables, "AB=2=3"));
	ck_assert(variables_set(&variables, "A="));
	ck_assert_str_eq(variables_get(&variables, "A", 1), "");
	ck_assert_str_eq(variables_get(&variables, "ABC", 2), "2=3");
	ck_assert_ptr_null(variables_get(&variables, "B", 1));
	ck_assert(variables_unset(&variables, "A"));
	ck_assert(!variables_unset(&variables, "A"));
	ck_assert_ptr_null(variables_get(&variables, "A", 1));
	variables_clear(&variables);
}
END_TEST

START_TEST(assignments_are_told_from_other_words) {
	ck_assert_uint_eq(assignment_name_length("A=1"), 1);
	ck_assert_uint_eq(assignment_name_length("a_B9="), 4);
	ck_assert_uint_eq(assignment_name_length("=1"), 0);
	ck_assert_uint_eq(assignment_name_length("9a=1"), 0);
	ck_assert_uint_eq(assignment_name_length("a-b=1"), 0);
	ck_assert_uint_eq(assignment_name_length("abc"), 0);
}
END_TEST

SUITE("shell_words", quotes_and_backslashes_go_and_what_they_protect_stays, values_are_put_in_and_never_cut,
      an_unset_name_gives_nothing, a_dollar_without_a_name_is_a_dollar, braces_need_a_name_and_an_end,
      a_variable_can_be_set_changed_and_unset, assignments_are_told_from_other_words)
