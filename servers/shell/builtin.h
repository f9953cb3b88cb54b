/* SPDX-License-Identifier: MIT */
/*
 * Commands that the shell does itself.
 */
#ifndef NACRE_SHELL_BUILTIN_H
#define NACRE_SHELL_BUILTIN_H

#include "name_list.h"
#include "shell.h"

struct builtin {
	const char *name;
	const char *summary; /* one line */
	const char *usage;   /* whole help, lines ended */
	int (*run)(struct shell *shell, int argc, char **argv);
};

/* The command of that name, or NULL. */
const struct builtin *builtin_find(const char *name);

/* Adds the names of all of them. */
void builtin_list(struct name_list *list);

/* Runs it; `NAME --help` prints its help. Returns the exit status. */
int builtin_run(const struct builtin *builtin, struct shell *shell, int argc, char **argv);

/* Prints "NAME: text" as an error. */
int builtin_fail(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with a pointer to the help; returns STATUS_USAGE. */
int builtin_usage(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One a file. */
extern const struct builtin ic_builtin, icf_builtin, names_builtin;
/* builtin_basic.c */
extern const struct builtin basic_builtins[];
extern const size_t basic_builtin_count;

#endif
