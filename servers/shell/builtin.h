/* SPDX-License-Identifier: MIT */
/*
 * Commands that the shell does itself.
 *
 * Owns what a command is and how one speaks. Some have verbs (`ic run`), each with help and
 * options of its own; the others are one function.
 */
#ifndef NACRE_SHELL_BUILTIN_H
#define NACRE_SHELL_BUILTIN_H

#include "name_list.h"
#include "shell.h"

typedef int builtin_function(struct shell *shell, int argc, char **argv);

/* What the tab key offers where a command or verb takes its arguments. */
enum builtin_operand {
	OPERAND_PATH,
	OPERAND_NONE,
	OPERAND_CONTEXT, /* of those below the shell's */
	OPERAND_PROGRAM, /* first a program, then paths */
	OPERAND_COMMAND, /* first a command or program, then one of its verbs */
};

struct builtin_verb {
	const char *name;
	const char *usage;     /* whole help, lines ended */
	const char *options;   /* divided by blanks, or NULL; --help is understood without being here */
	builtin_function *run; /* argv[0] is "COMMAND VERB" */
	enum builtin_operand operand;
};

struct builtin {
	const char *name;
	const char *summary; /* one line */
	const char *usage;   /* whole help, lines ended */
	builtin_function *run;
	const struct builtin_verb *verbs; /* instead of @run */
	size_t verb_count;
	enum builtin_operand operand;
};

/* The command of that name, or NULL. */
const struct builtin *builtin_find(const char *name);

/* The command at a place in the list of all, or NULL behind its end. */
const struct builtin *builtin_at(size_t index);

/* The verb of that name, or NULL. */
const struct builtin_verb *builtin_verb_find(const struct builtin *builtin, const char *name);

/* Adds the names of all commands, or of a command's verbs. */
void builtin_list(struct name_list *list);
void builtin_verb_list(const struct builtin *builtin, struct name_list *list);

/* Runs it; `NAME --help` and `NAME VERB --help` print help. Returns the exit status. */
int builtin_run(const struct builtin *builtin, struct shell *shell, int argc, char **argv);

/* Says that there is no such verb, and which may have been meant; returns STATUS_USAGE. */
int builtin_unknown_verb(const struct builtin *builtin, char **argv, const char *name);

/* builtin_say.c: prints "NAME: text" as an error and returns 1. */
int builtin_fail(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with a pointer to the help; returns STATUS_USAGE. */
int builtin_usage(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Reads what a listing takes: `--json` and, unless @operand is null, one word, in any order.
 * Returns 0, or the exit status after it has said what is wrong.
 */
int builtin_list_arguments(int argc, char **argv, int *json, const char **operand);

/* One a file. */
extern const struct builtin help_builtin, ic_builtin, icf_builtin, log_builtin, names_builtin;
/* builtin_basic.c */
extern const struct builtin basic_builtins[];
extern const size_t basic_builtin_count;

#endif
