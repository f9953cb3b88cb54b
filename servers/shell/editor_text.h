/* SPDX-License-Identifier: MIT */
/*
 * The edited text apart from how it is shown: insertion, removal, steps by characters and words.
 */
#ifndef NACRE_SHELL_EDITOR_TEXT_H
#define NACRE_SHELL_EDITOR_TEXT_H

#include "line_editor.h"

/* Inserts at the cursor and moves it on; 0 if there is no memory. */
int text_insert(struct line_editor *editor, const char *bytes, size_t count);

/* Removes from @from up to @to and leaves the cursor at @from. */
void text_remove(struct line_editor *editor, size_t from, size_t to);

/* The same, and keeps what was removed for text_paste(). */
void text_cut(struct line_editor *editor, size_t from, size_t to);
void text_paste(struct line_editor *editor);

void text_replace(struct line_editor *editor, const char *text);

/* The place one character, or to the edge of one word, from @place; @place itself at the ends. */
size_t text_left(const struct line_editor *editor, size_t place);
size_t text_right(const struct line_editor *editor, size_t place);
size_t text_word_left(const struct line_editor *editor, size_t place);
size_t text_word_right(const struct line_editor *editor, size_t place);

/* Columns that the bytes from @from up to @to take. */
size_t text_columns(const char *text, size_t from, size_t to);

#endif
