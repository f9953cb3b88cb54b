/* SPDX-License-Identifier: MIT */
/*
 * Keys and display of the edited line: see line_editor.h for the keys.
 */
#include "line_editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "editor_text.h"

#define CONTROL(letter) ((letter)&0x1f)
#define KEY_ESCAPE      0x1b
#define KEY_DELETE      0x7f
#define FIRST_PRINTABLE 0x20

static void show(struct line_editor *editor, const char *text) {
	editor->terminal.show(editor->terminal.context, text, strlen(text));
}

/* Columns for the text: at least some, and one less than there are, for the cursor behind it. */
static size_t text_room(const struct line_editor *editor) {
	size_t prompt = text_columns(editor->prompt, 0, strlen(editor->prompt));
	return editor->columns > prompt + 10 ? editor->columns - prompt - 1 : 10;
}

/*
 * First byte of the text to show, so that the cursor stays on the screen. It moves by half of the room,
 * so that most characters typed into a long line only have to be appended.
 */
static size_t first_shown(const struct line_editor *editor, size_t room) {
	size_t column = text_columns(editor->text, 0, editor->cursor), step = room / 2, first = 0;
	size_t left_out = column < room ? 0 : ((column - room) / step + 1) * step;
	while (left_out-- > 0) first = text_right(editor, first);
	return first;
}

static size_t last_shown(const struct line_editor *editor, size_t first, size_t room) {
	size_t last = first;
	while (last < editor->length && text_columns(editor->text, first, last) < room) last = text_right(editor, last);
	return last;
}

static void redraw(struct line_editor *editor) {
	char move[32];
	size_t room = text_room(editor);
	size_t first = first_shown(editor, room), last = last_shown(editor, first, room);
	show(editor, "\r");
	show(editor, editor->prompt);
	editor->terminal.show(editor->terminal.context, editor->text + first, last - first);
	show(editor, "\x1b[K"); /* erase to the end of the line */
	if (editor->cursor < last) {
		size_t back = text_columns(editor->text, editor->cursor, last);
		snprintf(move, sizeof move, "\x1b[%luD", (unsigned long)back);
		show(editor, move);
	}
}

int editor_initialize(struct line_editor *editor, struct editor_terminal terminal, const struct history *history) {
	*editor = (struct line_editor){.terminal = terminal, .history = history};
	editor->text = calloc(1, 1);
	editor->capacity = 1;
	return editor->text != NULL;
}

void editor_begin(struct line_editor *editor, const char *prompt, size_t columns) {
	editor->prompt = prompt;
	editor->columns = columns;
	editor->escape = ESCAPE_NONE;
	editor->history_index = editor->history->count;
	text_remove(editor, 0, editor->length);
	show(editor, prompt);
}

void editor_insert(struct line_editor *editor, const char *text, size_t count) { text_insert(editor, text, count); }

void editor_suggest(struct line_editor *editor, const char *text, size_t count) {
	show(editor, "\r\n");
	editor->terminal.show(editor->terminal.context, text, count);
}

/* Leaves the line as it is on the screen and goes below it. */
static void leave(struct line_editor *editor, const char *mark) {
	if (editor->cursor != editor->length) {
		editor->cursor = editor->length;
		redraw(editor);
	}
	show(editor, mark);
	show(editor, "\r\n");
}

static void show_history(struct line_editor *editor, size_t index) {
	if (index > editor->history->count) return;
	if (editor->history_index == editor->history->count) {
		free(editor->unfinished);
		editor->unfinished = strdup(editor->text);
	}
	editor->history_index = index;
	if (index < editor->history->count)
		text_replace(editor, history_line(editor->history, index));
	else
		text_replace(editor, editor->unfinished ? editor->unfinished : "");
}

static void move_letter(struct line_editor *editor, char letter) {
	switch (letter) {
	case 'A':
		if (editor->history_index > 0) show_history(editor, editor->history_index - 1);
		break;
	case 'B': show_history(editor, editor->history_index + 1); break;
	case 'C': editor->cursor = text_right(editor, editor->cursor); break;
	case 'D': editor->cursor = text_left(editor, editor->cursor); break;
	case 'H': editor->cursor = 0; break;
	case 'F': editor->cursor = editor->length; break;
	default: break;
	}
}

static void delete_right(struct line_editor *editor) {
	text_remove(editor, editor->cursor, text_right(editor, editor->cursor));
}

