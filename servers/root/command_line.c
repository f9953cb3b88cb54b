/* SPDX-License-Identifier: MIT */
/*
 * The command line. Read command_line.h first.
 */
#include "command_line.h"

static void word_apply(struct piece word, struct command_line *command_line) {
	struct piece rest;

	if (piece_is(word, "verbose"))
		command_line->talk = TALK_ALL;
	else if (piece_after(word, "boot=", &rest) && rest.size > 0)
		command_line->script = rest;
}

struct command_line command_line_read(struct piece text) {
	struct command_line command_line = {.script = piece_of(COMMAND_LINE_SCRIPT)};
	size_t start = 0;

	for (size_t at = 0; at <= text.size; at++) {
		if (at < text.size && text.bytes[at] != ' ' && text.bytes[at] != '\t') continue;
		word_apply((struct piece){text.bytes + start, at - start}, &command_line);
		start = at + 1;
	}
	return command_line;
}
