/* SPDX-License-Identifier: MIT */
/*
 * Checking and taking apart paths. Read path.h first.
 */
#include <string.h>

#include "path.h"

static error_t component_check(const char *text, size_t length) {
	if (length == 0) return ERROR_ARGUMENT;
	if (memchr(text, '\0', length)) return ERROR_ARGUMENT;
	if (length > PATH_COMPONENT_MAX) return ERROR_RANGE;
	if (length <= 2 && memcmp(text, "..", length) == 0) return ERROR_ARGUMENT;
	return ERROR_OK;
}

static error_t components_check(const char *text, size_t length) {
	size_t start = 1;

	while (start <= length) {
		const char *slash = memchr(text + start, '/', length - start);
		size_t end = slash ? (size_t)(slash - text) : length;
		error_t error = component_check(text + start, end - start);

		if (error != ERROR_OK) return error;
		start = end + 1;
	}
	return ERROR_OK;
}

error_t path_resolve(const struct path *root, const char *text, size_t length, struct path *path) {
	struct path resolved = *root;
	error_t error;

	if (length == 0 || text[0] != '/') return ERROR_ARGUMENT;
	if (length > 1) {
		error = components_check(text, length);
		if (error != ERROR_OK) return error;
		if (length > PATH_BYTES_MAX - root->length) return ERROR_RANGE;
		memcpy(resolved.text + resolved.length, text, length);
		resolved.length += length;
	}
	*path = resolved;
	return ERROR_OK;
}

size_t path_parent_length(const char *text, size_t length) {
	while (length > 0 && text[length - 1] != '/') length--;
	return length > 0 ? length - 1 : 0;
}

_Bool path_is_below(const struct path *path, const char *prefix, size_t prefix_length) {
	if (path->length < prefix_length || memcmp(path->text, prefix, prefix_length) != 0) return 0;
	return path->length == prefix_length || path->text[prefix_length] == '/';
}
