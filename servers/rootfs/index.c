/* SPDX-License-Identifier: MIT */
/*
 * Making the index, and finding things in it: see index.h and archive.h.
 */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "ustar.h"

/* Copies a path without empty and "." components. Returns 0 for one with "..". */
static int clean_path(const char *path, char *clean) {
	size_t length = 0;
	while (*path) {
		size_t component = strcspn(path, "/");
		if (component == 2 && memcmp(path, "..", 2) == 0) return 0;
		if (component > 0 && !(component == 1 && path[0] == '.')) {
			if (length > 0) clean[length++] = '/';
			memcpy(clean + length, path, component);
			length += component;
		}
		path += component;
		path += *path == '/';
	}
	clean[length] = 0;
	return 1;
}

static size_t parent_length(const char *path) {
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) : 0;
}

static error_t make_room(struct archive *archive) {
	size_t capacity = archive->capacity ? 2 * archive->capacity : 64;
	if (archive->count < archive->capacity) return ERROR_OK;
	struct archive_entry *entries = realloc(archive->entries, capacity * sizeof *entries);
	if (!entries) return ERROR_NO_MEMORY;
	archive->entries = entries;
	archive->capacity = capacity;
	return ERROR_OK;
}

error_t index_add(struct archive *archive, const char *path, struct archive_entry entry) {
	error_t error = make_room(archive);
	if (error != ERROR_OK) return error;
	char *clean = malloc(strlen(path) + 1);
	if (!clean) return ERROR_NO_MEMORY;
	if (!clean_path(path, clean)) {
		free(clean);
		return ERROR_ARGUMENT;
	}
	entry.path = clean;
	entry.parent_length = parent_length(clean);
	archive->entries[archive->count++] = entry;
	return ERROR_OK;
}

static int compare_texts(const char *left, size_t left_length, const char *right, size_t right_length) {
	size_t common = left_length < right_length ? left_length : right_length;
	int order = memcmp(left, right, common);
	if (order != 0) return order;
	return (left_length > right_length) - (left_length < right_length);
}

const char *archive_entry_name(const struct archive_entry *entry) {
	return entry->path + entry->parent_length + (entry->parent_length > 0);
}

/* The order of the index: by directory, then by name; the root before all. */
static int compare_place(const struct archive_entry *left, const struct archive_entry *right) {
	int order = (left->path[0] != 0) - (right->path[0] != 0);
	if (order == 0) order = compare_texts(left->path, left->parent_length, right->path, right->parent_length);
	return order ? order : strcmp(archive_entry_name(left), archive_entry_name(right));
}

/* Members of the same path: the later one, which lies further behind, first. */
static int compare_entries(const void *left, const void *right) {
	const struct archive_entry *a = left, *b = right;
	int order = compare_place(a, b);
	return order ? order : (a->offset < b->offset) - (a->offset > b->offset);
}

static void drop_repetitions(struct archive *archive) {
	size_t kept = 0;
	for (size_t i = 1; i < archive->count; i++) {
		if (compare_place(&archive->entries[kept], &archive->entries[i]) == 0)
			free(archive->entries[i].path);
		else
			archive->entries[++kept] = archive->entries[i];
	}
	archive->count = kept + 1;
}

/* Each directory above each entry, once more: those that are there already go as repetitions. */
static error_t add_directories(struct archive *archive) {
	char path[USTAR_PATH_MAX];
	size_t members = archive->count;
	for (size_t i = 0; i < members; i++) {
		size_t length = archive->entries[i].parent_length;
		memcpy(path, archive->entries[i].path, length);
		for (path[length] = 0; length > 0; path[length = parent_length(path)] = 0) {
			error_t error = index_add(archive, path, (struct archive_entry){.kind = ARCHIVE_DIRECTORY});
			if (error != ERROR_OK) return error;
		}
	}
	return ERROR_OK;
}

error_t index_complete(struct archive *archive) {
	error_t error = add_directories(archive);
	qsort(archive->entries, archive->count, sizeof *archive->entries, compare_entries);
	drop_repetitions(archive);
	return error;
}

/* First entry that does not come before @probe. */
static size_t lower_bound(const struct archive *archive, const struct archive_entry *probe) {
	size_t low = 0, high = archive->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_place(&archive->entries[middle], probe) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct archive_entry *archive_find(const struct archive *archive, const char *path, size_t length) {
	char copy[USTAR_PATH_MAX];
	if (length >= sizeof copy) return NULL;
	memcpy(copy, path, length);
	copy[length] = 0;
	struct archive_entry probe = {.path = copy, .parent_length = parent_length(copy)};
	size_t found = lower_bound(archive, &probe);
	if (found == archive->count || compare_place(&archive->entries[found], &probe) != 0) return NULL;
	return &archive->entries[found];
}

static int is_child(const struct archive_entry *entry, const struct archive_entry *directory) {
	return entry->path[0] != 0 &&
	       compare_texts(entry->path, entry->parent_length, directory->path, strlen(directory->path)) == 0;
}

/* The entries of a directory follow one another, the first of them before any real name. */
static size_t first_child(const struct archive *archive, const struct archive_entry *directory) {
	char first[USTAR_PATH_MAX + 1];
	size_t length = strlen(directory->path);
	if (length == 0) return 1;
	memcpy(first, directory->path, length);
	memcpy(first + length, "/", 2);
	struct archive_entry probe = {.path = first, .parent_length = length};
	return lower_bound(archive, &probe);
}

const struct archive_entry *archive_child(const struct archive *archive, const struct archive_entry *directory,
                                          size_t number) {
	size_t first = first_child(archive, directory);
	if (number >= archive->count - first) return NULL;
	const struct archive_entry *entry = &archive->entries[first + number];
	return is_child(entry, directory) ? entry : NULL;
}
