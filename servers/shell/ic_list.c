/* SPDX-License-Identifier: MIT */
/*
 * `ic list`, `ic state`, `ic events`: what there is, for people or as JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/json.h>
#include <nacre/slot.h>
#include <nacre/table.h>

#include "ending.h"
#include "ic.h"

#define NANOSECONDS_PER_MILLISECOND 1000000u

static void ending_cell(struct table *table, uint32_t exit, int64_t value) {
	if (exit == CONTEXT_EXIT_NONE)
		table_cell(table, "-");
	else
		table_cell(table, "%d", ending_status(exit, value));
}

static void ending_json(struct json *json, uint32_t exit, int64_t value) {
	if (exit == CONTEXT_EXIT_NONE) {
		json_null(json, "exit");
		return;
	}
	json_object_begin(json, "exit");
	json_string(json, "kind", exit_word(exit));
	json_signed(json, "value", value);
	json_signed(json, "status", ending_status(exit, value));
	json_object_end(json);
}

static void list_row(struct table *table, const struct context_list_answer *answer) {
	table_cell(table, "%" PRIu64, answer->number);
	table_cell(table, "%" PRIu64, answer->parent);
	table_cell(table, "%s", answer->name[0] ? answer->name : "-");
	table_cell(table, "%s", state_word(answer->state));
	ending_cell(table, answer->exit, answer->value);
	table_cell(table, "%" PRIu64, answer->memory / 1024);
	if (answer->limit == UINT64_MAX)
		table_cell(table, "-");
	else
		table_cell(table, "%" PRIu64, answer->limit / 1024);
	table_cell(table, "%" PRIu64, answer->consumed / NANOSECONDS_PER_MILLISECOND);
	table_cell(table, "%s", answer->factory);
	table_cell(table, "%s", answer->program);
}

static void list_object(struct json *json, const struct context_list_answer *answer) {
	json_object_begin(json, NULL);
	json_unsigned(json, "number", answer->number);
	json_unsigned(json, "parent", answer->parent);
	json_string(json, "name", answer->name);
	json_string(json, "factory", answer->factory);
	json_string(json, "program", answer->program);
	json_string(json, "state", state_word(answer->state));
	ending_json(json, answer->exit, answer->value);
	json_unsigned(json, "memory", answer->memory);
	if (answer->limit == UINT64_MAX)
		json_null(json, "limit");
	else
		json_unsigned(json, "limit", answer->limit);
	json_unsigned(json, "consumed_ns", answer->consumed);
	json_object_end(json);
}

static error_t list_as_json(struct shell *shell) {
	struct context_list_answer answer = {.cursor = 0};
	struct json json = json_start(stdout);
	error_t error;
	json_array_begin(&json, NULL);
	do {
		error = context_list(shell->contexts, answer.cursor, &answer);
		if (error == ERROR_OK) list_object(&json, &answer);
	} while (error == ERROR_OK && answer.cursor != 0);
	json_array_end(&json);
	json_finish(&json);
	return error;
}

static error_t list_as_table(struct shell *shell) {
	static const char *const headings[] = {">NUMBER", ">PARENT", "NAME", "STATE",   ">EXIT",
	                                       ">KiB",    ">LIMIT",  ">ms",  "FACTORY", "PROGRAM"};
	struct context_list_answer answer = {.cursor = 0};
	struct table table;
	error_t error;
	table_start(&table, headings, sizeof headings / sizeof headings[0]);
	do {
		error = context_list(shell->contexts, answer.cursor, &answer);
		if (error == ERROR_OK) list_row(&table, &answer);
	} while (error == ERROR_OK && answer.cursor != 0);
	return table_finish(&table, stdout) ? error : ERROR_NO_MEMORY;
}

int ic_list(struct shell *shell, int argc, char **argv) {
	int as_json;
	int status = builtin_list_arguments(argc, argv, &as_json, NULL);
	if (status != 0) return status;
	error_t error = as_json ? list_as_json(shell) : list_as_table(shell);
	if (error != ERROR_OK && error != ERROR_NOT_FOUND) /* not_found: no more */
		return builtin_fail(argv, "%s", error_text(error));
	return 0;
}

