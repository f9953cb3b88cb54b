/* SPDX-License-Identifier: MIT */
/*
 * Group context: a whole process context, from create to reaped.
 */
#include <nacre/protocol/context.h>
#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "bench.h"

/* A program that does nothing, so that what is measured is the context. */
static error_t run_once(capability_t contexts) {
	static const char arguments[] = "bench-nothing";
	struct context_wait_answer end;
	capability_t context;
	uint64_t number;
	error_t error = context_create(contexts, UINT64_MAX, 0, "process", "/bin/bench-nothing", &number, &context);

	if (error != ERROR_OK) return error;
	error = context_set_arguments(context, CONTEXT_SET_REPLACE, arguments, sizeof(arguments));
	if (error == ERROR_OK) error = context_start(context);
	if (error == ERROR_OK) error = context_wait(context, &end);
	if (error == ERROR_OK) error = context_delete(context);
	capability_delete(context);
	return error;
}

error_t bench_context(void) {
	struct measure measure = {0};
	capability_t contexts;
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "contexts", &protocol, &contexts);

	while (error == ERROR_OK && measure_goes_on(&measure)) {
		uint64_t start = measure_stamp();
		error = run_once(contexts);
		measure_add(&measure, start, measure_stamp());
	}
	if (error == ERROR_OK) measure_print(&measure, "context.process.run");
	return error;
}
