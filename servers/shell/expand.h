/* SPDX-License-Identifier: MIT */
/*
 * A word as typed to the string that a command gets.
 *
 * Owns quotes, backslashes and `$`. 'all literal'; in "..." a backslash escapes only
 * " \ $ ` and the newline. $NAME, ${NAME} and $? give values; an unset name gives nothing. A
 * value is never cut into several words. Knows nothing of where values are kept.
 */
#ifndef NACRE_SHELL_EXPAND_H
#define NACRE_SHELL_EXPAND_H

#include "parse.h"

/* The value of the variable of that name, or NULL. */
typedef const char *expand_lookup(void *context, const char *name, size_t length);

enum expand_result {
	EXPAND_WORD,
	EXPAND_NOTHING, /* the word was only unquoted values, all empty: there is no word */
	EXPAND_INVALID, /* "${" without a name and "}" */
	EXPAND_NO_MEMORY,
};

/* EXPAND_WORD leaves a string in *@string that the caller frees. */
enum expand_result word_expand(struct shell_text word, expand_lookup *lookup, void *context, char **string);

/* How many bytes of @text are a name (letter or _, then letters, digits, _). */
size_t name_length(const char *text, size_t limit);

#endif
