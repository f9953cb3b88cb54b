/* SPDX-License-Identifier: MIT */
/*
 * The line editor against a small terminal: what is typed, what line comes out, what is on the
 * screen.
 *
 * The terminal is one row that understands the few sequences that the editor uses. After every key
 * the row must show prompt and text, with the cursor where the editor believes it to be.
 */
#include <stdio.h>
#include <string.h>

#include "../suite.h"
#include "editor_text.h"
#include "line_editor.h"

#define COLUMNS 40u
#define PROMPT  "> "

static struct line_editor editor;
static struct history history;

static char row[COLUMNS][5]; /* a character each, UTF-8 */
static size_t column;
static char sequence[16];
static size_t sequence_length;
static int completions;
static const char *completion_text;

static void row_clear(size_t from) {
	for (size_t i = from; i < COLUMNS; i++) strcpy(row[i], " ");
}

static void row_sequence(char final) {
	unsigned int number = 1;
	if (sequence_length > 1) sscanf(sequence + 1, "%u", &number);
	if (final == 'K')
		row_clear(column);
	else if (final == 'D')
		column -= number;
	else if (final == 'J')
		row_clear(0);
	else if (final == 'H')
		column = 0;
	else
		ck_abort_msg("the terminal does not know this sequence");
	sequence_length = 0;
}

static void row_character(char byte) {
	if ((byte & 0xc0) == 0x80) {
		char *last = row[column - 1];
		last[strlen(last) + 1] = 0;
		last[strlen(last)] = byte;
		return;
	}
	ck_assert_uint_lt(column, COLUMNS);
	row[column][0] = byte;
	row[column++][1] = 0;
}

static void show(void *context, const char *bytes, size_t count) {
	(void)context;
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == 0x1b)
			sequence_length = 1;
		else if (sequence_length == 1 && bytes[i] == '[')
			sequence[sequence_length++] = '[';
		else if (sequence_length > 1 && bytes[i] >= '0' && bytes[i] <= '9')
			sequence[sequence_length++] = bytes[i];
		else if (sequence_length > 1) {
			sequence[sequence_length] = 0;
			memmove(sequence, sequence + 1, sequence_length);
			sequence_length--;
			row_sequence(bytes[i]);
		} else if (bytes[i] == '\r')
			column = 0;
		else if (bytes[i] == '\n')
			row_clear(0);
		else
			row_character(bytes[i]);
	}
}

static void complete(void *context, struct line_editor *line) {
	(void)context;
	completions++;
	if (completion_text) editor_insert(line, completion_text, strlen(completion_text));
}

static void begin(void) {
	row_clear(0);
	column = 0;
	editor_begin(&editor, PROMPT, COLUMNS);
}

static void given_an_editor(void) {
	struct editor_terminal terminal = {show, complete, NULL};
	history = (struct history){0};
	completions = 0;
	completion_text = NULL;
	ck_assert(editor_initialize(&editor, terminal, &history));
	begin();
}

static void assert_screen_is_right(void) {
	char shown[COLUMNS * 5] = "", expected[1024];
	for (size_t i = 0; i < COLUMNS; i++) strcat(shown, row[i]);
	size_t end = strlen(shown);
	while (end > 0 && shown[end - 1] == ' ') shown[--end] = 0;
	snprintf(expected, sizeof expected, "%s%s", PROMPT, editor.text);
	end = strlen(expected);
	while (end > 0 && expected[end - 1] == ' ') expected[--end] = 0;
	ck_assert_str_eq(shown, expected);
	ck_assert_uint_eq(column, 2 + text_columns(editor.text, 0, editor.cursor));
}

static enum editor_result type_unseen(const char *keys) {
	enum editor_result result = EDITOR_MORE;
	for (; *keys; keys++) result = editor_key(&editor, (uint8_t)*keys);
	return result;
}

static void type(const char *keys) {
	for (; *keys; keys++) {
		ck_assert_int_eq(editor_key(&editor, (uint8_t)*keys), EDITOR_MORE);
		if (editor.escape == ESCAPE_NONE && (keys[1] & 0xc0) != 0x80) assert_screen_is_right();
	}
}

static void assert_line(const char *expected) {
	ck_assert_int_eq(editor_key(&editor, '\r'), EDITOR_LINE);
	ck_assert_str_eq(editor.text, expected);
}

START_TEST(typed_text_is_the_line) {
	given_an_editor();
	type("ic run hello");
	assert_line("ic run hello");
}
END_TEST

