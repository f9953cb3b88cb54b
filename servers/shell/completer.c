/* SPDX-License-Identifier: MIT */
/*
 * Candidates for completion: see completer.h.
 */
#include "completer.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "completion.h"
#include "search.h"

/* First arguments of commands that have verbs. */
static const struct {
	const char *command;
	const char *verbs; /* divided by blanks */
} verbs[] = {
	{"ic", "create delete events kill list pause resume run start state wait"},
	{"icf", "list"},
	{"names", "bind list unbind"},
	{"power", "off reboot"},
};

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

static void add_commands(struct name_list *list, const struct shell *shell) {
	builtin_list(list);
	search_list(&shell->variables, list);
}

static int add_verbs(struct name_list *list, const struct completion *completion) {
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (completion->argument == 1 && strcmp(completion->command, verbs[i].command) == 0) {
			add_words(list, verbs[i].verbs);
			return 1;
		}
	}
	return 0;
}

static void add_candidates(struct name_list *list, const struct completion *completion, const struct shell *shell) {
	int is_command = completion->argument == 0 ||
	                 (completion->argument == 1 && strcmp(completion->command, "help") == 0) ||
	                 (completion->argument == 2 && strcmp(completion->command, "ic") == 0);
	if (is_command && completion->directory_length == 0)
		add_commands(list, shell);
	else if (!add_verbs(list, completion))
		add_paths(list, completion);
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
