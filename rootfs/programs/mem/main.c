/* SPDX-License-Identifier: MIT */
/*
 * mem: how much memory is in use, by the account of each pager from here down to the machine.
 *
 * The table shows only what is the same again when everything is as before, so that a leak is a
 * difference between two runs; figures that only grow are in the JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/json.h>
#include <nacre/protocol/memory.h>
#include <nacre/start.h>
#include <nacre/table.h>
#include <nacre/tool.h>

static const char *const usage = "usage: mem [--json]\n"
				 "Prints the accounts of memory: this program's own (level 0), then that of each\n"
				 "pager below it, down to the one that has all of the machine's. Sizes are in\n"
				 "bytes and exact, kernel objects included.\n"
				 "  USED       what is in use by it and all above it\n"
				 "  LIMIT      what it may use at most; '-': no limit of its own\n"
				 "  FREE       what it could still get\n"
				 "  INSTANCES  accounts that are part of it\n"
				 "  --json     as JSON, with peak, page faults and messages since the start\n";

static void add_row(struct table *table, uint64_t level, const struct memory_status_answer *status) {
	table_cell(table, "%" PRIu64, level);
	table_cell(table, "%" PRIu64, status->used);
	if (status->limit == UINT64_MAX)
		table_cell(table, "-");
	else
		table_cell(table, "%" PRIu64, status->limit);
	table_cell(table, "%" PRIu64, status->free);
	table_cell(table, "%" PRIu64, status->instances);
	table_cell(table, "%s", status->policy);
}

static void add_object(struct json *json, uint64_t level, const struct memory_status_answer *status) {
	json_object_begin(json, NULL);
	json_unsigned(json, "level", level);
	json_unsigned(json, "used", status->used);
	if (status->limit == UINT64_MAX)
		json_null(json, "limit");
	else
		json_unsigned(json, "limit", status->limit);
	json_unsigned(json, "free", status->free);
	json_unsigned(json, "peak", status->peak);
	json_unsigned(json, "instances", status->instances);
	json_unsigned(json, "faults", status->faults);
	json_unsigned(json, "upward", status->upward);
	json_unsigned(json, "messages", status->messages);
	json_string(json, "policy", status->policy);
	json_object_end(json);
}

static error_t print_table(void) {
	static const char *const headings[] = {">LEVEL", ">USED", ">LIMIT", ">FREE", ">INSTANCES", "POLICY"};
	struct memory_status_answer status;
	struct table table;
	uint64_t level = 0;
	error_t error;
	table_start(&table, headings, sizeof headings / sizeof headings[0]);
	while ((error = memory_status(start_memory(), level, &status)) == ERROR_OK) add_row(&table, level++, &status);
	return table_finish(&table, stdout) ? error : ERROR_NO_MEMORY;
}

static error_t print_json(void) {
	struct json json = json_start(stdout);
	struct memory_status_answer status;
	uint64_t level = 0;
	error_t error;
	json_array_begin(&json, NULL);
	while ((error = memory_status(start_memory(), level, &status)) == ERROR_OK) add_object(&json, level++, &status);
	json_array_end(&json);
	json_finish(&json);
	return error;
}

int main(int argc, char **argv) {
	tool_help(argc, argv, usage);
	int json = argc == 2 && strcmp(argv[1], "--json") == 0;
	if (argc > 1 && !json) return tool_usage(argv, "it takes no arguments but --json");
	error_t error = json ? print_json() : print_table();
	if (error != ERROR_NOT_FOUND) /* not_found: no pager below the last */
		return tool_fail(argv, "%s", error_text(error));
	return 0;
}
