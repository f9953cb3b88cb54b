/* SPDX-License-Identifier: MIT */
/*
 * Contexts below the test. Read runs.h first.
 */
#include <string.h>

#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "runs.h"

capability_t own_context;
capability_t own_names;
const char *own_program;

error_t runs_start(const char *program) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "contexts", &protocol, &own_context);

	own_program = program;
	if (error == ERROR_OK) error = parent_get(start_parent(), "namespace", &protocol, &own_names);
	return error;
}

static error_t argument_add(capability_t context, const char *word) {
	return context_set_arguments(context, CONTEXT_SET_APPEND, word, strlen(word) + 1);
}

static error_t create(uint64_t limit, uint32_t rights, const char *part, const char *word, capability_t *context) {
	uint64_t number;
	error_t error = context_create(own_context, limit, rights, "process", own_program, &number, context);

	if (error == ERROR_OK) error = argument_add(*context, own_program);
	if (error == ERROR_OK) error = argument_add(*context, part);
	if (error == ERROR_OK && word) error = argument_add(*context, word);
	return error;
}

error_t run_create(uint64_t limit, const char *part, const char *word, capability_t *context) {
	return create(limit, 0, part, word, context);
}

error_t run_create_with(uint32_t rights, const char *part, const char *word, capability_t *context) {
	return create(NO_LIMIT, rights, part, word, context);
}

error_t run_start(uint64_t limit, const char *part, const char *word, capability_t *context) {
	error_t error = run_create(limit, part, word, context);

	return error == ERROR_OK ? context_start(*context) : error;
}

error_t run_end(capability_t context, struct context_wait_answer *ending) {
	error_t error = context_wait(context, ending);

	if (error == ERROR_OK) error = context_delete(context);
	capability_delete(context);
	return error;
}

error_t run_through(uint64_t limit, const char *part, const char *word, struct context_wait_answer *ending) {
	capability_t context;
	error_t error = run_start(limit, part, word, &context);

	return error == ERROR_OK ? run_end(context, ending) : error;
}

void run_drop(capability_t context) {
	error_ignore(context_kill(context, 0));
	error_ignore(context_delete(context));
	capability_delete(context);
}

int has_text(const char *text, const char *part) { return strstr(text, part) != NULL; }
