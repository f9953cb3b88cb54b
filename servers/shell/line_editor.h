/* SPDX-License-Identifier: MIT */
/*
 * The line that a person is typing.
 *
 * Owns the text, the cursor, what the keys do and how the line is shown on a terminal that knows
 * the usual (ECMA-48) sequences. Knows neither where keys come from nor what a line means. A line
 * longer than the terminal is wide scrolls sideways. Text is UTF-8; every character is one column.
 *
 *   left right home end  ^B ^F ^A ^E    alt-B alt-F, ctrl-left ctrl-right: by words
 *   backspace delete ^H ^D   ^U ^K ^W alt-D: cut   ^Y: insert what was cut
 *   up down ^P ^N: history   tab: complete   ^L: clear   ^C: drop the line   ^D: end, if empty
 */
#ifndef NACRE_SHELL_LINE_EDITOR_H
#define NACRE_SHELL_LINE_EDITOR_H

#include <stdint.h>

#include "history.h"

enum editor_result {
	EDITOR_MORE,      /* go on typing */
	EDITOR_LINE,      /* the line is complete: editor->text */
	EDITOR_CANCELLED, /* ^C */
	EDITOR_END,       /* ^D on an empty line */
};

struct line_editor;

struct editor_terminal {
	void (*show)(void *context, const char *bytes, size_t count);
	/* The tab key: may call editor_insert() and editor_suggest(). */
	void (*complete)(void *context, struct line_editor *editor);
	void *context;
};

enum editor_escape {
	ESCAPE_NONE,
	ESCAPE_STARTED,  /* after ESC */
	ESCAPE_SEQUENCE, /* after ESC [ */
	ESCAPE_SINGLE,   /* after ESC O */
};

struct line_editor {
	struct editor_terminal terminal;
	const struct history *history;
	const char *prompt;
	size_t columns;

	char *text; /* zero-terminated */
	size_t length;
	size_t capacity;
	size_t cursor; /* in bytes */

	size_t history_index; /* history->count: the line that is not in it */
	char *unfinished;     /* that line while another one is shown */
	char *cut;

	enum editor_escape escape;
	char parameters[8];
	size_t parameter_count;
};

/* 0 if there is no memory. */
int editor_initialize(struct line_editor *editor, struct editor_terminal terminal, const struct history *history);

/* Shows @prompt and starts an empty line. @columns of the terminal, at least 20. */
void editor_begin(struct line_editor *editor, const char *prompt, size_t columns);

/* Takes one byte from the keyboard. */
enum editor_result editor_key(struct line_editor *editor, uint8_t byte);

/* For complete(): puts text before the cursor. */
void editor_insert(struct line_editor *editor, const char *text, size_t count);
/* For complete(): shows something below the line, then the line again. */
void editor_suggest(struct line_editor *editor, const char *text, size_t count);

#endif