static void state_as_json(const struct context_state_answer *answer) {
	struct json json = json_start(stdout);
	json_object_begin(&json, NULL);
	json_unsigned(&json, "number", answer->number);
	json_unsigned(&json, "parent", answer->parent);
	json_string(&json, "state", state_word(answer->state));
	ending_json(&json, answer->exit, answer->value);
	if (answer->exit == CONTEXT_EXIT_EXCEPTION || answer->exit == CONTEXT_EXIT_MEMORY)
		json_unsigned(&json, "address", answer->address);
	json_string(&json, "detail", answer->detail);
	json_object_end(&json);
	json_finish(&json);
}

static void state_in_words(const struct context_state_answer *answer) {
	printf("context %" PRIu64 ": %s%s%s\n", answer->number, state_word(answer->state),
	       answer->detail[0] ? ", " : "", answer->detail);
}

int ic_state(struct shell *shell, int argc, char **argv) {
	struct context_state_answer answer;
	capability_t context;
	const char *which;
	int as_json;
	int status = builtin_list_arguments(argc, argv, &as_json, &which);
	if (status == 0 && !which) status = builtin_usage(argv, "which context?");
	if (status == 0) status = ic_find(shell, argv, which, &context);
	if (status != 0) return status;
	error_t error = context_state(context, &answer);
	capability_delete(context);
	if (error != ERROR_OK) return builtin_fail(argv, "context %s: %s", which, error_text(error));
	if (as_json)
		state_as_json(&answer);
	else
		state_in_words(&answer);
	return 0;
}

static const char *event_word(uint32_t event) { return event == CONTEXT_EVENT_DELETED ? "deleted" : "state"; }

static void event_object(struct json *json, const struct event *event) {
	json_object_begin(json, NULL);
	json_unsigned(json, "time_ns", event->time);
	json_unsigned(json, "number", event->what.number);
	json_string(json, "event", event_word(event->what.event));
	json_string(json, "state", state_word(event->what.state));
	ending_json(json, event->what.exit, event->what.value);
	json_unsigned(json, "lost", event->what.lost);
	json_object_end(json);
}

static void event_row(struct table *table, const struct event *event) {
	int deleted = event->what.event == CONTEXT_EVENT_DELETED;
	table_cell(table, "%" PRIu64, event->time / NANOSECONDS_PER_MILLISECOND);
	table_cell(table, "%" PRIu64, event->what.number);
	table_cell(table, "%s", deleted ? "deleted" : state_word(event->what.state));
	ending_cell(table, event->what.exit, event->what.value);
}

int ic_events(struct shell *shell, int argc, char **argv) {
	static const char *const headings[] = {">ms", ">NUMBER", "BECAME", ">EXIT"};
	const struct events *events = &shell->events;
	struct json json = json_start(stdout);
	struct table table;
	int as_json;
	int status = builtin_list_arguments(argc, argv, &as_json, NULL);
	if (status != 0) return status;
	events_take(&shell->events);
	uint64_t first = events->count > EVENTS_KEPT ? events->count - EVENTS_KEPT : 0;
	if (as_json)
		json_array_begin(&json, NULL);
	else
		table_start(&table, headings, sizeof headings / sizeof headings[0]);
	for (uint64_t i = first; i < events->count; i++) {
		const struct event *event = &events->kept[i % EVENTS_KEPT];
		if (as_json)
			event_object(&json, event);
		else
			event_row(&table, event);
	}
	if (!as_json) return table_finish(&table, stdout) ? 0 : builtin_fail(argv, "not enough memory");
	json_array_end(&json);
	json_finish(&json);
	return 0;
}
