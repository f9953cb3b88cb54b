/* SPDX-License-Identifier: MIT */
/*
 * Candidates for completion: see completer.h.
 */
#include "completer.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "completion.h"
#include "search.h"

static void add_words(struct name_list *list, const char *words) {
	while (*words) {
		size_t length = strcspn(words, " ");
		name_list_add(list, words, length);
		words += length + (words[length] == ' ');
	}
}

static void add_paths(struct name_list *list, const struct completion *completion) {
	char path[PATH_LENGTH_MAX + 2];
	const struct dirent *entry;
	size_t length = completion->directory_length;
	if (length > PATH_LENGTH_MAX) return;
	memcpy(path, completion->word, length);
	memcpy(path + length, ".", 2);
	DIR *directory = opendir(path);
	if (!directory) return;
	while ((entry = readdir(directory)) != NULL) {
		char name[sizeof path + sizeof entry->d_name];
		int size = snprintf(name, sizeof name, "%.*s%s%s", (int)length, completion->word, entry->d_name,
		                    entry->d_type == DT_DIR ? "/" : "");
		if (size > 0) name_list_add(list, name, (size_t)size);
	}
	closedir(directory);
}

static void add_programs(struct name_list *list, const struct shell *shell) { search_list(&shell->variables, list); }

static void add_contexts(struct name_list *list, const struct shell *shell) {
	struct context_list_answer answer = {.cursor = 0};
	do {
		char number[24];
		if (context_list(shell->contexts, answer.cursor, &answer) != ERROR_OK) return;
		int length = snprintf(number, sizeof number, "%" PRIu64, answer.number);
		name_list_add(list, number, (size_t)length);
		name_list_add(list, answer.name, strlen(answer.name));
	} while (answer.cursor != 0);
}

static void add_options(struct name_list *list, const struct builtin_verb *verb) {
	if (verb && verb->options) add_words(list, verb->options);
	add_words(list, "--help");
}

/* An argument: @place is 1 for the first of the command, or of its verb. */
static void add_operands(struct name_list *list, const struct completion *completion, const struct shell *shell,
                         enum builtin_operand operand, size_t place) {
	const struct builtin *builtin = builtin_find(completion->verb);
	if (operand == OPERAND_CONTEXT)
		add_contexts(list, shell);
	else if (operand == OPERAND_PROGRAM && place == 1 && completion->directory_length == 0)
		add_programs(list, shell);
	else if (operand == OPERAND_COMMAND && place == 2 && builtin)
		builtin_verb_list(builtin, list);
	else if (operand == OPERAND_COMMAND && place == 1) {
		builtin_list(list);
		add_programs(list, shell);
	} else if (operand == OPERAND_PATH || operand == OPERAND_PROGRAM)
		add_paths(list, completion);
}

static void add_arguments(struct name_list *list, const struct completion *completion, const struct shell *shell) {
	const struct builtin *builtin = builtin_find(completion->command);
	const struct builtin_verb *verb = builtin ? builtin_verb_find(builtin, completion->verb) : NULL;
	if (completion->word[0] == '-')
		add_options(list, verb);
	else if (verb)
		add_operands(list, completion, shell, verb->operand, completion->operand - 1);
	else if (builtin && builtin->verbs && completion->operand == 1)
		builtin_verb_list(builtin, list);
	else
		add_operands(list, completion, shell, builtin ? builtin->operand : OPERAND_PATH, completion->operand);
}

static void add_candidates(struct name_list *list, const struct completion *completion, const struct shell *shell) {
	if (completion->argument > 0) {
		add_arguments(list, completion, shell);
	} else if (completion->directory_length > 0) {
		add_paths(list, completion);
	} else {
		builtin_list(list);
		add_programs(list, shell);
	}
}

/* Keeps the names that begin with the word. */
static void keep_matching(struct name_list *list, const char *word) {
	size_t kept = 0, length = strlen(word);
	for (size_t i = 0; i < list->count; i++) {
		if (strncmp(list->names[i], word, length) == 0)
			list->names[kept++] = list->names[i];
		else
			free(list->names[i]);
	}
	list->count = kept;
}

static void show_table(const struct completer *completer, struct line_editor *editor, const struct name_list *list) {
	char *table = completion_table(list, completer->columns);
	if (table) editor_suggest(editor, table, strlen(table));
	free(table);
}

void completer_complete(void *context, struct line_editor *editor) {
	const struct completer *completer = context;
	struct name_list list = {NULL, 0};
	struct completion completion;
	if (!completion_find(editor->text, editor->cursor, &completion)) return;
	add_candidates(&list, &completion, completer->shell);
	keep_matching(&list, completion.word);
	name_list_sort(&list);
	char *addition = completion_addition(&list, strlen(completion.word));
	if (addition && addition[0])
		editor_insert(editor, addition, strlen(addition));
	else if (list.count > 1)
		show_table(completer, editor, &list);
	free(addition);
	name_list_free(&list);
	completion_free(&completion);
}
