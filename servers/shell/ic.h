/* SPDX-License-Identifier: MIT */
/*
 * The verbs of `ic`, one function each: the first argument is the verb.
 */
#ifndef NACRE_SHELL_IC_H
#define NACRE_SHELL_IC_H

#include "builtin.h"

/* ic_create.c */
int ic_run(struct shell *shell, int argc, char **argv);
int ic_create(struct shell *shell, int argc, char **argv);

/* ic_list.c */
int ic_list(struct shell *shell, int argc, char **argv);
int ic_state(struct shell *shell, int argc, char **argv);
int ic_events(struct shell *shell, int argc, char **argv);

/* Prints "ic VERB: text" as an error; the second returns STATUS_USAGE. */
int ic_fail(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));
int ic_usage(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Finds a context below the shell's by number or name. Returns 0, or the exit status after it has
 * said that there is none. The capability is the caller's to delete.
 */
int ic_find(struct shell *shell, char **argv, const char *which, capability_t *context);

#endif
