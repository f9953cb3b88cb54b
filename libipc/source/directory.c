/* SPDX-License-Identifier: MIT */
/*
 * Directory listings: opendir() and what follows.
 *
 * A directory may be several at once: names registered there, and the directory of the server to
 * which the path belongs. The listing is read whole when it is opened; what names has registered
 * comes first and hides what is below it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/entries.h>
#include <nacre/path.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/name.h>
#include <nacre/slot.h>

#include "given.h"
#include "libc_error.h"

struct directory_stream {
	struct dirent *entries;
	size_t count;
	size_t capacity;
	size_t next;
};

static unsigned char type_of(uint32_t kind) {
	switch (kind) {
	case FILE_KIND_FILE: return DT_REG;
	case FILE_KIND_DIRECTORY: return DT_DIR;
	case FILE_KIND_SERVICE: return DT_CHR;
	default: return DT_UNKNOWN;
	}
}

static int is_listed(const DIR *directory, const struct entry *entry) {
	for (size_t i = 0; i < directory->count; i++)
		if (strcmp(directory->entries[i].d_name, entry->name) == 0) return 1;
	return 0;
}

static error_t add(DIR *directory, const struct entry *entry) {
	struct dirent *to;

	if (is_listed(directory, entry)) return ERROR_OK;
	if (directory->count == directory->capacity) {
		size_t capacity = directory->capacity ? directory->capacity * 2 : 16;
		struct dirent *entries = realloc(directory->entries, capacity * sizeof(*entries));

		if (!entries) return ERROR_NO_MEMORY;
		directory->entries = entries;
		directory->capacity = capacity;
	}
	to = &directory->entries[directory->count++];
	memset(to, 0, sizeof(*to));
	to->d_type = type_of(entry->kind);
	to->d_protocol = entry->protocol;
	to->d_size = entry->size;
	memcpy(to->d_name, entry->name, sizeof(to->d_name));
	return ERROR_OK;
}

/* name_list() and file_list(). */
typedef error_t (*list_t)(capability_t server, uint64_t cursor, const char *path, uint64_t *cursor_out,
                          void *entries_out, size_t entries_capacity, size_t *entries_size_out);

static error_t list_all(DIR *directory, list_t list, capability_t server, const char *path) {
	unsigned char packed[FILE_LIST_ENTRIES_MAX];
	uint64_t cursor = 0;
	uint64_t last;
	size_t size;

	do {
		struct entry entry;
		size_t position = 0;
		error_t error = list(server, cursor, path, &last, packed, sizeof(packed), &size);

		while (error == ERROR_OK && entries_next(packed, size, &position, &entry))
			error = add(directory, &entry);
		if (error != ERROR_OK) return error;
		if (last == cursor && last != 0) return ERROR_IO; /* the server goes in circles */
		cursor = last;
	} while (cursor != 0);
	return ERROR_OK;
}

static error_t list_names(DIR *directory, const char *plain) {
	capability_t names;
	error_t error = given_get(GIVEN_NAMESPACE, &names);

	return error == ERROR_OK ? list_all(directory, name_list, names, plain) : error;
}

static error_t list_server(DIR *directory, const char *plain) {
	struct path_node node;
	error_t error = path_open(plain, PATH_NOW, &node);

	if (error != ERROR_OK) return error;
	if (node.protocol == PROTOCOL_FILE && node.kind == FILE_KIND_DIRECTORY)
		error = list_all(directory, file_list, node.capability, "");
	else
		error = ERROR_STATE;
	capability_delete(node.capability);
	return error;
}

/* Both parts; it is a directory if either is. */
static error_t list_path(DIR *directory, const char *path, int *not_directory) {
	char plain[PATH_LENGTH_MAX + 1];
	error_t error = path_plain(path, plain);
	error_t names;

	if (error != ERROR_OK) return error;
	names = list_names(directory, plain);
	error = list_server(directory, plain);
	*not_directory = error == ERROR_STATE;
	return names == ERROR_OK && (error == ERROR_NOT_FOUND || error == ERROR_STATE) ? ERROR_OK : error;
}

DIR *opendir(const char *path) {
	DIR *directory = calloc(1, sizeof(*directory));
	int not_directory = 0;
	error_t error;

	if (!directory) {
		errno = ENOMEM;
		return NULL;
	}
	error = list_path(directory, path, &not_directory);
	if (error != ERROR_OK) {
		closedir(directory);
		errno = not_directory ? ENOTDIR : libc_errno(error);
		return NULL;
	}
	return directory;
}

struct dirent *readdir(DIR *directory) {
	return directory->next < directory->count ? &directory->entries[directory->next++] : NULL;
}

void rewinddir(DIR *directory) { directory->next = 0; }

int closedir(DIR *directory) {
	free(directory->entries);
	free(directory);
	return 0;
}
