/* SPDX-License-Identifier: MIT */
/*
 * Bytes, characters and words of the edited line: see editor_text.h.
 */
#include "editor_text.h"

#include <stdlib.h>
#include <string.h>

int text_insert(struct line_editor *editor, const char *bytes, size_t count) {
	if (editor->length + count + 1 > editor->capacity) {
		size_t capacity = 2 * (editor->length + count + 1);
		char *larger = realloc(editor->text, capacity);
		if (!larger) return 0;
		editor->text = larger;
		editor->capacity = capacity;
	}
	char *place = editor->text + editor->cursor;
	memmove(place + count, place, editor->length - editor->cursor + 1);
	memcpy(place, bytes, count);
	editor->length += count;
	editor->cursor += count;
	return 1;
}

void text_remove(struct line_editor *editor, size_t from, size_t to) {
	memmove(editor->text + from, editor->text + to, editor->length - to + 1);
	editor->length -= to - from;
	editor->cursor = from;
}

void text_cut(struct line_editor *editor, size_t from, size_t to) {
	char *cut = strndup(editor->text + from, to - from);
	if (from == to || !cut) {
		free(cut);
		return;
	}
	free(editor->cut);
	editor->cut = cut;
	text_remove(editor, from, to);
}

void text_paste(struct line_editor *editor) {
	if (editor->cut) text_insert(editor, editor->cut, strlen(editor->cut));
}

void text_replace(struct line_editor *editor, const char *text) {
	text_remove(editor, 0, editor->length);
	text_insert(editor, text, strlen(text));
}

static int is_continuation(char byte) { return ((unsigned char)byte & 0xc0) == 0x80; /* of a UTF-8 sequence */ }

size_t text_left(const struct line_editor *editor, size_t place) {
	if (place > 0) place--;
	while (place > 0 && is_continuation(editor->text[place])) place--;
	return place;
}

size_t text_right(const struct line_editor *editor, size_t place) {
	if (place < editor->length) place++;
	while (place < editor->length && is_continuation(editor->text[place])) place++;
	return place;
}

size_t text_word_left(const struct line_editor *editor, size_t place) {
	while (place > 0 && editor->text[place - 1] == ' ') place--;
	while (place > 0 && editor->text[place - 1] != ' ') place--;
	return place;
}

size_t text_word_right(const struct line_editor *editor, size_t place) {
	while (place < editor->length && editor->text[place] == ' ') place++;
	while (place < editor->length && editor->text[place] != ' ') place++;
	return place;
}

size_t text_columns(const char *text, size_t from, size_t to) {
	size_t columns = 0;
	for (size_t i = from; i < to; i++) columns += !is_continuation(text[i]);
	return columns;
}
