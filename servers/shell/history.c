/* SPDX-License-Identifier: MIT */
/*
 * The ring behind the arrow keys: see history.h.
 */
#include "history.h"

#include <stdlib.h>
#include <string.h>

static char **place(struct history *history, size_t index) {
	return &history->lines[(history->first + index) % HISTORY_LIMIT];
}

const char *history_line(const struct history *history, size_t index) {
	return history->lines[(history->first + index) % HISTORY_LIMIT];
}

static void forget_oldest(struct history *history) {
	free(*place(history, 0));
	history->first = (history->first + 1) % HISTORY_LIMIT;
	history->count--;
	history->forgotten++;
}

void history_add(struct history *history, const char *line) {
	if (line[strspn(line, " \t\n")] == 0) return;
	if (history->count > 0 && strcmp(history_line(history, history->count - 1), line) == 0) return;
	char *copy = strdup(line);
	if (!copy) return;
	if (history->count == HISTORY_LIMIT) forget_oldest(history);
	*place(history, history->count++) = copy;
}

void history_clear(struct history *history) {
	while (history->count > 0) forget_oldest(history);
}
