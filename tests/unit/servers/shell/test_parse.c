/* SPDX-License-Identifier: MIT */
/*
 * The shell's language: where lines, commands and words begin and end.
 */
#include <stdio.h>
#include <string.h>

#include "../suite.h"
#include "parse.h"

static struct shell_text script;
static struct shell_line line;

/* The line as `join[word][word]`, joined by blanks. */
static void describe(char *text, size_t size) {
	static const char *const joins[] = {";", "&&", "||"};
	size_t used = 0;
	text[0] = 0;
	for (size_t i = 0; i < line.command_count; i++) {
		const struct shell_command *command = &line.commands[i];
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", joins[command->join]);
		for (size_t word = 0; word < command->word_count; word++)
			used += (size_t)snprintf(text + used, size - used, "[%.*s]", (int)command->words[word].length,
			                         command->words[word].start);
	}
}

static void given(const char *text) { script = (struct shell_text){text, strlen(text)}; }

static void assert_line(const char *expected) {
	char described[512];
	ck_assert_int_eq(line_parse(&script, &line), PARSE_LINE);
	describe(described, sizeof described);
	ck_assert_str_eq(described, expected);
	line_free(&line);
}

static void assert_invalid(const char *text, const char *problem) {
	given(text);
	ck_assert_int_eq(line_parse(&script, &line), PARSE_INVALID);
	ck_assert_str_eq(line.problem, problem);
}

static void assert_incomplete(const char *text) {
	given(text);
	struct shell_text before = script;
	ck_assert_int_eq(line_parse(&script, &line), PARSE_INCOMPLETE);
	ck_assert_ptr_eq(script.start, before.start);
	ck_assert_uint_eq(script.length, before.length);
}

START_TEST(words_are_divided_by_blanks) {
	given("  ic run\thello  a b ");
	assert_line(";[ic][run][hello][a][b]");
	ck_assert_uint_eq(script.length, 0);
}
END_TEST

START_TEST(lines_come_one_at_a_time) {
	given("a\n\nb c\n");
	assert_line(";[a]");
	assert_line("");
	assert_line(";[b][c]");
	ck_assert_uint_eq(script.length, 0);
}
END_TEST

START_TEST(commands_are_joined_by_semicolons_and_conditions) {
	given("a;b && c||d ; e;");
	assert_line(";[a] ;[b] &&[c] ||[d] ;[e]");
}
END_TEST

START_TEST(quoted_separators_are_part_of_the_word) {
	given("echo 'a b;c' \"d && \\\" e\" f\\ g\\;h");
	assert_line(";[echo]['a b;c'][\"d && \\\" e\"][f\\ g\\;h]");
}
END_TEST

START_TEST(a_comment_goes_to_the_end_of_the_line) {
	given("a # b ; 'c\nd#e #f");
	assert_line(";[a]");
	assert_line(";[d#e]");
}
END_TEST

START_TEST(a_quotation_may_go_on_over_lines) {
	given("echo 'a\nb' c\nd");
	assert_line(";[echo]['a\nb'][c]");
	assert_line(";[d]");
}
END_TEST

START_TEST(a_line_goes_on_after_a_condition_and_after_a_backslash) {
	given("a &&\n\n b\\\n  c");
	assert_line(";[a] &&[b\\\n][c]");
	given("a \\\n b");
	assert_line(";[a][b]");
}
END_TEST

START_TEST(carriage_returns_before_newlines_do_not_matter) {
	given("a b\r\nc\r\n");
	assert_line(";[a][b]");
	assert_line(";[c]");
}
END_TEST

START_TEST(the_text_of_each_command_is_what_was_typed) {
	given("  echo 'x  y'  ;false\n");
	ck_assert_int_eq(line_parse(&script, &line), PARSE_LINE);
	ck_assert_uint_eq(line.commands[0].text.length, 11);
	ck_assert_mem_eq(line.commands[0].text.start, "echo 'x  y'", 11);
	ck_assert_uint_eq(line.commands[1].text.length, 5);
	ck_assert_mem_eq(line.commands[1].text.start, "false", 5);
	line_free(&line);
}
END_TEST

START_TEST(unfinished_text_is_incomplete_and_stays) {
	assert_incomplete("echo 'a");
	assert_incomplete("echo \"a\nb");
	assert_incomplete("a &&");
	assert_incomplete("a || \n");
	assert_incomplete("a \\");
	assert_incomplete("\"a\\");
}
END_TEST

START_TEST(mistakes_are_named_and_the_next_line_goes_on) {
	assert_invalid("a | b", "'|' is not supported; put it in quotes to pass it as text");
	assert_invalid("a > b", "'>' is not supported; put it in quotes to pass it as text");
	assert_invalid("a & b",
	               "'&' is not supported: 'ic run --background PROGRAM' does not wait; quotes make it text");
	assert_invalid("&& a", "a command is missing before '&&'");
	assert_invalid("a && ; b", "a command is missing after '&&'");
	assert_invalid("echo $(ls)", "the output of a command cannot be used as a word; put '$(' in "
	                             "single quotes to pass it as text");
	assert_invalid("echo \"`ls`\"", "the output of a command cannot be used as a word; put '`' "
	                                "in single quotes to pass it as text");
	given("a | b ; c\nnext");
	ck_assert_int_eq(line_parse(&script, &line), PARSE_INVALID);
	ck_assert_uint_eq(line.text.length, 9);
	assert_line(";[next]");
}
END_TEST

START_TEST(a_byte_of_zero_is_refused_wherever_it_stands) {
	static const struct shell_text texts[] = {{"a \0", 3}, {"\0", 1}, {"'\0'", 3}, {"a\\\0", 3}, {"a\0b", 3}};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		script = texts[i];
		ck_assert_int_eq(line_parse(&script, &line), PARSE_INVALID);
		ck_assert_str_eq(line.problem, "a NUL byte in the text; remove it");
	}
}
END_TEST

START_TEST(many_commands_and_words_are_no_problem) {
	static char text[40001];
	for (size_t i = 0; i < 10000; i++) memcpy(text + 4 * i, i % 2 ? "ab; " : "cd  ", 4);
	given(text);
	ck_assert_int_eq(line_parse(&script, &line), PARSE_LINE);
	ck_assert_uint_eq(line.command_count, 5000);
	ck_assert_uint_eq(line.commands[4999].word_count, 2);
	line_free(&line);
}
END_TEST

SUITE("shell_parse", words_are_divided_by_blanks, lines_come_one_at_a_time,
      commands_are_joined_by_semicolons_and_conditions, quoted_separators_are_part_of_the_word,
      a_comment_goes_to_the_end_of_the_line, a_quotation_may_go_on_over_lines,
      a_line_goes_on_after_a_condition_and_after_a_backslash, carriage_returns_before_newlines_do_not_matter,
      the_text_of_each_command_is_what_was_typed, unfinished_text_is_incomplete_and_stays,
      mistakes_are_named_and_the_next_line_goes_on, a_byte_of_zero_is_refused_wherever_it_stands,
      many_commands_and_words_are_no_problem)
