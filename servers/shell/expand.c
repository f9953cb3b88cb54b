/* SPDX-License-Identifier: MIT */
/*
 * Quotes, backslashes and values: see expand.h for the rules.
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

struct expansion {
	const char *at;
	const char *end;
	expand_lookup *lookup;
	void *context;
	char *string;
	size_t length;
	size_t capacity;
	int quoted; /* some of it was quoted or literal: there is a word even if it is empty */
	enum expand_result result;
};

static void put(struct expansion *expansion, const char *bytes, size_t count) {
	size_t needed = expansion->length + count + 1;
	if (needed > expansion->capacity) {
		char *larger = realloc(expansion->string, 2 * needed);
		if (!larger) {
			expansion->result = EXPAND_NO_MEMORY;
			return;
		}
		expansion->string = larger;
		expansion->capacity = 2 * needed;
	}
	memcpy(expansion->string + expansion->length, bytes, count);
	expansion->length += count;
	expansion->string[expansion->length] = 0;
}

size_t name_length(const char *text, size_t limit) {
	size_t length = 0;
	while (length < limit) {
		char next = text[length];
		int letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_';
		int digit = next >= '0' && next <= '9';
		if (!letter && !(digit && length > 0)) break;
		length++;
	}
	return length;
}

static void put_value(struct expansion *expansion, const char *name, size_t length) {
	const char *value = expansion->lookup(expansion->context, name, length);
	if (value) put(expansion, value, strlen(value));
}

static size_t parameter_length(const struct expansion *expansion) {
	size_t left = (size_t)(expansion->end - expansion->at);
	if (left > 0 && *expansion->at == '?') return 1;
	return name_length(expansion->at, left);
}

static void expand_braces(struct expansion *expansion) {
	const char *name = ++expansion->at;
	size_t length = parameter_length(expansion);
	expansion->at += length;
	if (length == 0 || expansion->at == expansion->end || *expansion->at != '}') {
		expansion->result = EXPAND_INVALID;
		return;
	}
	expansion->at++;
	put_value(expansion, name, length);
}

static void expand_dollar(struct expansion *expansion) {
	expansion->at++;
	if (expansion->at < expansion->end && *expansion->at == '{') {
		expand_braces(expansion);
		return;
	}
	size_t length = parameter_length(expansion);
	if (length == 0) {
		expansion->quoted = 1;
		put(expansion, "$", 1);
		return;
	}
	put_value(expansion, expansion->at, length);
	expansion->at += length;
}

static void expand_single_quotes(struct expansion *expansion) {
	const char *start = ++expansion->at;
	while (*expansion->at != '\'') expansion->at++;
	put(expansion, start, (size_t)(expansion->at - start));
	expansion->at++;
}

/* A backslash before a newline joins the lines. */
static void expand_backslash(struct expansion *expansion) {
	if (expansion->at[1] != '\n') put(expansion, expansion->at + 1, 1);
	expansion->at += 2;
}

static void expand_double_quotes(struct expansion *expansion) {
	expansion->at++;
	while (expansion->result == EXPAND_WORD && *expansion->at != '"') {
		if (*expansion->at == '$') {
			expand_dollar(expansion);
			continue;
		}
		if (*expansion->at == '\\' && strchr("\"\\$`\n", expansion->at[1]))
			expand_backslash(expansion);
		else
			put(expansion, expansion->at++, 1);
	}
	expansion->at++;
}

static void expand_next(struct expansion *expansion) {
	if (*expansion->at == '$') {
		expand_dollar(expansion);
		return;
	}
	expansion->quoted = 1;
	if (*expansion->at == '\'')
		expand_single_quotes(expansion);
	else if (*expansion->at == '"')
		expand_double_quotes(expansion);
	else if (*expansion->at == '\\')
		expand_backslash(expansion);
	else
		put(expansion, expansion->at++, 1);
}

enum expand_result word_expand(struct shell_text word, expand_lookup *lookup, void *context, char **string) {
	struct expansion expansion = {
		.at = word.start,
		.end = word.start + word.length,
		.lookup = lookup,
		.context = context,
		.result = EXPAND_WORD,
	};
	put(&expansion, "", 0);
	while (expansion.result == EXPAND_WORD && expansion.at < expansion.end) expand_next(&expansion);
	if (expansion.result == EXPAND_WORD && expansion.length == 0 && !expansion.quoted)
		expansion.result = EXPAND_NOTHING;
	if (expansion.result == EXPAND_WORD)
		*string = expansion.string;
	else
		free(expansion.string);
	return expansion.result;
}
