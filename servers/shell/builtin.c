/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, and the way to a command's verb: see builtin.h.
 */
#include "builtin.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 64u /* of "COMMAND VERB" */

static const struct builtin *const single[] = {&help_builtin, &ic_builtin, &icf_builtin, &log_builtin, &names_builtin};
#define SINGLE_COUNT (sizeof single / sizeof single[0])

const struct builtin *builtin_at(size_t index) {
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

const struct builtin_verb *builtin_verb_find(const struct builtin *builtin, const char *name) {
	for (size_t i = 0; i < builtin->verb_count; i++) {
		if (strcmp(builtin->verbs[i].name, name) == 0) return &builtin->verbs[i];
	}
	return NULL;
}

void builtin_list(struct name_list *list) {
	const struct builtin *builtin;
	for (size_t i = 0; (builtin = builtin_at(i)) != NULL; i++)
		name_list_add(list, builtin->name, strlen(builtin->name));
}

void builtin_verb_list(const struct builtin *builtin, struct name_list *list) {
	for (size_t i = 0; i < builtin->verb_count; i++)
		name_list_add(list, builtin->verbs[i].name, strlen(builtin->verbs[i].name));
}

int builtin_unknown_verb(const struct builtin *builtin, char **argv, const char *name) {
	struct name_list list = {NULL, 0};
	builtin_verb_list(builtin, &list);
	const char *meant = name_list_closest(&list, name);
	int status = meant ? builtin_usage(argv, "there is no verb '%s' (did you mean '%s'?)", name, meant)
	                   : builtin_usage(argv, "there is no verb '%s'", name);
	name_list_free(&list);
	return status;
}

static int is_help(int argc, char **argv, int index) { return argc > index && strcmp(argv[index], "--help") == 0; }

/* The verb speaks of itself by argv[0]: that is "COMMAND VERB" while it runs. */
static int run_verb(const struct builtin *builtin, struct shell *shell, int argc, char **argv) {
	char name[NAME_MAX_BYTES];
	char *typed = argv[1];
	if (argc < 2) return builtin_usage(argv, "which verb?");
	const struct builtin_verb *verb = builtin_verb_find(builtin, typed);
	if (!verb) return builtin_unknown_verb(builtin, argv, typed);
	if (is_help(argc, argv, 2)) {
		fputs(verb->usage, stdout);
		return 0;
	}
	snprintf(name, sizeof name, "%s %s", builtin->name, verb->name);
	argv[1] = name;
	int status = verb->run(shell, argc - 1, argv + 1);
	argv[1] = typed;
	return status;
}

int builtin_run(const struct builtin *builtin, struct shell *shell, int argc, char **argv) {
	if (is_help(argc, argv, 1)) {
		fputs(builtin->usage, stdout);
		return 0;
	}
	return builtin->run ? builtin->run(shell, argc, argv) : run_verb(builtin, shell, argc, argv);
}
