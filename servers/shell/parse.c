/* SPDX-License-Identifier: MIT */
/*
 * Scanner and parser in one pass: see parse.h for the language.
 */
#include "parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
	const char *at;
	const char *end;
	struct shell_line *line;
	enum parse_result result; /* PARSE_LINE as long as all is well */
};

static int parser_failed(const struct parser *parser) { return parser->result != PARSE_LINE; }

/* 0 stands for the end of the text: lines with NUL bytes in them are refused. */
static char peek(const struct parser *parser, size_t ahead) {
	return parser->at + ahead < parser->end ? parser->at[ahead] : 0;
}

static int at_end(const struct parser *parser) { return parser->at >= parser->end; }

static void fail(struct parser *parser, const char *format, const char *what, size_t length) {
	if (parser_failed(parser)) return;
	parser->result = PARSE_INVALID;
	snprintf(parser->line->problem, sizeof parser->line->problem, format, (int)length, what);
}

/* Room for one more element of @size bytes after @count in an array that grows by doubling. */
static void *array_grow(void *array, size_t count, size_t size) {
	if (count & (count - 1)) return array; /* not a power of two: there is room */
	return realloc(array, (count ? 2 * count : 1) * size);
}

static struct shell_command *add_command(struct parser *parser, enum shell_join join) {
	struct shell_line *line = parser->line;
	struct shell_command *commands = array_grow(line->commands, line->command_count, sizeof *commands);
	if (!commands) {
		parser->result = PARSE_NO_MEMORY;
		return NULL;
	}
	line->commands = commands;
	commands[line->command_count] = (struct shell_command){.join = join};
	return &commands[line->command_count++];
}

static void add_word(struct parser *parser, const char *start) {
	struct shell_line *line = parser->line;
	struct shell_command *command = &line->commands[line->command_count - 1];
	struct shell_text *words = array_grow(command->words, command->word_count, sizeof *words);
	if (!words) {
		parser->result = PARSE_NO_MEMORY;
		return;
	}
	command->words = words;
	words[command->word_count++] = (struct shell_text){start, (size_t)(parser->at - start)};
	command->text.length = (size_t)(parser->at - command->text.start);
}

static void skip_blanks(struct parser *parser) {
	for (;;) {
		char next = peek(parser, 0);
		if (next == ' ' || next == '\t' || next == '\r')
			parser->at++;
		else if (next == '\\' && peek(parser, 1) == '\n')
			parser->at += 2;
		else
			break;
	}
	if (peek(parser, 0) == '#') {
		while (!at_end(parser) && peek(parser, 0) != '\n') parser->at++;
	}
}

/* ` and $( would run a command and use what it prints. */
static int is_substitution(const struct parser *parser) {
	return peek(parser, 0) == '`' || (peek(parser, 0) == '$' && peek(parser, 1) == '(');
}

static void fail_substitution(struct parser *parser) {
	fail(parser,
	     "the output of a command cannot be used as a word; put '%.*s' in single quotes to "
	     "pass it as text",
	     parser->at, *parser->at == '`' ? 1 : 2);
}

static void scan_quotation(struct parser *parser) {
	char quote = *parser->at++;
	while (!at_end(parser) && *parser->at != quote) {
		if (quote == '"' && is_substitution(parser)) {
			fail_substitution(parser);
			return;
		}
		if (quote == '"' && *parser->at == '\\' && parser->at + 1 < parser->end) parser->at++;
		parser->at++;
	}
	if (at_end(parser))
		parser->result = PARSE_INCOMPLETE;
	else
		parser->at++;
}

static int is_word_end(char character) { return memchr(" \t\r\n;&|<>()", character, 12) != NULL; /* NUL included */ }

static void scan_escape(struct parser *parser) {
	if (parser->at + 1 == parser->end)
		parser->result = PARSE_INCOMPLETE;
	else
		parser->at += 2;
}