START_TEST(text_can_be_inserted_and_removed_anywhere) {
	given_an_editor();
	type("ac\x1b[Db\x1b[H0\x1b[Fd"); /* left, home, end */
	type("\x01\x06\x1b[3~\x05!");    /* ^A ^F delete ^E */
	assert_line("0bcd!");
}
END_TEST

START_TEST(characters_of_several_bytes_move_and_go_as_one) {
	given_an_editor();
	type("a\xc3\xa9\xe2\x82\xacz");
	type("\x02\x02\x7f"); /* ^B ^B backspace */
	assert_line("a\xe2\x82\xacz");
}
END_TEST

START_TEST(words_and_ends_can_be_cut_and_pasted) {
	given_an_editor();
	type("one two three\x17"); /* ^W */
	type("\x01\x19");          /* ^A ^Y */
	assert_line("threeone two ");
	begin();
	type("one two\x1b"
	     "b\x0b\x15\x19"); /* alt-B ^K ^U ^Y */
	assert_line("one ");
	begin();
	type("one two\x01\x1b"
	     "d\x1b[1;5C!"); /* ^A alt-D ctrl-right */
	assert_line(" two!");
}
END_TEST

START_TEST(keys_at_the_edges_do_nothing) {
	given_an_editor();
	type("\x7f\x1b[D\x1b[C\x1b[3~\x1b[A\x1b[B\x17\x0b\x19\x1b[9~\x1bOx");
	assert_line("");
}
END_TEST

START_TEST(history_comes_back_and_the_unfinished_line_is_kept) {
	given_an_editor();
	history_add(&history, "first");
	history_add(&history, "second");
	begin();
	type("unfin\x1b[A");
	ck_assert_str_eq(editor.text, "second");
	type("\x10\x10\x10"); /* ^P beyond the oldest */
	ck_assert_str_eq(editor.text, "first");
	type("\x0e\x1b[B"); /* ^N, down */
	ck_assert_str_eq(editor.text, "unfin");
	type("\x1bOA!"); /* up, in application mode */
	assert_line("second!");
	ck_assert_str_eq(history_line(&history, 1), "second");
}
END_TEST

START_TEST(control_c_drops_the_line_and_control_d_ends_only_an_empty_one) {
	given_an_editor();
	type("abc");
	ck_assert_int_eq(editor_key(&editor, 3), EDITOR_CANCELLED);
	begin();
	type("a\x04");
	ck_assert_str_eq(editor.text, "a");
	type("\x7f");
	ck_assert_int_eq(editor_key(&editor, 4), EDITOR_END);
}
END_TEST

START_TEST(a_line_longer_than_the_terminal_scrolls) {
	char text[201] = "";
	given_an_editor();
	for (int i = 0; i < 200; i++) text[i] = (char)('a' + i % 26);
	ck_assert_int_eq(type_unseen(text), EDITOR_MORE);
	ck_assert_uint_lt(column, COLUMNS);
	ck_assert_int_eq(row[column - 1][0], text[199]);
	type_unseen("\x01");
	ck_assert_int_eq(row[2][0], 'a');
	ck_assert_uint_eq(column, 2);
	assert_line(text);
}
END_TEST

START_TEST(the_tab_key_completes_at_the_cursor) {
	given_an_editor();
	completion_text = "llo";
	type("he\t");
	ck_assert_int_eq(completions, 1);
	assert_line("hello");
}
END_TEST

START_TEST(history_forgets_blank_lines_repetitions_and_the_oldest) {
	char line[16];
	history = (struct history){0};
	history_add(&history, "  \t");
	history_add(&history, "a");
	history_add(&history, "a");
	ck_assert_uint_eq(history.count, 1);
	for (unsigned int i = 0; i < HISTORY_LIMIT + 5; i++) {
		snprintf(line, sizeof line, "line %u", i);
		history_add(&history, line);
	}
	ck_assert_uint_eq(history.count, HISTORY_LIMIT);
	ck_assert_uint_eq(history.forgotten, 6);
	ck_assert_str_eq(history_line(&history, 0), "line 5");
	history_clear(&history);
}
END_TEST

SUITE("shell_editor", typed_text_is_the_line, text_can_be_inserted_and_removed_anywhere,
      characters_of_several_bytes_move_and_go_as_one, words_and_ends_can_be_cut_and_pasted,
      keys_at_the_edges_do_nothing, history_comes_back_and_the_unfinished_line_is_kept,
      control_c_drops_the_line_and_control_d_ends_only_an_empty_one, a_line_longer_than_the_terminal_scrolls,
      the_tab_key_completes_at_the_cursor, history_forgets_blank_lines_repetitions_and_the_oldest)
