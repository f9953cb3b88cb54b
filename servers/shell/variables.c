/* SPDX-License-Identifier: MIT */
/*
 * A list of NAME=value: see variables.h.
 */
#include "variables.h"

#include <stdlib.h>
#include <string.h>

#include "expand.h"

static struct variable **find(struct variables *variables, const char *name, size_t length) {
	struct variable **link = &variables->first;
	while (*link && ((*link)->length != length || memcmp((*link)->text, name, length) != 0)) link = &(*link)->next;
	return link;
}

const char *variables_get(const struct variables *variables, const char *name, size_t length) {
	struct variables copy = *variables;
	struct variable *variable = *find(&copy, name, length);
	return variable ? variable->value : NULL;
}

static void remove_at(struct variable **link) {
	struct variable *variable = *link;
	*link = variable->next;
	free(variable);
}

int variables_set(struct variables *variables, const char *assignment) {
	size_t length = assignment_name_length(assignment), size = strlen(assignment) + 1;
	struct variable *variable = malloc(sizeof *variable + size);
	if (!variable) return 0;
	struct variable **old = find(variables, assignment, length);
	if (*old) remove_at(old);
	memcpy(variable->text, assignment, size);
	variable->value = variable->text + length + 1;
	variable->length = length;
	variable->next = NULL;
	*find(variables, "", 0) = variable; /* no name is empty: this is the end of the list */
	return 1;
}

int variables_unset(struct variables *variables, const char *name) {
	struct variable **link = find(variables, name, strlen(name));
	if (!*link) return 0;
	remove_at(link);
	return 1;
}

void variables_clear(struct variables *variables) {
	while (variables->first) remove_at(&variables->first);
}

size_t assignment_name_length(const char *text) {
	size_t length = name_length(text, strlen(text));
	return text[length] == '=' ? length : 0;
}
