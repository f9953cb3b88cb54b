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
				 "Prints the accounts of memory that this program's memory comes from, in bytes,\n"
				 "exact, kernel objects included. Level 0 is the program itself; each further\n"
				 "level is the pager that the one before has its memory from, as that pager's own\n"
				 "parent sees it, with all contexts that it serves.\n"
				 "  USED    in use; a pager's spare pages and records are part of it\n"
				 "  LIMIT   what it may use at most; '-': no limit of its own\n"
				 "  FREE    what a program at this level could still get, all limits counted\n"
				 "  POLICY  who gets memory when it is short\n"
				 "  --json  as JSON, with peak, page faults and messages since the start\n"
				 "'ps' tells what each context uses.\n";

/* More levels than anybody nests; those below are left out of the sum only. */
#define LEVELS_MAX 64u

struct accounts {
	struct memory_status_answer status[LEVELS_MAX];
	uint64_t available[LEVELS_MAX]; /* bytes, all limits down to the machine counted */
	size_t count;
};

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* What a level could still get: what its pager has spare and could get itself, within its own limit. */
static void sum_up(struct accounts *accounts) {
	uint64_t below = 0;
	for (size_t level = accounts->count; level-- > 0;) {
		const struct memory_status_answer *status = &accounts->status[level];
		uint64_t room = status->limit > status->used ? status->limit - status->used : 0;
		below = least(room, status->free + below);
		accounts->available[level] = below;
	}
}

/* not_found is the good end: there is no pager below the last. */
static error_t read_accounts(struct accounts *accounts) {
	error_t error = ERROR_OK;
	accounts->count = 0;
	while (accounts->count < LEVELS_MAX) {
		error = memory_status(start_memory(), accounts->count, &accounts->status[accounts->count]);
		if (error != ERROR_OK) break;
		accounts->count++;
	}
	sum_up(accounts);
	return error == ERROR_NOT_FOUND ? ERROR_OK : error;
}

static void add_row(struct table *table, uint64_t level, const struct memory_status_answer *status,
                    uint64_t available) {
	table_cell(table, "%" PRIu64, level);
	table_cell(table, "%" PRIu64, status->used);
	if (status->limit == UINT64_MAX)
		table_cell(table, "-");
	else
		table_cell(table, "%" PRIu64, status->limit);
	table_cell(table, "%" PRIu64, available);
	table_cell(table, "%s", status->policy);
}

static void add_object(struct json *json, uint64_t level, const struct memory_status_answer *status,
                       uint64_t available) {
	json_object_begin(json, NULL);
	json_unsigned(json, "level", level);
	json_unsigned(json, "used", status->used);
	if (status->limit == UINT64_MAX)
		json_null(json, "limit");
	else
		json_unsigned(json, "limit", status->limit);
	json_unsigned(json, "free", available);
	json_unsigned(json, "spare", status->free);
	json_unsigned(json, "peak", status->peak);
	json_unsigned(json, "instances", status->instances);
	json_unsigned(json, "faults", status->faults);
	json_unsigned(json, "upward", status->upward);
	json_unsigned(json, "messages", status->messages);
	json_string(json, "policy", status->policy);
	json_object_end(json);
}

static int print_table(const struct accounts *accounts) {
	static const char *const headings[] = {">LEVEL", ">USED", ">LIMIT", ">FREE", "POLICY"};
	struct table table;
	table_start(&table, headings, sizeof headings / sizeof headings[0]);
	for (size_t level = 0; level < accounts->count; level++)
		add_row(&table, level, &accounts->status[level], accounts->available[level]);
	return table_finish(&table, stdout);
}

static void print_json(const struct accounts *accounts) {
	struct json json = json_start(stdout);
	json_array_begin(&json, NULL);
	for (size_t level = 0; level < accounts->count; level++)
		add_object(&json, level, &accounts->status[level], accounts->available[level]);
	json_array_end(&json);
	json_finish(&json);
}

int main(int argc, char **argv) {
	static struct accounts accounts;
	tool_help(argc, argv, usage);
	int json = argc == 2 && strcmp(argv[1], "--json") == 0;
	if (argc > 1 && !json) return tool_usage(argv, "it takes no arguments but --json");
	error_t error = read_accounts(&accounts);
	if (error != ERROR_OK) return tool_fail(argv, "%s", error_text(error));
	if (json)
		print_json(&accounts);
	else if (!print_table(&accounts))
		return tool_fail(argv, "not enough memory");
	return 0;
}
