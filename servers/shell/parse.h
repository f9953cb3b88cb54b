/* SPDX-License-Identifier: MIT */
/*
 * The shell's language: text to commands.
 *
 * Owns where lines, commands and words begin and end. Words stay as they were typed, quotes
 * and all; expand.h makes strings of them when the command runs, because `$?` is known only then.
 *
 *   script:  line newline line ...     line:  command { ; && || } command ...     # comment
 */
#ifndef NACRE_SHELL_PARSE_H
#define NACRE_SHELL_PARSE_H

#include <stddef.h>

struct shell_text {
	const char *start;
	size_t length;
};

enum shell_join {
	JOIN_ALWAYS,
	JOIN_IF_SUCCESS, /* && */
	JOIN_IF_FAILURE, /* || */
};

struct shell_command {
	enum shell_join join;   /* on what the command before it gave */
	struct shell_text text; /* the whole of it, as typed */
	struct shell_text *words;
	size_t word_count; /* at least 1 */
};

struct shell_line {
	struct shell_text text;
	struct shell_command *commands;
	size_t command_count;
	char problem[120]; /* PARSE_INVALID: what is wrong and what to do */
};

enum parse_result {
	PARSE_LINE,       /* a line, perhaps without commands */
	PARSE_INCOMPLETE, /* the text ends inside a quotation or after && or || */
	PARSE_INVALID,
	PARSE_NO_MEMORY,
};

/*
 * Parses the first line of @text and removes it from @text. What PARSE_LINE leaves in @line is to
 * be given back with line_free(); it points into the text.
 */
enum parse_result line_parse(struct shell_text *text, struct shell_line *line);
void line_free(struct shell_line *line);

#endif