static void scan_word(struct parser *parser) {
	const char *start = parser->at;
	while (!parser_failed(parser) && !is_word_end(peek(parser, 0))) {
		char next = peek(parser, 0);
		if (next == '\'' || next == '"')
			scan_quotation(parser);
		else if (next == '\\')
			scan_escape(parser);
		else if (is_substitution(parser))
			fail_substitution(parser);
		else
			parser->at++;
	}
	if (!parser_failed(parser)) add_word(parser, start);
}

/* Consumes ; && || or the newline. Returns 0 at the end of the line. */
static int scan_operator(struct parser *parser, enum shell_join *join) {
	char next = peek(parser, 0);
	*join = JOIN_ALWAYS;
	if (at_end(parser)) return 0;
	if (next == '\n') {
		parser->at++;
		return 0;
	}
	if (next == ';') {
		parser->at++;
		return 1;
	}
	if (next == 0) {
		fail(parser, "%.*sa NUL byte in the text; remove it", "", 0);
		return 0;
	}
	if ((next == '&' || next == '|') && peek(parser, 1) == next) {
		*join = next == '&' ? JOIN_IF_SUCCESS : JOIN_IF_FAILURE;
		parser->at += 2;
		return 1;
	}
	fail(parser,
	     next == '&' ? "'%.*s' is not supported: 'ic run --background PROGRAM' does not wait; quotes make it text"
	                 : "'%.*s' is not supported; put it in quotes to pass it as text",
	     parser->at, 1);
	return 0;
}

static int starts_word(const struct parser *parser) { return !at_end(parser) && !is_word_end(peek(parser, 0)); }

static void parse_command(struct parser *parser, enum shell_join join) {
	struct shell_command *command = add_command(parser, join);
	if (!command) return;
	command->text.start = parser->at;
	while (!parser_failed(parser) && starts_word(parser)) {
		scan_word(parser);
		skip_blanks(parser);
	}
}

/* A line may go on below after && and ||. */
static void skip_newlines(struct parser *parser) {
	skip_blanks(parser);
	while (peek(parser, 0) == '\n') {
		parser->at++;
		skip_blanks(parser);
	}
	if (at_end(parser)) parser->result = PARSE_INCOMPLETE;
}

static void parse_commands(struct parser *parser) {
	enum shell_join join = JOIN_ALWAYS;
	do {
		skip_blanks(parser);
		if (join != JOIN_ALWAYS) skip_newlines(parser);
		if (parser_failed(parser)) return;
		if (starts_word(parser))
			parse_command(parser, join);
		else if (join != JOIN_ALWAYS)
			fail(parser, "a command is missing after '%.*s'", join == JOIN_IF_SUCCESS ? "&&" : "||", 2);
		else if (peek(parser, 0) == '&' || peek(parser, 0) == '|')
			fail(parser, "a command is missing before '%.*s'", parser->at,
			     peek(parser, 1) == peek(parser, 0) ? 2 : 1);
	} while (!parser_failed(parser) && scan_operator(parser, &join));
}

/* After a mistake the line ends at the next newline, wherever that is. */
static void skip_line(struct parser *parser) {
	const char *newline = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
	parser->at = newline ? newline + 1 : parser->end;
}

enum parse_result line_parse(struct shell_text *text, struct shell_line *line) {
	struct parser parser = {text->start, text->start + text->length, line, PARSE_LINE};
	*line = (struct shell_line){.text = *text};
	parse_commands(&parser);
	if (memchr(text->start, 0, (size_t)(parser.at - text->start)))
		fail(&parser, "%.*sa NUL byte in the text; remove it", "", 0);
	if (parser.result != PARSE_LINE) line_free(line);
	if (parser.result == PARSE_INCOMPLETE) return PARSE_INCOMPLETE;
	if (parser.result != PARSE_LINE) skip_line(&parser);
	line->text.length = (size_t)(parser.at - text->start);
	while (line->text.length > 0 && line->text.start[line->text.length - 1] == '\n') line->text.length--;
	text->length -= (size_t)(parser.at - text->start);
	text->start = parser.at;
	return parser.result;
}

void line_free(struct shell_line *line) {
	for (size_t i = 0; i < line->command_count; i++) free(line->commands[i].words);
	free(line->commands);
	line->commands = NULL;
	line->command_count = 0;
}
