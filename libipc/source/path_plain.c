/* SPDX-License-Identifier: MIT */
/*
 * Plain paths, and the working directory they are relative to. No system calls.
 */
#include <string.h>

#include "path_plain.h"

/* Removes the last component of a plain path. */
static size_t up(const char *plain, size_t length) {
	while (length > 0 && plain[length - 1] != '/') length--;
	return length > 0 ? length - 1 : 0;
}

static int is_dots(const char *component, size_t length) {
	return length <= 2 && strncmp(component, "..", length) == 0;
}

error_t path_append(char plain[PATH_LENGTH_MAX + 1], const char *path) {
	size_t used = strcmp(plain, "/") == 0 ? 0 : strlen(plain);

	for (const char *next = path; *next != '\0';) {
		size_t length = strcspn(next, "/");

		if (length == 2 && is_dots(next, length)) {
			used = up(plain, used);
		} else if (length != 0 && !(length == 1 && is_dots(next, length))) {
			if (length + 1 > PATH_LENGTH_MAX - used) return ERROR_RANGE;
			plain[used] = '/';
			memcpy(plain + used + 1, next, length);
			used += length + 1;
		}
		next += length + (next[length] == '/');
	}
	if (used == 0) plain[used++] = '/';
	plain[used] = '\0';
	return ERROR_OK;
}
