/* SPDX-License-Identifier: MIT */
/*
 * Running of lines: conditions, words, assignments, and who does the command. See shell.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/time.h>

#include "builtin.h"
#include "expand.h"
#include "job.h"
#include "shell.h"

#define FACTORY_DEFAULT "process"

/* A command's words as strings. */
struct arguments {
	char **words; /* ended by NULL */
	size_t count;
};

static const char *lookup(void *context, const char *name, size_t length) {
	static char status[16];
	const struct shell *shell = context;
	if (length != 1 || name[0] != '?') return variables_get(&shell->variables, name, length);
	snprintf(status, sizeof status, "%d", shell->status);
	return status;
}

static void arguments_free(struct arguments *arguments) {
	for (size_t i = 0; i < arguments->count; i++) free(arguments->words[i]);
	free(arguments->words);
}

static int expand_failed(enum expand_result result, struct shell_text word) {
	if (result == EXPAND_INVALID)
		fprintf(stderr, "shell: %.*s: '${' needs a name and '}' behind it\n", (int)word.length, word.start);
	else
		fputs("shell: not enough memory for the command\n", stderr);
	return result == EXPAND_INVALID ? STATUS_USAGE : 1;
}

/* Returns 0, or the exit status after it has said what is wrong. */
static int arguments_expand(struct shell *shell, const struct shell_command *command, struct arguments *arguments) {
	arguments->count = 0;
	arguments->words = calloc(command->word_count + 1, sizeof *arguments->words);
	if (!arguments->words) return expand_failed(EXPAND_NO_MEMORY, command->text);
	for (size_t i = 0; i < command->word_count; i++) {
		enum expand_result result =
			word_expand(command->words[i], lookup, shell, &arguments->words[arguments->count]);
		if (result == EXPAND_WORD)
			arguments->count++;
		else if (result != EXPAND_NOTHING)
			return expand_failed(result, command->words[i]);
	}
	return 0;
}

/* How many words of the command, from its first on, have the form NAME=VALUE as they were typed. */
static size_t count_assignments(const struct shell_command *command) {
	size_t count = 0;
	while (count < command->word_count) {
		const struct shell_text *word = &command->words[count];
		size_t length = name_length(word->start, word->length);
		if (length == 0 || length == word->length || word->start[length] != '=') break;
		count++;
	}
	return count;
}

static int assign(struct variables *variables, char **words, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (!variables_set(variables, words[i]))
			return expand_failed(EXPAND_NO_MEMORY, (struct shell_text){"", 0});
	}
	return 0;
}

static int run_program(struct shell *shell, size_t argc, char **argv) {
	struct job_order order = {
		.factory = FACTORY_DEFAULT,
		.limit = UINT64_MAX,
		.argc = (int)argc,
		.argv = argv,
	};
	return job_run(shell, &order);
}

static int run_words(struct shell *shell, const struct arguments *arguments, size_t assignments) {
	char **argv = arguments->words + assignments;
	size_t argc = arguments->count - assignments;
	if (argc == 0) return assign(&shell->variables, arguments->words, assignments);
	const struct builtin *builtin = builtin_find(argv[0]);
	int status = assign(&shell->extra, arguments->words, assignments);
	if (status == 0 && builtin)
		status = builtin_run(builtin, shell, (int)argc, argv);
	else if (status == 0)
		status = run_program(shell, argc, argv);
	variables_clear(&shell->extra);
	return status;
}

static int run_command(struct shell *shell, const struct shell_command *command) {
	struct arguments arguments;
	int status = arguments_expand(shell, command, &arguments);
	if (status == 0) status = run_words(shell, &arguments, count_assignments(command));
	arguments_free(&arguments);
	fflush(stdout);
	fflush(stderr);
	events_take(&shell->events);
	return status;
}

static int is_wanted(const struct shell *shell, enum shell_join join) {
	return join == JOIN_ALWAYS || (join == JOIN_IF_SUCCESS) == (shell->status == 0);
}

static void report(struct shell *shell, struct shell_text text, uint64_t begin) {
	if (shell->report) shell->report(shell, text, shell->status, time_now() - begin);
}

void shell_run_line(struct shell *shell, const struct shell_line *line) {
	for (size_t i = 0; i < line->command_count && !shell->leaving; i++) {
		const struct shell_command *command = &line->commands[i];
		uint64_t begin = time_now();
		if (!is_wanted(shell, command->join)) continue;
		shell->status = run_command(shell, command);
		report(shell, command->text, begin);
	}
}

void shell_refuse_line(struct shell *shell, const struct shell_line *line, const char *problem) {
	uint64_t begin = time_now();
	fprintf(stderr, "shell: %s\n", problem);
	fflush(stderr);
	shell->status = STATUS_USAGE;
	report(shell, line->text, begin);
}

void shell_run_text(struct shell *shell, struct shell_text text) {
	struct shell_line line;
	while (text.length > 0 && !shell->leaving) {
		switch (line_parse(&text, &line)) {
		case PARSE_LINE:
			shell_run_line(shell, &line);
			line_free(&line);
			break;
		case PARSE_INVALID: shell_refuse_line(shell, &line, line.problem); break;
		case PARSE_INCOMPLETE:
			line.text = text;
			shell_refuse_line(shell, &line,
			                  "the text ends inside a quotation, or after '&&', '||' or '\\'");
			return;
		case PARSE_NO_MEMORY: shell_refuse_line(shell, &line, "not enough memory for the line"); break;
		}
	}
}
