/* SPDX-License-Identifier: MIT */
/*
 * `names`: the tree of names as the naming server has it, without the servers below.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/entries.h>
#include <nacre/json.h>
#include <nacre/path.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/name.h>
#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/table.h>

#include "builtin.h"

static const char *kind_word(uint32_t kind) {
	switch (kind) {
	case FILE_KIND_FILE: return "file";
	case FILE_KIND_DIRECTORY: return "directory";
	case FILE_KIND_LINK: return "link";
	default: return "service";
	}
}

static const char *protocol_word(uint32_t protocol) {
	const char *name = protocol ? protocol_name(protocol) : NULL;
	return name ? name : "-";
}

static void entry_row(struct table *table, const struct entry *entry) {
	table_cell(table, "%s", entry->name);
	table_cell(table, "%s", kind_word(entry->kind));
	table_cell(table, "%s", protocol_word(entry->protocol));
}

static void entry_object(struct json *json, const struct entry *entry) {
	json_object_begin(json, NULL);
	json_string(json, "name", entry->name);
	json_string(json, "kind", kind_word(entry->kind));
	json_string(json, "protocol", protocol_word(entry->protocol));
	json_object_end(json);
}

/* Exactly one of @table and @json is given. */
static error_t list_entries(capability_t names, const char *path, struct table *table, struct json *json) {
	uint8_t data[NAME_LIST_ENTRIES_MAX];
	struct entry entry;
	uint64_t cursor = 0;
	error_t error;
	do {
		size_t size, position = 0;
		error = name_list(names, cursor, path, &cursor, data, sizeof data, &size);
		while (error == ERROR_OK && entries_next(data, size, &position, &entry)) {
			if (table)
				entry_row(table, &entry);
			else
				entry_object(json, &entry);
		}
	} while (error == ERROR_OK && cursor != 0);
	return error;
}

static error_t list_as_table(capability_t names, const char *path) {
	static const char *const headings[] = {"NAME", "KIND", "SPEAKS"};
	struct table table;
	table_start(&table, headings, 3);
	error_t error = list_entries(names, path, &table, NULL);
	if (error == ERROR_OK) return table_finish(&table, stdout) ? ERROR_OK : ERROR_NO_MEMORY;
	table_drop(&table);
	return error;
}

static error_t list_as_json(capability_t names, const char *path) {
	struct json json = json_start(stdout);
	json_array_begin(&json, NULL);
	error_t error = list_entries(names, path, NULL, &json);
	json_array_end(&json);
	json_finish(&json);
	return error;
}

static int path_failed(char **argv, const char *path, error_t error) {
	if (error == ERROR_STATE)
		return builtin_fail(argv, "%s belongs to a server, not to the naming server; 'ls %s' asks it", path,
		                    path);
	return builtin_fail(argv, "%s: %s", path, error_text(error));
}

/* Returns 0, or 1 after it has said that there are no names. */
static int names_get(char **argv, capability_t *names) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "namespace", &protocol, names);
	return error == ERROR_OK ? 0 : builtin_fail(argv, "there is no naming server: %s", error_text(error));
}

static int run_list(struct shell *shell, int argc, char **argv) {
	char path[PATH_LENGTH_MAX + 1];
	capability_t names;
	const char *given;
	int json;
	(void)shell;
	int status = builtin_list_arguments(argc, argv, &json, &given);
	if (status == 0) status = names_get(argv, &names);
	if (status != 0) return status;
	if (!given) given = "/";
	error_t error = path_plain(given, path);
	if (error == ERROR_OK) error = json ? list_as_json(names, path) : list_as_table(names, path);
	capability_delete(names);
	return error == ERROR_OK ? 0 : path_failed(argv, given, error);
}

static int bind(capability_t names, char **argv) {
	char path[PATH_LENGTH_MAX + 1];
	struct path_node node;
	uint64_t registration;
	error_t error = path_plain(argv[1], path);
	if (error != ERROR_OK) return path_failed(argv, argv[1], error);
	error = path_open(argv[2], PATH_NOW, &node);
	if (error != ERROR_OK) return path_failed(argv, argv[2], error);
	if (node.kind == FILE_KIND_DIRECTORY)
		error = name_bind(names, path, item_share(node.capability), &registration);
	capability_delete(node.capability);
	if (node.kind != FILE_KIND_DIRECTORY) return builtin_fail(argv, "%s is not a directory", argv[2]);
	return error == ERROR_OK ? 0 : path_failed(argv, argv[1], error);
}

static int run_bind(struct shell *shell, int argc, char **argv) {
	capability_t names;
	(void)shell;
	if (argc != 3) return builtin_usage(argv, "give a path and a directory");
	int status = names_get(argv, &names);
	if (status != 0) return status;
	status = bind(names, argv);
	capability_delete(names);
	return status;
}

static int run_unbind(struct shell *shell, int argc, char **argv) {
	char path[PATH_LENGTH_MAX + 1];
	capability_t names;
	(void)shell;
	if (argc != 2) return builtin_usage(argv, "give one path");
	int status = names_get(argv, &names);
	if (status != 0) return status;
	error_t error = path_plain(argv[1], path);
	if (error == ERROR_OK) error = name_unregister(names, path);
	capability_delete(names);
	return error == ERROR_OK ? 0 : path_failed(argv, argv[1], error);
}

static const struct builtin_verb verbs[] = {
	{"list",
         "usage: names list [--json] [PATH]\n"
         "Shows what is registered directly below PATH (/), and the protocol it speaks.\n"
         "'ls' asks the servers below as well.\n",
         "--json", run_list, OPERAND_PATH},
	{"bind",
         "usage: names bind PATH DIRECTORY\n"
         "Makes DIRECTORY, which may be any server's, appear at PATH as well.\n",
         NULL, run_bind, OPERAND_PATH},
	{"unbind",
         "usage: names unbind PATH\n"
         "Takes back what 'names bind' did.\n",
         NULL, run_unbind, OPERAND_PATH},
};

const struct builtin names_builtin = {
	.name = "names",
	.summary = "shows and changes the tree of names",
	.usage = "usage: names list [--json] [PATH]\n"
		 "       names bind PATH DIRECTORY\n"
		 "       names unbind PATH\n"
		 "  list    shows what is registered directly below PATH (/), and what it speaks\n"
		 "  bind    makes DIRECTORY, which may be any server's, appear at PATH as well\n"
		 "  unbind  takes that back\n",
	.verbs = verbs,
	.verb_count = sizeof verbs / sizeof verbs[0],
};
