/* SPDX-License-Identifier: MIT */
/*
 * Names to numbers from 1 on: see sources.h.
 */
#include "sources.h"

#include <stdlib.h>
#include <string.h>

static uint64_t find_name(const struct log_sources *sources, const char *name) {
	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->list[i].name, name) == 0) return i + 1;
	}
	return 0;
}

static error_t add_name(struct log_sources *sources, const char *name) {
	if (sources->count == SOURCES_LIMIT) return ERROR_LIMIT;
	struct log_source *list = realloc(sources->list, (sources->count + 1) * sizeof *list);
	if (!list) return ERROR_NO_MEMORY;
	sources->list = list;
	char *copy = strdup(name);
	if (!copy) return ERROR_NO_MEMORY;
	list[sources->count++] = (struct log_source){.name = copy};
	return ERROR_OK;
}

error_t sources_open(struct log_sources *sources, const char *name, uint64_t *number) {
	uint64_t found = find_name(sources, name);
	if (found == 0) {
		error_t error = add_name(sources, name);
		if (error != ERROR_OK) return error;
		found = sources->count;
	}
	*number = found;
	return ERROR_OK;
}

struct log_source *sources_find(struct log_sources *sources, uint64_t number) {
	if (number == 0 || number > sources->count) return NULL;
	return &sources->list[number - 1];
}
