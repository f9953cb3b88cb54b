/* SPDX-License-Identifier: MIT */
/*
 * A growing list of names: what completion offers, what a suggestion is picked from.
 */
#ifndef NACRE_SHELL_NAME_LIST_H
#define NACRE_SHELL_NAME_LIST_H

#include <stddef.h>

struct name_list {
	char **names;
	size_t count;
};

/* Adds a copy of the first @length bytes of @name; without memory the list stays as it is. */
void name_list_add(struct name_list *list, const char *name, size_t length);

/* Sorts, and removes what is there twice. */
void name_list_sort(struct name_list *list);

void name_list_free(struct name_list *list);

/* How many bytes all the names begin with alike; 0 for an empty list. */
size_t name_list_common(const struct name_list *list);

/*
 * The name most like @wrong, or NULL if none is like it: two mistakes at most (a letter missing,
 * too many, wrong, or swapped with its neighbour), and fewer mistakes than half of the letters.
 */
const char *name_list_closest(const struct name_list *list, const char *wrong);

#endif
