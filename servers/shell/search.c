/* SPDX-License-Identifier: MIT */
/*
 * $PATH: see search.h.
 */
#include "search.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <nacre/slot.h>

#include "builtin.h"

#define PATH_DEFAULT "/bin:/test"

static const char *search_path(const struct variables *variables) {
	const char *path = variables_get(variables, "PATH", 4);
	return path && path[0] ? path : PATH_DEFAULT;
}

/* Copies the next directory of the search path; 0 at its end. */
static int next_directory(const char **at, char *directory, size_t size) {
	size_t length = strcspn(*at, ":");
	if (length == 0 || length >= size) return 0;
	memcpy(directory, *at, length);
	directory[length] = 0;
	*at += length;
	*at += **at == ':';
	return 1;
}

static error_t look_at(const char *path) {
	struct path_node node;
	error_t error = path_open(path, PATH_NOW, &node);
	if (error == ERROR_OK) capability_delete(node.capability);
	return error;
}

error_t search_program(const struct variables *variables, const char *name, char path[PATH_LENGTH_MAX + 1]) {
	const char *at = search_path(variables);
	char directory[PATH_LENGTH_MAX + 1];
	if (strchr(name, '/')) return path_plain(name, path);
	if (!name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return ERROR_NOT_FOUND;
	while (next_directory(&at, directory, sizeof directory)) {
		int length = snprintf(path, PATH_LENGTH_MAX + 1, "%s/%s", directory, name);
		if (length < 0 || (unsigned int)length > PATH_LENGTH_MAX) return ERROR_RANGE;
		error_t error = look_at(path);
		if (error != ERROR_NOT_FOUND && error != ERROR_STATE) return error;
	}
	return ERROR_NOT_FOUND;
}

static void list_directory(const char *path, struct name_list *list) {
	const struct dirent *entry;
	DIR *directory = opendir(path);
	if (!directory) return;
	while ((entry = readdir(directory)) != NULL) name_list_add(list, entry->d_name, strlen(entry->d_name));
	closedir(directory);
}

void search_list(const struct variables *variables, struct name_list *list) {
	const char *at = search_path(variables);
	char directory[PATH_LENGTH_MAX + 1];
	while (next_directory(&at, directory, sizeof directory)) list_directory(directory, list);
}

void search_report(const struct variables *variables, const char *name) {
	struct name_list list = {NULL, 0};
	builtin_list(&list);
	search_list(variables, &list);
	const char *meant = name_list_closest(&list, name);
	if (!name[0]) name = "''";
	if (meant)
		fprintf(stderr, "%s: no such command; did you mean '%s'?\n", name, meant);
	else
		fprintf(stderr, "%s: no such command; 'help' lists what there is\n", name);
	name_list_free(&list);
}
