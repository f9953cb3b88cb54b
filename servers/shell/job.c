/* SPDX-License-Identifier: MIT */
/*
 * Contexts for commands: see job.h.
 */
#include "job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/slot.h>

#include "ending.h"
#include "search.h"

/* A limit below this may be what a context could not be made for. */
#define LIMIT_SMALL UINT64_C(65536)

typedef error_t text_setter(capability_t context, uint32_t mode, const void *data, size_t size);

/* Adds a string with its closing NUL, in as many messages as it takes. */
static error_t add_string(capability_t context, text_setter *set, const char *string) {
	size_t left = strlen(string) + 1;
	error_t error = ERROR_OK;
	while (error == ERROR_OK && left > 0) {
		size_t part = left < CONTEXT_SET_ARGUMENTS_DATA_MAX ? left : CONTEXT_SET_ARGUMENTS_DATA_MAX;
		error = set(context, CONTEXT_SET_APPEND, string, part);
		string += part;
		left -= part;
	}
	return error;
}

static error_t set_arguments(capability_t context, const struct job_order *order) {
	error_t error = context_set_arguments(context, CONTEXT_SET_REPLACE, "", 0);
	for (int i = 0; error == ERROR_OK && i < order->argc; i++)
		error = add_string(context, context_set_arguments, order->argv[i]);
	return error;
}

static error_t add_variables(capability_t context, const struct variables *variables,
                             const struct variables *hidden_by) {
	error_t error = ERROR_OK;
	for (const struct variable *at = variables->first; error == ERROR_OK && at; at = at->next) {
		if (!hidden_by || !variables_get(hidden_by, at->text, at->length))
			error = add_string(context, context_set_environment, at->text);
	}
	return error;
}

static error_t set_environment(capability_t context, const struct shell *shell) {
	error_t error = context_set_environment(context, CONTEXT_SET_REPLACE, "", 0);
	if (error == ERROR_OK) error = add_variables(context, &shell->variables, &shell->extra);
	if (error == ERROR_OK) error = add_variables(context, &shell->extra, NULL);
	return error;
}

/* The program gets what is behind the shell's own descriptors. */
static error_t set_streams(capability_t context) {
	static const char *const names[] = {"stdin", "stdout", "stderr"};
	error_t error = ERROR_OK;
	for (int i = STDIN_FILENO; error == ERROR_OK && i <= STDERR_FILENO; i++) {
		capability_t stream;
		uint32_t protocol;
		if (descriptor_capability(i, &stream, &protocol))
			error = context_set_capability(context, protocol, names[i], item_share(stream));
	}
	return error;
}

static error_t describe(const struct shell *shell, const struct job_order *order, capability_t context) {
	error_t error = set_arguments(context, order);
	if (error == ERROR_OK) error = set_environment(context, shell);
	if (error == ERROR_OK) error = set_streams(context);
	if (error == ERROR_OK && order->name) error = context_set_name(context, order->name);
	return error;
}

