/* SPDX-License-Identifier: MIT */
/*
 * Names in a list, and how alike they are: see name_list.h.
 */
#include "name_list.h"

#include <stdlib.h>
#include <string.h>

/* Longer words are not compared: nobody means them by a slip of the finger. */
#define COMPARED_MAX 64u
#define MISTAKES_MAX 2u

void name_list_add(struct name_list *list, const char *name, size_t length) {
	char **names = realloc(list->names, (list->count + 1) * sizeof *names);
	if (!names) return;
	list->names = names;
	char *copy = strndup(name, length);
	if (copy) names[list->count++] = copy;
}

static int compare_names(const void *left, const void *right) {
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void name_list_sort(struct name_list *list) {
	size_t kept = 0;
	if (list->count == 0) return;
	qsort(list->names, list->count, sizeof *list->names, compare_names);
	for (size_t i = 1; i < list->count; i++) {
		if (strcmp(list->names[kept], list->names[i]) == 0)
			free(list->names[i]);
		else
			list->names[++kept] = list->names[i];
	}
	list->count = kept + 1;
}

void name_list_free(struct name_list *list) {
	for (size_t i = 0; i < list->count; i++) free(list->names[i]);
	free(list->names);
	*list = (struct name_list){0};
}

size_t name_list_common(const struct name_list *list) {
	size_t common = list->count > 0 ? strlen(list->names[0]) : 0;
	for (size_t i = 1; i < list->count; i++) {
		size_t same = 0;
		while (same < common && list->names[0][same] == list->names[i][same]) same++;
		common = same;
	}
	return common;
}

static unsigned int least(unsigned int a, unsigned int b, unsigned int c) {
	unsigned int least = a < b ? a : b;
	return least < c ? least : c;
}

/*
 * Damerau's distance between two words (optimal string alignment), by three rows of the usual
 * table: rows[2] belongs to the word without its last letter but one, and so on.
 */
static unsigned int distance(const char *left, const char *right) {
	unsigned int rows[3][COMPARED_MAX + 1];
	size_t left_length = strlen(left), right_length = strlen(right);
	if (left_length > COMPARED_MAX || right_length > COMPARED_MAX) return MISTAKES_MAX + 1;
	for (unsigned int j = 0; j <= right_length; j++) rows[0][j] = j;
	for (unsigned int i = 1; i <= left_length; i++) {
		memmove(rows[1], rows[0], 2 * sizeof rows[0]);
		rows[0][0] = i;
		for (size_t j = 1; j <= right_length; j++) {
			unsigned int wrong = left[i - 1] != right[j - 1];
			rows[0][j] = least(rows[1][j] + 1, rows[0][j - 1] + 1, rows[1][j - 1] + wrong);
			if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] &&
			    rows[2][j - 2] + 1 < rows[0][j])
				rows[0][j] = rows[2][j - 2] + 1;
		}
	}
	return rows[0][right_length];
}

const char *name_list_closest(const struct name_list *list, const char *wrong) {
	const char *closest = NULL;
	unsigned int fewest = MISTAKES_MAX + 1;
	for (size_t i = 0; i < list->count; i++) {
		unsigned int mistakes = distance(list->names[i], wrong);
		if (mistakes < fewest && 2 * mistakes < strlen(wrong) + 1) {
			fewest = mistakes;
			closest = list->names[i];
		}
	}
	return closest;
}
