/* SPDX-License-Identifier: MIT */
/*
 * `ic`: the verbs for contexts. Read docs on contexts, or context.interface, first.
 */
#include "ic.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nacre/number.h>
#include <nacre/slot.h>

#include "ending.h"
#include "job.h"

#define KILL_STATUS (STATUS_SIGNAL + 9) /* as if by SIGKILL */

static void print_error(char **argv, const char *format, va_list arguments) {
	fflush(stdout);
	fprintf(stderr, "ic %s: ", argv[0]);
	vfprintf(stderr, format, arguments);
}

int ic_fail(char **argv, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	print_error(argv, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return 1;
}

int ic_usage(char **argv, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	print_error(argv, format, arguments);
	va_end(arguments);
	fputs("; 'help ic' tells more\n", stderr);
	return STATUS_USAGE;
}

int ic_find(struct shell *shell, char **argv, const char *which, capability_t *context) {
	uint64_t number = 0, found;
	int is_number = number_parse(which, &number) && number > 0;
	error_t error = ERROR_NOT_FOUND;
	if (is_number || strlen(which) <= CONTEXT_LOOKUP_NAME_MAX)
		error = context_lookup(shell->contexts, number, is_number ? "" : which, &found, context);
	if (error == ERROR_OK) return 0;
	if (error == ERROR_NOT_FOUND) return ic_fail(argv, "there is no context %s; 'ic list' shows them", which);
	return ic_fail(argv, "context %s: %s", which, error_text(error));
}

/* Does something with each context named. */
static int for_each(struct shell *shell, int argc, char **argv, error_t (*verb)(capability_t)) {
	int status = 0;
	if (argc < 2) return ic_usage(argv, "which context?");
	for (int i = 1; i < argc; i++) {
		capability_t context = CAPABILITY_NONE;
		int failed = ic_find(shell, argv, argv[i], &context);
		if (failed == 0) {
			error_t error = verb(context);
			capability_delete(context);
			if (error != ERROR_OK) failed = ic_fail(argv, "context %s: %s", argv[i], error_text(error));
		}
		status = failed ? failed : status;
	}
	return status;
}

static error_t pause_context(capability_t context) { return context_pause(context); }

static error_t resume_context(capability_t context) { return context_resume(context); }

static error_t delete_context(capability_t context) { return context_delete(context); }

static int ic_pause(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, pause_context); }

static int ic_resume(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, resume_context); }

static int ic_delete(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, delete_context); }

static int ic_start(struct shell *shell, int argc, char **argv) {
	struct job job = {0, CAPABILITY_NONE};
	if (argc != 2) return ic_usage(argv, "give the one context to start");
	int status = ic_find(shell, argv, argv[1], &job.context);
	if (status != 0) return status;
	status = job_start(&job, argv[1]);
	capability_delete(job.context);
	return status;
}

static int ic_kill(struct shell *shell, int argc, char **argv) {
	uint64_t value = KILL_STATUS;
	capability_t context = CAPABILITY_NONE;
	if (argc < 2 || argc > 3 || (argc == 3 && (!number_parse(argv[2], &value) || value > 255)))
		return ic_usage(argv, "give a context, and perhaps a status from 0 to 255");
	int status = ic_find(shell, argv, argv[1], &context);
	if (status != 0) return status;
	error_t error = context_kill(context, (int64_t)value);
	capability_delete(context);
	return error == ERROR_OK ? 0 : ic_fail(argv, "context %s: %s", argv[1], error_text(error));
}

static int ic_wait(struct shell *shell, int argc, char **argv) {
	struct context_state_answer answer;
	capability_t context = CAPABILITY_NONE;
	if (argc != 2) return ic_usage(argv, "give the one context to wait for");
	int status = ic_find(shell, argv, argv[1], &context);
	if (status != 0) return status;
	error_t error = context_state(context, &answer);
	if (error != ERROR_OK)
		status = ic_fail(argv, "context %s: %s", argv[1], error_text(error));
	else if (answer.state < CONTEXT_STATE_RUNNING)
		status = ic_fail(argv, "context %s was never started; 'ic start %s' does", argv[1], argv[1]);
	else
		status = job_wait(shell, context, argv[1]);
	capability_delete(context);
	return status;
}

static const struct {
	const char *name;
	int (*run)(struct shell *shell, int argc, char **argv);
} verbs[] = {
	{"create", ic_create}, {"delete", ic_delete}, {"events", ic_events}, {"kill", ic_kill},
	{"list", ic_list},     {"pause", ic_pause},   {"resume", ic_resume}, {"run", ic_run},
	{"start", ic_start},   {"state", ic_state},   {"wait", ic_wait},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static int unknown_verb(char **argv) {
	struct name_list list = {NULL, 0};
	for (size_t i = 0; i < VERB_COUNT; i++) name_list_add(&list, verbs[i].name, strlen(verbs[i].name));
	const char *meant = name_list_closest(&list, argv[1]);
	int status = meant ? builtin_usage(argv, "there is no verb '%s' (did you mean '%s'?)", argv[1], meant)
	                   : builtin_usage(argv, "there is no verb '%s'", argv[1]);
	name_list_free(&list);
	return status;
}

static int run_ic(struct shell *shell, int argc, char **argv) {
	if (argc < 2) return builtin_usage(argv, "which verb?");
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0) return verbs[i].run(shell, argc - 1, argv + 1);
	}
	return unknown_verb(argv);
}

const struct builtin ic_builtin = {
	.name = "ic",
	.summary = "makes, starts, stops and shows isolation contexts",
	.usage = "usage: ic run [OPTION...] PROGRAM [ARGUMENT...]\n"
		 "       ic create [OPTION...] PROGRAM [ARGUMENT...]\n"
		 "       ic start | wait CONTEXT\n"
		 "       ic state [--json] CONTEXT\n"
		 "       ic pause | resume | delete CONTEXT...\n"
		 "       ic kill CONTEXT [STATUS]\n"
		 "       ic list | events [--json]\n"
		 "A CONTEXT is a number or a name. A program's name alone is 'ic run'.\n"
		 "  run     runs a program in a context of its own, waits, deletes the context;\n"
		 "          the status is the program's, or 128 and more: ended by force\n"
		 "  create  makes the context and prints its number; 'ic start' lets it run\n"
		 "  state   tells how a context is, and how it ended\n"
		 "  kill    ends it and all below it; STATUS (137) is what 'ic wait' gives\n"
		 "  delete  removes a context that has ended from the list\n"
		 "  list    shows this shell's contexts; events: what happened to them\n"
		 "OPTION of run and create:\n"
		 "  --limit=SIZE      memory that it may use at most, such as 4M\n"
		 "  --name=NAME       a name for it\n"
		 "  --factory=NAME    the factory that makes it (process)\n"
		 "  --rights=LIST     factories (it may register some), bind (it may bind names anywhere)\n"
		 "  --background      run: prints its number and does not wait\n",
	.run = run_ic,
};
