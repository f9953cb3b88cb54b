/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, and `help`: see builtin.h.
 */
#include "builtin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nacre/table.h>

#include "search.h"

static int run_help(struct shell *shell, int argc, char **argv);

static const struct builtin help_builtin = {
	.name = "help",
	.summary = "tells what commands there are, or how to use one",
	.usage = "usage: help [COMMAND]\n"
		 "Lists all commands, or tells how to use one of them.\n",
	.run = run_help,
};

static const struct builtin *const single[] = {&help_builtin, &ic_builtin, &icf_builtin, &names_builtin};
#define SINGLE_COUNT (sizeof single / sizeof single[0])

static const struct builtin *builtin_at(size_t index) {
	if (index < SINGLE_COUNT) return single[index];
	index -= SINGLE_COUNT;
	return index < basic_builtin_count ? &basic_builtins[index] : NULL;
}

const struct builtin *builtin_find(const char *name) {
	const struct builtin *builtin;
	for (size_t i = 0; (builtin = builtin_at(i)) != NULL; i++) {
		if (strcmp(builtin->name, name) == 0) return builtin;
	}
	return NULL;
}

void builtin_list(struct name_list *list) {
	const struct builtin *builtin;
	for (size_t i = 0; (builtin = builtin_at(i)) != NULL; i++)
		name_list_add(list, builtin->name, strlen(builtin->name));
}

int builtin_run(const struct builtin *builtin, struct shell *shell, int argc, char **argv) {
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(builtin->usage, stdout);
		return 0;
	}
	return builtin->run(shell, argc, argv);
}

int builtin_fail(char **argv, const char *format, ...) {
	va_list arguments;
	fflush(stdout);
	fprintf(stderr, "%s: ", argv[0]);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return 1;
}

int builtin_usage(char **argv, const char *format, ...) {
	va_list arguments;
	fflush(stdout);
	fprintf(stderr, "%s: ", argv[0]);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; 'help %s' tells more\n", argv[0]);
	return STATUS_USAGE;
}

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

static void list_programs(const struct shell *shell) {
	struct name_list programs = {NULL, 0};
	search_list(&shell->variables, &programs);
	name_list_sort(&programs);
	fputs("\nPrograms (each tells more with --help):", stdout);
	for (size_t i = 0; i < programs.count; i++) printf(" %s", programs.names[i]);
	fputs("\n\n"
	      "Several commands: A; B   A && B (B if A did well)   A || B (B if A failed)\n"
	      "Words: 'as it is'   \"with $NAME\"   \\ before one character   $? last status\n"
	      "NAME=VALUE sets a variable.\n",
	      stdout);
	name_list_free(&programs);
}

static int run_help(struct shell *shell, int argc, char **argv) {
	if (argc > 2) return builtin_usage(argv, "one command at a time");
	if (argc == 1) {
		list_builtins();
		list_programs(shell);
		return 0;
	}
	const struct builtin *builtin = builtin_find(argv[1]);
	char path[PATH_LENGTH_MAX + 1];
	if (builtin)
		fputs(builtin->usage, stdout);
	else if (search_program(&shell->variables, argv[1], path) == ERROR_OK)
		printf("%s is a program: '%s --help' tells how to use it\n", argv[1], argv[1]);
	else
		search_report(&shell->variables, argv[1]);
	return 0;
}
