/* SPDX-License-Identifier: MIT */
/*
 * Unfinished lines and candidates: see completion.h.
 */
#include "completion.h"

#include <stdlib.h>
#include <string.h>

/* Characters that end a word, and those that need a backslash to be part of one. */
#define ENDS_WORD    " \t;&|"
#define NEEDS_ESCAPE " \t;&|<>()'\"\\$`#"

struct scan {
	const char *at;
	const char *end;
	struct completion *completion;
};

static int is_one_of(char character, const char *set) { return character != 0 && strchr(set, character) != NULL; }

/* Copies a word without backslashes. Words with quotes are not completed: returns 0. */
static int scan_word(struct scan *scan, char *word) {
	size_t length = 0;
	while (scan->at < scan->end && !is_one_of(*scan->at, ENDS_WORD)) {
		if (*scan->at == '\\' && scan->at + 1 < scan->end)
			scan->at++;
		else if (*scan->at == '\'' || *scan->at == '"')
			return 0;
		word[length++] = *scan->at++;
	}
	word[length] = 0;
	return 1;
}

static void begin_command(struct completion *completion) {
	completion->argument = 0;
	completion->operand = 0;
	completion->command[0] = 0;
	completion->verb[0] = 0;
}

static void skip_separators(struct scan *scan) {
	for (; scan->at < scan->end && is_one_of(*scan->at, ENDS_WORD); scan->at++) {
		if (!is_one_of(*scan->at, " \t")) begin_command(scan->completion);
	}
}

static void note_directory(struct completion *completion) {
	const char *slash = strrchr(completion->word, '/');
	completion->directory_length = slash ? (size_t)(slash + 1 - completion->word) : 0;
}

/* Notes a word that is followed by something, and so is no longer the one to complete. */
static void pass_word(struct completion *completion) {
	if (completion->argument == 0) strcpy(completion->command, completion->word);
	if (completion->argument == 1) strcpy(completion->verb, completion->word);
	completion->operand += completion->argument == 0 || completion->word[0] != '-';
	completion->argument++;
}

static int scan_line(struct scan *scan) {
	struct completion *completion = scan->completion;
	for (;;) {
		skip_separators(scan);
		if (!scan_word(scan, completion->word)) return 0;
		if (scan->at == scan->end) break;
		pass_word(completion);
	}
	note_directory(completion);
	return 1;
}

int completion_find(const char *text, size_t cursor, struct completion *completion) {
	struct scan scan = {text, text + cursor, completion};
	*completion = (struct completion){
		.word = malloc(cursor + 1),
		.command = calloc(1, cursor + 1),
		.verb = calloc(1, cursor + 1),
	};
	if (completion->word && completion->command && completion->verb && scan_line(&scan)) return 1;
	completion_free(completion);
	return 0;
}

void completion_free(struct completion *completion) {
	free(completion->word);
	free(completion->command);
	free(completion->verb);
}

char *completion_addition(const struct name_list *candidates, size_t typed) {
	size_t common = name_list_common(candidates), length = 0;
	char *addition = malloc(2 * common + 2);
	if (!addition) return NULL;
	for (size_t i = typed; i < common; i++) {
		char next = candidates->names[0][i];
		if (is_one_of(next, NEEDS_ESCAPE)) addition[length++] = '\\';
		addition[length++] = next;
	}
	if (candidates->count == 1 && common > 0 && candidates->names[0][common - 1] != '/') addition[length++] = ' ';
	addition[length] = 0;
	return addition;
}

static size_t longest_name(const struct name_list *candidates) {
	size_t longest = 0;
	for (size_t i = 0; i < candidates->count; i++) {
		size_t length = strlen(candidates->names[i]);
		longest = length > longest ? length : longest;
	}
	return longest;
}

char *completion_table(const struct name_list *candidates, size_t columns) {
	size_t width = longest_name(candidates) + 2;
	size_t across = columns > width ? columns / width : 1;
	size_t down = (candidates->count + across - 1) / across;
	char *table = malloc(down * (across * width + 2) + 1), *at = table;
	if (!table) return NULL;
	for (size_t row = 0; row < down; row++) {
		for (size_t i = row; i < candidates->count; i += down) {
			size_t length = strlen(candidates->names[i]);
			memcpy(at, candidates->names[i], length);
			memset(at + length, ' ', width - length);
			at += width;
		}
		while (at > table && at[-1] == ' ') at--;
		*at++ = '\r';
		*at++ = '\n';
	}
	*at = 0;
	return table;
}
