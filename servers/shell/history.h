/* SPDX-License-Identifier: MIT */
/*
 * Lines that were typed before, oldest first.
 */
#ifndef NACRE_SHELL_HISTORY_H
#define NACRE_SHELL_HISTORY_H

#include <stddef.h>

#define HISTORY_LIMIT 1000u /* the oldest line goes when one more comes */

struct history {
	char *lines[HISTORY_LIMIT];
	size_t first;
	size_t count;
	size_t forgotten; /* lines that went: numbers go on */
};

/* Adds a line unless it is blank or the same as the last; without memory it is forgotten. */
void history_add(struct history *history, const char *line);

/* Line @index, 0 the oldest. Pre: @index < count. */
const char *history_line(const struct history *history, size_t index);

void history_clear(struct history *history);

#endif
