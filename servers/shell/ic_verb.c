/* SPDX-License-Identifier: MIT */
/*
 * The verbs of `ic` that do something to contexts there are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/number.h>
#include <nacre/slot.h>

#include "ending.h"
#include "ic.h"
#include "job.h"

#define KILL_STATUS (STATUS_SIGNAL + 9) /* as if by SIGKILL */

int ic_find(struct shell *shell, char **argv, const char *which, capability_t *context) {
	uint64_t number = 0, found;
	int is_number = number_parse(which, &number) && number > 0;
	error_t error = ERROR_NOT_FOUND;
	if (which[0] == '-') return builtin_usage(argv, "there is no option %s", which);
	if (is_number || (which[0] && strlen(which) <= CONTEXT_LOOKUP_NAME_MAX))
		error = context_lookup(shell->contexts, number, is_number ? "" : which, &found, context);
	if (error == ERROR_OK) return 0;
	if (error == ERROR_NOT_FOUND)
		return builtin_fail(argv, "there is no context '%s'; 'ic list' shows them", which);
	return builtin_fail(argv, "context %s: %s", which, error_text(error));
}

/* What a context in that state is to be asked first, or NULL; and to what end. */
static const char *first_verb(const char *verb, uint32_t state, const char **end) {
	int deletes = strcmp(verb, "ic delete") == 0;
	*end = "ends it";
	if ((state == CONTEXT_STATE_RUNNING || state == CONTEXT_STATE_PAUSED) && deletes) return "kill";
	*end = "lets it run";
	if (state == CONTEXT_STATE_CREATED || state == CONTEXT_STATE_CREATING) return "start";
	if (state == CONTEXT_STATE_PAUSED && strcmp(verb, "ic start") == 0) return "resume";
	*end = "removes it";
	return state == CONTEXT_STATE_STOPPED ? "delete" : NULL;
}

/* Says why a context would not do it: most often it is in the wrong state. */
static int refuse(char **argv, const char *which, capability_t context, error_t error) {
	struct context_state_answer answer;
	const char *end;
	if (error != ERROR_STATE || context_state(context, &answer) != ERROR_OK)
		return builtin_fail(argv, "context %s: %s", which, error_text(error));
	const char *verb = first_verb(argv[0], answer.state, &end);
	if (!verb) return builtin_fail(argv, "context %s is %s", which, state_word(answer.state));
	return builtin_fail(argv, "context %s is %s; 'ic %s %s' %s", which, state_word(answer.state), verb, which, end);
}

/* Does something with each context named. */
static int for_each(struct shell *shell, int argc, char **argv, error_t (*verb)(capability_t)) {
	int status = 0;
	if (argc < 2) return builtin_usage(argv, "which context?");
	for (int i = 1; i < argc; i++) {
		capability_t context = CAPABILITY_NONE;
		int failed = ic_find(shell, argv, argv[i], &context);
		if (failed == 0) {
			error_t error = verb(context);
			if (error != ERROR_OK) failed = refuse(argv, argv[i], context, error);
			capability_delete(context);
		}
		status = failed ? failed : status;
	}
	return status;
}

static error_t pause_context(capability_t context) { return context_pause(context); }

static error_t resume_context(capability_t context) { return context_resume(context); }

static error_t delete_context(capability_t context) { return context_delete(context); }

int ic_pause(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, pause_context); }

int ic_resume(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, resume_context); }

int ic_delete(struct shell *shell, int argc, char **argv) { return for_each(shell, argc, argv, delete_context); }

/* The one context of a verb that takes no more. Returns 0 or the exit status. */
static int find_only(struct shell *shell, int argc, char **argv, capability_t *context) {
	if (argc < 2) return builtin_usage(argv, "which context?");
	if (argc > 2) return builtin_usage(argv, "one context at a time");
	return ic_find(shell, argv, argv[1], context);
}

static int is_startable(capability_t context) {
	struct context_state_answer answer;
	return context_state(context, &answer) == ERROR_OK && answer.state <= CONTEXT_STATE_CREATED;
}

int ic_start(struct shell *shell, int argc, char **argv) {
	struct job job = {0, CAPABILITY_NONE};
	int status = find_only(shell, argc, argv, &job.context);
	if (status != 0) return status;
	status = is_startable(job.context) ? job_start(&job, argv[1]) : refuse(argv, argv[1], job.context, ERROR_STATE);
	capability_delete(job.context);
	return status;
}

int ic_kill(struct shell *shell, int argc, char **argv) {
	uint64_t value = KILL_STATUS;
	capability_t context = CAPABILITY_NONE;
	if (argc < 2) return builtin_usage(argv, "which context?");
	if (argc > 3) return builtin_usage(argv, "one context at a time");
	int status = ic_find(shell, argv, argv[1], &context);
	if (status != 0) return status;
	if (argc == 3 && (!number_parse(argv[2], &value) || value > 255)) {
		status = builtin_usage(argv, "'%s' is not a status from 0 to 255 for it to end with", argv[2]);
	} else {
		error_t error = context_kill(context, (int64_t)value);
		if (error != ERROR_OK) status = refuse(argv, argv[1], context, error);
	}
	capability_delete(context);
	return status;
}

int ic_wait(struct shell *shell, int argc, char **argv) {
	capability_t context = CAPABILITY_NONE;
	int status = find_only(shell, argc, argv, &context);
	if (status != 0) return status;
	status = is_startable(context) ? refuse(argv, argv[1], context, ERROR_STATE)
	                               : job_wait(shell, context, argv[1], JOB_INTERRUPT_LEAVES);
	capability_delete(context);
	return status;
}