static int fail(const char *name, const char *what, error_t error) {
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", name, what, error_text(error));
	return error == ERROR_NOT_FOUND ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

/* One line that says why there is no context, and what to do. */
static int create_failed(const struct job_order *order, error_t error) {
	fflush(stdout);
	fprintf(stderr, "%s: ", order->argv[0]);
	if (error == ERROR_NOT_FOUND)
		fprintf(stderr, "there is no factory '%s'; 'icf list' shows those that run\n", order->factory);
	else if (error == ERROR_LIMIT && order->limit < LIMIT_SMALL)
		fprintf(stderr, "a limit of %" PRIu64 " bytes is too small for any context; allow 1M, say\n",
		        order->limit);
	else if (error == ERROR_LIMIT)
		fputs("too many contexts have not been started or deleted; 'ic list' shows them, 'ic delete' helps\n",
		      stderr);
	else
		fprintf(stderr, "no context for it: %s\n", error_text(error));
	return STATUS_CANNOT_RUN;
}

static int describe_failed(const struct job_order *order, error_t error) {
	if (error == ERROR_LIMIT)
		return fail(order->argv[0], "its arguments and variables are longer than a context may have", error);
	if (error != ERROR_EXISTS || !order->name)
		return fail(order->argv[0], "its context cannot be described", error);
	fflush(stdout);
	fprintf(stderr, "%s: there is a context '%s' already; 'ic list' shows it\n", order->argv[0], order->name);
	return STATUS_CANNOT_RUN;
}

int job_create(struct shell *shell, const struct job_order *order, struct job *job) {
	char path[PATH_LENGTH_MAX + 1];
	error_t error = search_program(&shell->variables, order->argv[0], path);
	if (error == ERROR_NOT_FOUND) {
		fflush(stdout);
		search_report(&shell->variables, order->argv[0]);
		return STATUS_NOT_FOUND;
	}
	if (error == ERROR_OK && strlen(path) > CONTEXT_CREATE_PROGRAM_MAX) error = ERROR_RANGE;
	if (error != ERROR_OK) return fail(order->argv[0], "its path", error);
	error = context_create(shell->contexts, order->limit, order->rights, order->factory, path, &job->number,
	                       &job->context);
	if (error != ERROR_OK) return create_failed(order, error);
	error = describe(shell, order, job->context);
	if (error == ERROR_OK) return 0;
	error_ignore(context_delete(job->context)); /* it was never built */
	capability_delete(job->context);
	return describe_failed(order, error);
}

/* Words that begin with the name already stand for themselves. */
static void say(const char *name, const char *words) {
	size_t length = strlen(name);
	fflush(stdout);
	if (strncmp(words, name, length) == 0 && words[length] == ':')
		fprintf(stderr, "%s\n", words);
	else
		fprintf(stderr, "%s: %s\n", name, words);
}

/* Its factory says best why it could not build it. */
static int started(const struct job *job, const char *name, error_t error) {
	struct context_state_answer answer;
	if (error == ERROR_OK) return 0;
	if (context_state(job->context, &answer) != ERROR_OK || !answer.detail[0])
		return fail(name, "it cannot be started", error);
	say(name, answer.detail);
	return error == ERROR_NOT_FOUND ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

int job_build(const struct job *job, const char *name) { return started(job, name, context_build(job->context)); }

int job_start(const struct job *job, const char *name) { return started(job, name, context_start(job->context)); }

static void report(const struct context_state_answer *answer, const char *name) {
	if (answer->exit == CONTEXT_EXIT_CODE) return;
	if (answer->exit == CONTEXT_EXIT_KILLED && answer->value == STATUS_INTERRUPTED)
		return; /* by the hand of the person who would be told */
	say(name, answer->detail);
}

int job_wait(struct shell *shell, capability_t context, const char *name, enum job_interrupt interrupt) {
	struct context_state_answer answer;
	shell->events.interrupted = 0;
	for (;;) {
		error_t error = context_state(context, &answer);
		if (error != ERROR_OK) return fail(name, "it is gone", error);
		if (answer.state == CONTEXT_STATE_STOPPED) break;
		events_wait(&shell->events);
		if (shell->events.interrupted && interrupt == JOB_INTERRUPT_LEAVES) return STATUS_INTERRUPTED;
		if (shell->events.interrupted)
			error_ignore(context_kill(context, STATUS_INTERRUPTED)); /* may have just ended */
	}
	report(&answer, name);
	return ending_status(answer.exit, answer.value);
}

int job_run(struct shell *shell, const struct job_order *order) {
	struct job job;
	int status = job_create(shell, order, &job);
	if (status != 0) return status;
	status = job_start(&job, order->argv[0]);
	if (status == 0) status = job_wait(shell, job.context, order->argv[0], JOB_INTERRUPT_KILLS);
	error_ignore(context_delete(job.context)); /* it has ended, or was never started */
	capability_delete(job.context);
	return status;
}
