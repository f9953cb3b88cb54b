/* SPDX-License-Identifier: MIT */
/*
 * The boot script. Read boot_script.h first.
 */
#include "boot_script.h"

#include "resource.h"

static int is_blank(char character) { return character == ' ' || character == '\t' || character == '\r'; }

/* Takes the next word from the front of @text: false if there is none. */
static int word_take(struct piece *text, struct piece *word) {
	size_t start = 0;
	size_t end;

	while (start < text->size && is_blank(text->bytes[start])) start++;
	for (end = start; end < text->size && !is_blank(text->bytes[end]);) end++;
	*word = (struct piece){text->bytes + start, end - start};
	text->bytes += end;
	text->size -= end;
	return word->size > 0;
}

/* Takes the next line from the front of @text, without its end and its comment. */
static struct piece line_take(struct piece *text) {
	struct piece line = {text->bytes, 0};
	size_t end = 0;

	while (end < text->size && text->bytes[end] != '\n') end++;
	while (line.size < end && text->bytes[line.size] != '#') line.size++;
	end += end < text->size;
	text->bytes += end;
	text->size -= end;
	return line;
}

static const char *section_read(struct script *script, struct piece word) {
	if (piece_is(word, "[base]"))
		script->section = SECTION_BASE;
	else if (piece_is(word, "[system]"))
		script->section = SECTION_SYSTEM;
	else
		return "there is no such section: write [base] or [system]";
	return NULL;
}

static const char *line_check(const struct script_line *line) {
	struct piece program;
	struct piece word;

	if (line->section == SECTION_NONE)
		return "a server before the first section: write [base] or [system] above it";
	if (!script_line_argument(line, 0, &program))
		return "no program: write NAME PROGRAM [ARGUMENT...] [may RESOURCE...]";
	if (program.bytes[0] != '/') return "the program's path must start with '/'";
	for (unsigned int index = 0; script_line_resource(line, index, &word); index++) {
		struct resource resource;
		const char *problem = resource_read(word, &resource);

		if (problem) return problem;
	}
	return NULL;
}

enum script_step script_next(struct script *script, struct script_line *line, const char **problem) {
	while (script->rest.size > 0) {
		struct piece words = line_take(&script->rest);
		struct piece left = words;
		struct piece word;

		script->line_number++;
		if (!word_take(&left, &word)) continue;
		line->number = script->line_number;
		if (word.bytes[0] == '[') {
			*problem = section_read(script, word);
			if (*problem) return SCRIPT_WRONG;
			continue;
		}
		line->words = words;
		line->section = script->section;
		*problem = line_check(line);
		return *problem ? SCRIPT_WRONG : SCRIPT_LINE;
	}
	return SCRIPT_END;
}

struct piece script_line_name(const struct script_line *line) {
	struct piece left = line->words;
	struct piece word;

	(void)word_take(&left, &word);
	return word;
}

/* The words after the name, up to `may`; or those after `may`. */
static int word_find(const struct script_line *line, int after_may, unsigned int index, struct piece *word) {
	struct piece left = line->words;
	int seen_may = 0;

	(void)word_take(&left, word);
	while (word_take(&left, word)) {
		if (!seen_may && piece_is(*word, "may")) {
			seen_may = 1;
			continue;
		}
		if (seen_may == after_may && index-- == 0) return 1;
	}
	return 0;
}

int script_line_argument(const struct script_line *line, unsigned int index, struct piece *word) {
	return word_find(line, 0, index, word);
}

int script_line_resource(const struct script_line *line, unsigned int index, struct piece *word) {
	return word_find(line, 1, index, word);
}

struct piece script_line_program(const struct script_line *line) {
	struct piece word;

	(void)script_line_argument(line, 0, &word);
	return word;
}

uint64_t script_line_arguments(const struct script_line *line, uint64_t offset, char *to, size_t room, size_t *copied) {
	uint64_t total = 0;
	struct piece word;

	*copied = 0;
	for (unsigned int index = 0; script_line_argument(line, index, &word); index++) {
		for (size_t at = 0; at <= word.size; at++, total++) {
			if (total >= offset && *copied < room) to[(*copied)++] = at < word.size ? word.bytes[at] : '\0';
		}
	}
	return total;
}
