/* SPDX-License-Identifier: MIT */
/*
 * ls: lists a directory of the tree, whoever serves it.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/json.h>
#include <nacre/path.h>
#include <nacre/protocol/file.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/table.h>
#include <nacre/tool.h>

static const char *const usage = "usage: ls [-l] [--json] [PATH...]\n"
				 "Lists directories, or tells of the files named; without a path the working\n"
				 "directory.\n"
				 "  -l      with kind, size in bytes, and what a service speaks\n"
				 "  --json  as JSON\n";

enum form {
	FORM_NAMES,
	FORM_LONG,
	FORM_JSON,
};

struct listing {
	struct dirent *entries;
	size_t count;
};

static int compare_names(const void *left, const void *right) {
	const struct dirent *a = left, *b = right;
	return strcmp(a->d_name, b->d_name);
}

/* Returns an errno, 0 if all went well. */
static int listing_add(struct listing *listing, const struct dirent *entry) {
	size_t size = (listing->count + 1) * sizeof *listing->entries;
	struct dirent *entries = realloc(listing->entries, size);
	if (!entries) return ENOMEM;
	listing->entries = entries;
	entries[listing->count++] = *entry;
	return 0;
}

static int listing_read(struct listing *listing, const char *path) {
	const struct dirent *entry;
	int error = 0;
	DIR *directory = opendir(path);
	if (!directory) return errno;
	errno = 0;
	while (!error && (entry = readdir(directory)) != NULL) error = listing_add(listing, entry);
	if (!error && errno) error = errno;
	closedir(directory);
	qsort(listing->entries, listing->count, sizeof *listing->entries, compare_names);
	return error;
}

static const char *kind_name(unsigned char type) {
	switch (type) {
	case DT_DIR: return "directory";
	case DT_REG: return "file";
	default: return "service";
	}
}

/* What a service speaks; files and directories have no need to say. */
static const char *speaks(const struct dirent *entry) {
	const char *name = NULL;
	if (entry->d_type != DT_DIR && entry->d_type != DT_REG) name = protocol_name(entry->d_protocol);
	return name ? name : "";
}

static void print_names(const struct listing *listing) {
	for (size_t i = 0; i < listing->count; i++)
		printf("%s%s\n", listing->entries[i].d_name, listing->entries[i].d_type == DT_DIR ? "/" : "");
}

static int print_long(const struct listing *listing) {
	static const char *const headings[] = {"KIND", ">SIZE", "SPEAKS", "NAME"};
	struct table table;
	table_start(&table, headings, 4);
	for (size_t i = 0; i < listing->count; i++) {
		const struct dirent *entry = &listing->entries[i];
		table_cell(&table, "%s", kind_name(entry->d_type));
		if (entry->d_type == DT_REG)
			table_cell(&table, "%" PRIu64, entry->d_size);
		else
			table_cell(&table, "-");
		table_cell(&table, "%s", speaks(entry)[0] ? speaks(entry) : "-");
		table_cell(&table, "%s", entry->d_name);
	}
	return table_finish(&table, stdout) ? 0 : ENOMEM;
}

static void print_json(const struct listing *listing) {
	struct json json = json_start(stdout);
	json_array_begin(&json, NULL);
	for (size_t i = 0; i < listing->count; i++) {
		const struct dirent *entry = &listing->entries[i];
		json_object_begin(&json, NULL);
		json_string(&json, "name", entry->d_name);
		json_string(&json, "kind", kind_name(entry->d_type));
		json_unsigned(&json, "size", entry->d_size);
		if (speaks(entry)[0]) json_string(&json, "protocol", speaks(entry));
		json_object_end(&json);
	}
	json_array_end(&json);
	json_finish(&json);
}

static int print(const struct listing *listing, enum form form) {
	int error = 0;
	if (form == FORM_NAMES)
		print_names(listing);
	else if (form == FORM_LONG)
		error = print_long(listing);
	else
		print_json(listing);
	return error;
}

/* A path that is no directory is listed as itself. */
static int listing_node(struct listing *listing, const char *path) {
	struct path_node node;
	struct dirent entry = {.d_type = DT_CHR};
	if (path_open(path, PATH_NOW, &node) != ERROR_OK) return ENOENT;
	capability_delete(node.capability);
	if (node.kind == FILE_KIND_FILE) entry.d_type = DT_REG;
	entry.d_protocol = node.protocol;
	entry.d_size = node.size;
	strncpy(entry.d_name, path, sizeof entry.d_name - 1);
	return listing_add(listing, &entry);
}

static int list(char **argv, const char *path, enum form form) {
	struct listing listing = {NULL, 0};
	int error = listing_read(&listing, path);
	if (error == ENOTDIR) error = listing_node(&listing, path);
	if (!error) error = print(&listing, form);
	free(listing.entries);
	return error ? tool_fail(argv, "%s: %s", path, strerror(error)) : 0;
}

int main(int argc, char **argv) {
	enum form form = FORM_NAMES;
	int status = 0, first = 1;
	tool_help(argc, argv, usage);
	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "-l") == 0)
			form = FORM_LONG;
		else if (strcmp(argv[first], "--json") == 0)
			form = FORM_JSON;
		else
			return tool_usage(argv, "there is no option %s", argv[first]);
	}
	if (first == argc) return list(argv, ".", form);
	for (int i = first; i < argc; i++) {
		if (argc - first > 1 && form != FORM_JSON) printf("%s%s:\n", i > first ? "\n" : "", argv[i]);
		int failed = list(argv, argv[i], form);
		status = failed ? failed : status;
	}
	return status;
}
