/* SPDX-License-Identifier: MIT */
/*
 * Programs by name: where they are looked for, and which there are.
 */
#ifndef NACRE_SHELL_SEARCH_H
#define NACRE_SHELL_SEARCH_H

#include <nacre/path.h>

#include "name_list.h"
#include "variables.h"

/*
 * The path of the program called @name: itself if it has a slash, else in the first directory of
 * $PATH (/bin:/test if that is not set) that has it. not_found; range if it is too long.
 */
NACRE_MUST_CHECK error_t search_program(const struct variables *variables, const char *name,
                                        char path[PATH_LENGTH_MAX + 1]);

/* Adds the names of all programs found that way. */
void search_list(const struct variables *variables, struct name_list *list);

/* Says that there is no such command or program, and which may have been meant. */
void search_report(const struct variables *variables, const char *name);

#endif
