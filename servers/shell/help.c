/* SPDX-License-Identifier: MIT */
/*
 * `help`: what there is, and how each is used.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/table.h>

#include "builtin.h"
#include "search.h"

#define LINE_COLUMNS 76u

static void list_builtins(void) {
	static const char *const headings[] = {"COMMAND", ""};
	const struct builtin *builtin;
	struct table table;
	table_start(&table, headings, 2);
	for (size_t i = 0; (builtin = builtin_at(i)) != NULL; i++) {
		table_cell(&table, "%s", builtin->name);
		table_cell(&table, "%s", builtin->summary);
	}
	table_finish(&table, stdout);
}

static void print_names(const struct name_list *list) {
	size_t column = 0;
	for (size_t i = 0; i < list->count; i++) {
		size_t length = strlen(list->names[i]) + 1;
		if (column > 0 && column + length > LINE_COLUMNS) {
			putchar('\n');
			column = 0;
		}
		printf(" %s", list->names[i]);
		column += length;
	}
	putchar('\n');
}

static void list_programs(const struct shell *shell) {
	struct name_list programs = {NULL, 0};
	search_list(&shell->variables, &programs);
	name_list_sort(&programs);
	fputs("\nPrograms, each run in a context of its own:\n", stdout);
	print_names(&programs);
	name_list_free(&programs);
	fputs("\n"
	      "'COMMAND --help', 'ic VERB --help', 'PROGRAM --help' tell how to use one.\n"
	      "Several commands: A; B   A && B (B if A did well)   A || B (B if A failed)\n"
	      "Words: 'as it is'   \"with $NAME\"   \\ before one character   $? last status\n"
	      "NAME=VALUE sets a variable. Keys: tab completes, up and down bring lines back,\n"
	      "^C ends what runs, ^D ends input. Ctrl-A X leaves QEMU; Ctrl-A twice is one Ctrl-A.\n",
	      stdout);
}

static int help_verb(const struct builtin *builtin, char **argv, const char *name) {
	const struct builtin_verb *verb = builtin_verb_find(builtin, name);
	char *command[] = {argv[1], NULL};
	if (!verb) return builtin_unknown_verb(builtin, command, name);
	fputs(verb->usage, stdout);
	return 0;
}

static int help_name(const struct shell *shell, const char *name) {
	const struct builtin *builtin = builtin_find(name);
	char path[PATH_LENGTH_MAX + 1];
	if (builtin) {
		fputs(builtin->usage, stdout);
	} else if (search_program(&shell->variables, name, path) == ERROR_OK) {
		printf("%s is a program: '%s --help' tells how to use it\n", name, name);
	} else {
		search_report(&shell->variables, name);
		return STATUS_NOT_FOUND;
	}
	return 0;
}

static int run_help(struct shell *shell, int argc, char **argv) {
	if (argc == 1) {
		list_builtins();
		list_programs(shell);
		return 0;
	}
	if (argc == 2) return help_name(shell, argv[1]);
	const struct builtin *builtin = builtin_find(argv[1]);
	if (argc > 3 || !builtin || !builtin->verbs) return builtin_usage(argv, "one command at a time");
	return help_verb(builtin, argv, argv[2]);
}

const struct builtin help_builtin = {
	.name = "help",
	.summary = "tells what commands there are, or how to use one",
	.usage = "usage: help [COMMAND [VERB]]\n"
		 "Lists all commands, or tells how to use one of them.\n",
	.run = run_help,
	.operand = OPERAND_COMMAND,
};
