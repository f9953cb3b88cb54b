/* SPDX-License-Identifier: MIT */
/*
 * The verbs of `ic`: see builtin.h for how verbs are called.
 */
#ifndef NACRE_SHELL_IC_H
#define NACRE_SHELL_IC_H

#include "builtin.h"

/* ic_create.c */
builtin_function ic_run, ic_create;

/* ic_list.c */
builtin_function ic_list, ic_state, ic_events;

/* ic_verb.c */
builtin_function ic_start, ic_pause, ic_resume, ic_kill, ic_wait, ic_delete;

/*
 * Finds a context below the shell's by number or name. Returns 0, or the exit status after it has
 * said that there is none. The capability is the caller's to delete.
 */
int ic_find(struct shell *shell, char **argv, const char *which, capability_t *context);

#endif
