/* SPDX-License-Identifier: MIT */
/*
 * The shell's variables. All of them are the environment of the commands that it runs.
 */
#ifndef NACRE_SHELL_VARIABLES_H
#define NACRE_SHELL_VARIABLES_H

#include <stddef.h>

struct variable {
	struct variable *next;
	char *value;   /* within text */
	size_t length; /* of the name */
	char text[];   /* NAME=value */
};

struct variables {
	struct variable *first;
};

/* The value, or NULL if there is no such variable. */
const char *variables_get(const struct variables *variables, const char *name, size_t length);

/* Takes `NAME=value`; 0 if there is no memory for it. Pre: it has that form. */
int variables_set(struct variables *variables, const char *assignment);

/* 0 if there is no such variable. */
int variables_unset(struct variables *variables, const char *name);

void variables_clear(struct variables *variables);

/* Length of the name if @text has the form `NAME=value`, else 0. */
size_t assignment_name_length(const char *text);

#endif
