/* SPDX-License-Identifier: MIT */
/*
 * ps: the contexts in /ic, as files tell of them.
 *
 * Needs no authority: whoever sees /ic sees the contexts. `ic list` shows those below a shell
 * instead, with all that the context layer knows.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/json.h>
#include <nacre/number.h>
#include <nacre/table.h>
#include <nacre/tool.h>

static const char *const usage = "usage: ps [--json]\n"
				 "Lists all contexts that /ic shows. KiB is the memory that each uses, kernel\n"
				 "objects included.\n"
				 "  --json  as JSON, with memory in bytes\n";

#define TEXT_MAX 512u

/* Files of /ic/NUMBER, in the order they are shown in. */
static const char *const fields[] = {"parent", "name", "state", "memory", "factory", "program"};
#define FIELD_COUNT  (sizeof fields / sizeof fields[0])
#define FIELD_PARENT 0u
#define FIELD_MEMORY 3u

struct context {
	uint64_t number;
	char texts[FIELD_COUNT][TEXT_MAX];
};

/* The first line of a file; empty if there is none: a context may end at any time. */
static void read_field(uint64_t number, const char *field, char text[TEXT_MAX]) {
	char path[64];
	snprintf(path, sizeof path, "/ic/%" PRIu64 "/%s", number, field);
	FILE *file = fopen(path, "r");
	text[0] = 0;
	if (!file) return;
	if (!fgets(text, TEXT_MAX, file)) text[0] = 0;
	text[strcspn(text, "\n")] = 0;
	fclose(file);
}

static void add_row(struct table *table, const struct context *context) {
	table_cell(table, "%" PRIu64, context->number);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		uint64_t bytes;
		if (i == FIELD_MEMORY && number_parse(context->texts[i], &bytes))
			table_cell(table, "%" PRIu64, bytes / 1024);
		else
			table_cell(table, "%s", context->texts[i][0] ? context->texts[i] : "-");
	}
}

static void add_object(struct json *json, const struct context *context) {
	json_object_begin(json, NULL);
	json_unsigned(json, "number", context->number);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		uint64_t number;
		int is_number = i == FIELD_PARENT || i == FIELD_MEMORY;
		if (is_number && number_parse(context->texts[i], &number))
			json_unsigned(json, fields[i], number);
		else
			json_string(json, fields[i], context->texts[i]);
	}
	json_object_end(json);
}

static int compare_numbers(const void *left, const void *right) {
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* The numbers of all contexts, in order. Returns an errno, 0 if all went well. */
static int read_numbers(uint64_t **numbers_out, size_t *count_out) {
	const struct dirent *entry;
	uint64_t *numbers = NULL, number;
	size_t count = 0;
	DIR *directory = opendir("/ic");
	if (!directory) return errno;
	while ((entry = readdir(directory)) != NULL) {
		uint64_t *more = realloc(numbers, (count + 1) * sizeof *more);
		if (!more) {
			free(numbers);
			closedir(directory);
			return ENOMEM;
		}
		numbers = more;
		if (number_parse(entry->d_name, &number)) numbers[count++] = number;
	}
	closedir(directory);
	qsort(numbers, count, sizeof *numbers, compare_numbers);
	*numbers_out = numbers;
	*count_out = count;
	return 0;
}

static void read_context(struct context *context, uint64_t number) {
	context->number = number;
	for (size_t i = 0; i < FIELD_COUNT; i++) read_field(number, fields[i], context->texts[i]);
}

static int print_table(const uint64_t *numbers, size_t count) {
	static const char *const headings[] = {">NUMBER", ">PARENT", "NAME", "STATE", ">KiB", "FACTORY", "PROGRAM"};
	struct context context;
	struct table table;
	table_start(&table, headings, sizeof headings / sizeof headings[0]);
	for (size_t i = 0; i < count; i++) {
		read_context(&context, numbers[i]);
		add_row(&table, &context);
	}
	return table_finish(&table, stdout) ? 0 : ENOMEM;
}

static void print_json(const uint64_t *numbers, size_t count) {
	struct json json = json_start(stdout);
	struct context context;
	json_array_begin(&json, NULL);
	for (size_t i = 0; i < count; i++) {
		read_context(&context, numbers[i]);
		add_object(&json, &context);
	}
	json_array_end(&json);
	json_finish(&json);
}

int main(int argc, char **argv) {
	uint64_t *numbers = NULL;
	size_t count = 0;
	tool_help(argc, argv, usage);
	int json = argc == 2 && strcmp(argv[1], "--json") == 0;
	if (argc > 1 && !json) return tool_usage(argv, "it takes no arguments but --json");
	int error = read_numbers(&numbers, &count);
	if (error) return tool_fail(argv, "/ic: %s", strerror(error));
	if (json)
		print_json(numbers, count);
	else
		error = print_table(numbers, count);
	free(numbers);
	return error ? tool_fail(argv, "%s", strerror(error)) : 0;
}