/* ESC [ parameters final: with a parameter ";5" (control) the arrows go by words. */
static void sequence_key(struct line_editor *editor, char final) {
	char first = editor->parameter_count > 0 ? editor->parameters[0] : 0;
	int control = editor->parameter_count == 3 && memcmp(editor->parameters, "1;5", 3) == 0;
	if (final == '~' && first == '3')
		delete_right(editor);
	else if (final == '~' && (first == '1' || first == '7'))
		editor->cursor = 0;
	else if (final == '~' && (first == '4' || first == '8'))
		editor->cursor = editor->length;
	else if (control && final == 'C')
		editor->cursor = text_word_right(editor, editor->cursor);
	else if (control && final == 'D')
		editor->cursor = text_word_left(editor, editor->cursor);
	else
		move_letter(editor, final);
}

static void alt_key(struct line_editor *editor, char letter) {
	if (letter == 'b')
		editor->cursor = text_word_left(editor, editor->cursor);
	else if (letter == 'f')
		editor->cursor = text_word_right(editor, editor->cursor);
	else if (letter == 'd')
		text_cut(editor, editor->cursor, text_word_right(editor, editor->cursor));
}

static void escape_key(struct line_editor *editor, char byte) {
	enum editor_escape escape = editor->escape;
	editor->escape = ESCAPE_NONE;
	switch (escape) {
	case ESCAPE_STARTED:
		if (byte == '[')
			editor->escape = ESCAPE_SEQUENCE;
		else if (byte == 'O')
			editor->escape = ESCAPE_SINGLE;
		else
			alt_key(editor, byte);
		editor->parameter_count = 0;
		break;
	case ESCAPE_SEQUENCE:
		if ((byte >= '0' && byte <= '9') || byte == ';') {
			if (editor->parameter_count < sizeof editor->parameters)
				editor->parameters[editor->parameter_count++] = byte;
			editor->escape = ESCAPE_SEQUENCE;
		} else {
			sequence_key(editor, byte);
		}
		break;
	case ESCAPE_SINGLE: move_letter(editor, byte); break;
	case ESCAPE_NONE: break;
	}
}

static void edit_key(struct line_editor *editor, uint8_t byte) {
	switch (byte) {
	case CONTROL('A'): move_letter(editor, 'H'); break;
	case CONTROL('B'): move_letter(editor, 'D'); break;
	case CONTROL('D'): delete_right(editor); break;
	case CONTROL('E'): move_letter(editor, 'F'); break;
	case CONTROL('F'): move_letter(editor, 'C'); break;
	case CONTROL('H'):
	case KEY_DELETE: text_remove(editor, text_left(editor, editor->cursor), editor->cursor); break;
	case CONTROL('K'): text_cut(editor, editor->cursor, editor->length); break;
	case CONTROL('L'):
		show(editor, "\x1b[H\x1b[2J"); /* to the corner; erase the screen */
		break;
	case CONTROL('N'): move_letter(editor, 'B'); break;
	case CONTROL('P'): move_letter(editor, 'A'); break;
	case CONTROL('U'): text_cut(editor, 0, editor->cursor); break;
	case CONTROL('W'): text_cut(editor, text_word_left(editor, editor->cursor), editor->cursor); break;
	case CONTROL('Y'): text_paste(editor); break;
	case '\t': editor->terminal.complete(editor->terminal.context, editor); break;
	default: break;
	}
}

/* A character at the end is only appended on the screen, too, if what else is shown stays. */
static void type_character(struct line_editor *editor, char byte) {
	size_t room = text_room(editor), first = first_shown(editor, room);
	int at_end = editor->cursor == editor->length;
	if (!text_insert(editor, &byte, 1)) return;
	if (at_end && first_shown(editor, room) == first)
		editor->terminal.show(editor->terminal.context, &byte, 1);
	else
		redraw(editor);
}

static enum editor_result finish_key(struct line_editor *editor, uint8_t byte) {
	if (byte == '\r' || byte == '\n') {
		leave(editor, "");
		return EDITOR_LINE;
	}
	if (byte == CONTROL('C')) {
		leave(editor, "^C");
		return EDITOR_CANCELLED;
	}
	if (byte == CONTROL('D') && editor->length == 0) {
		show(editor, "\r\n");
		return EDITOR_END;
	}
	return EDITOR_MORE;
}

enum editor_result editor_key(struct line_editor *editor, uint8_t byte) {
	if (editor->escape != ESCAPE_NONE) {
		escape_key(editor, (char)byte);
		redraw(editor);
		return EDITOR_MORE;
	}
	if (byte == KEY_ESCAPE) {
		editor->escape = ESCAPE_STARTED;
		return EDITOR_MORE;
	}
	if (byte >= FIRST_PRINTABLE && byte != KEY_DELETE) {
		type_character(editor, (char)byte);
		return EDITOR_MORE;
	}
	enum editor_result result = finish_key(editor, byte);
	if (result == EDITOR_MORE) {
		edit_key(editor, byte);
		redraw(editor);
	}
	return result;
}
