/* SPDX-License-Identifier: MIT */
/*
 * `icf`: the factories that run.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/json.h>
#include <nacre/table.h>

#include "builtin.h"

/* "NAME=VALUE NAME=VALUE" as members of an object. */
static void properties_json(struct json *json, char *description) {
	char *rest = description, *property;
	json_object_begin(json, "properties");
	while ((property = strsep(&rest, " ")) != NULL) {
		char *value = strchr(property, '=');
		if (!value) continue;
		*value = 0;
		json_string(json, property, value + 1);
	}
	json_object_end(json);
}

static void factory_object(struct json *json, struct context_factories_answer *answer) {
	json_object_begin(json, NULL);
	json_string(json, "name", answer->name);
	json_unsigned(json, "contexts", answer->contexts);
	properties_json(json, answer->description);
	json_object_end(json);
}

static error_t list_as_json(struct shell *shell) {
	struct context_factories_answer answer = {.cursor = 0};
	struct json json = json_start(stdout);
	error_t error;
	json_array_begin(&json, NULL);
	do {
		error = context_factories(shell->contexts, answer.cursor, &answer);
		if (error == ERROR_OK) factory_object(&json, &answer);
	} while (error == ERROR_OK && answer.cursor != 0);
	json_array_end(&json);
	json_finish(&json);
	return error;
}

static error_t list_as_table(struct shell *shell) {
	static const char *const headings[] = {"FACTORY", ">CONTEXTS", "PROPERTIES"};
	struct context_factories_answer answer = {.cursor = 0};
	struct table table;
	error_t error;
	table_start(&table, headings, 3);
	do {
		error = context_factories(shell->contexts, answer.cursor, &answer);
		if (error == ERROR_OK) {
			table_cell(&table, "%s", answer.name);
			table_cell(&table, "%" PRIu64, answer.contexts);
			table_cell(&table, "%s", answer.description);
		}
	} while (error == ERROR_OK && answer.cursor != 0);
	return table_finish(&table, stdout) ? error : ERROR_NO_MEMORY;
}

static int run_list(struct shell *shell, int argc, char **argv) {
	int json;
	int status = builtin_list_arguments(argc, argv, &json, NULL);
	if (status != 0) return status;
	error_t error = json ? list_as_json(shell) : list_as_table(shell);
	if (error != ERROR_OK && error != ERROR_NOT_FOUND) /* not_found: no more */
		return builtin_fail(argv, "%s", error_text(error));
	return 0;
}

#define LIST_USAGE                                                                            \
	"usage: icf list [--json]\n"                                                          \
	"Lists the factories that run, how many contexts of theirs live, and what they can\n" \
	"do. docs/contexts.md has the words.\n"

static const struct builtin_verb verbs[] = {{"list", LIST_USAGE, "--json", run_list, OPERAND_NONE}};

const struct builtin icf_builtin = {
	.name = "icf",
	.summary = "shows the factories that make contexts",
	.usage = LIST_USAGE,
	.verbs = verbs,
	.verb_count = sizeof verbs / sizeof verbs[0],
};
