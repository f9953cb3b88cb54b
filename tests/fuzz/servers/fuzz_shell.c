/* SPDX-License-Identifier: MIT */
/*
 * Any text as a script: parsing ends, every word can be expanded, every start of it completed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "completion.h"
#include "expand.h"
#include "parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *lookup(void *context, const char *name, size_t length) {
	(void)context;
	(void)name;
	return length % 2 ? "a value" : NULL;
}

static void expand_line(const struct shell_line *line) {
	for (size_t i = 0; i < line->command_count; i++) {
		const struct shell_command *command = &line->commands[i];
		if (command->word_count == 0) abort();
		for (size_t word = 0; word < command->word_count; word++) {
			char *string;
			if (word_expand(command->words[word], lookup, NULL, &string) == EXPAND_WORD) free(string);
		}
	}
}

static void complete(const char *text, size_t size) {
	struct completion completion;
	for (size_t cursor = 0; cursor <= size && cursor < 64; cursor++) {
		if (completion_find(text, cursor, &completion)) completion_free(&completion);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	char *copy = malloc(size + 1); /* its end is guarded by the sanitizer */
	struct shell_line line;
	memcpy(copy, data, size);
	copy[size] = 0;
	complete(copy, strlen(copy));
	struct shell_text text = {copy, size};
	while (text.length > 0) {
		size_t before = text.length;
		enum parse_result result = line_parse(&text, &line);
		if (result == PARSE_INCOMPLETE) break;
		if (text.length >= before) abort();
		if (result == PARSE_LINE) expand_line(&line);
		line_free(&line);
	}
	free(copy);
	return 0;
}
