/* SPDX-License-Identifier: MIT */
/*
 * Arguments and environment, as the parent has them.
 *
 * Owns the strings and the two arrays, which stay for the life of the program.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/log.h>
#include <nacre/protocol/parent.h>

#include "start_internal.h"

static char *no_environment[] = {NULL};
char **environ = no_environment;

typedef error_t (*read_t)(capability_t parent, uint64_t offset, uint64_t *total, void *data, size_t capacity,
                          size_t *size);

/* Reads all of it into memory of its own, with a NUL byte behind the end. */
static error_t strings_read(read_t read, char **text_out, size_t *size_out) {
	char piece[PARENT_READ_ARGUMENTS_DATA_MAX];
	uint64_t total = 0;
	size_t size = 0;
	size_t got;
	char *text = NULL;

	do {
		uint64_t told;
		error_t error = read(start_parent(), size, &told, piece, sizeof(piece), &got);

		if (error == ERROR_OK && text == NULL) {
			total = told;
			text = total < SIZE_MAX ? malloc((size_t)total + 1) : NULL;
			error = text ? ERROR_OK : ERROR_NO_MEMORY;
		}
		if (error == ERROR_OK && (got > total - size || (got == 0 && size < total))) error = ERROR_ARGUMENT;
		if (error != ERROR_OK) {
			free(text);
			return error;
		}
		memcpy(text + size, piece, got);
		size += got;
	} while (size < total);
	text[size] = '\0';
	*text_out = text;
	*size_out = size;
	return ERROR_OK;
}

/* Points at each of the strings that lie in @text one after the other. */
static char **strings_split(char *text, size_t size, size_t *count_out) {
	size_t count = 0;
	size_t next = 0;
	char **strings;

	for (size_t i = 0; i < size; i += strlen(text + i) + 1) count++;
	strings = malloc((count + 1) * sizeof(*strings));
	if (!strings) return NULL;
	for (size_t i = 0; i < size; i += strlen(text + i) + 1) strings[next++] = text + i;
	strings[next] = NULL;
	*count_out = count;
	return strings;
}

static error_t strings_get(read_t read, char ***strings_out, size_t *count_out) {
	char *text;
	size_t size;
	char **strings;
	error_t error = strings_read(read, &text, &size);

	if (error != ERROR_OK) return error;
	strings = strings_split(text, size, count_out);
	if (!strings) {
		free(text);
		return ERROR_NO_MEMORY;
	}
	*strings_out = strings;
	return ERROR_OK;
}

static char program_name[LOG_OPEN_SOURCE_MAX + 1] = "program";

const char *environment_program_name(void) { return program_name; }

static void program_name_set(const char *path) {
	const char *slash = strrchr(path, '/');

	strlcpy(program_name, slash ? slash + 1 : path, sizeof(program_name));
}

error_t environment_read(int *argc_out, char ***argv_out) {
	size_t count;
	error_t error = strings_get(parent_read_environment, &environ, &count);

	if (error == ERROR_OK) error = strings_get(parent_read_arguments, argv_out, &count);
	if (error != ERROR_OK) return error;
	*argc_out = (int)count;
	if (count != 0) program_name_set((*argv_out)[0]);
	return ERROR_OK;
}
