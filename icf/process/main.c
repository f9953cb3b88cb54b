/* SPDX-License-Identifier: MIT */
/*
 * /sbin/process: the factory of process contexts, each with a space of its own.
 *
 * Registers with the context layer, then builds what it is told to, one after the other. It keeps
 * nothing of what it has built: contexts run on without it. Read build.h first.
 */
#include <nacre/pin.h>
#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "watchdog.h"
#include "world.h"

/* The vocabulary is in docs/contexts.md. */
#define DESCRIPTION "isolates=memory,names,faults,time runs=elf-static-pie can=limit,pause,kill"

/* What is handed in with the request for the next job. */
struct result {
	uint64_t job;
	error_t error;
	char detail[BUILD_DETAIL_MAX + 1];
};

/*
 * Moved, not shared: the context's own capability to its space is derived from this one and would
 * end with it in world_close().
 */
static struct ipc_item built_item(const struct result *result, capability_t capability) {
	if (result->job == 0 || result->error != ERROR_OK) return item_none();
	return item_move(capability);
}

static void job_do(const struct factory_supply_answer *job, struct world *world, struct result *result) {
	const struct build_job build = {
		.program = job->program,
		.window = {.base = job->window_base, .size = job->window_size},
		.slot_base = job->slot_base,
	};
	struct build_world steps = world_steps(world);

	result->job = job->job;
	watchdog_job_begins();
	result->error = build_context(&build, &steps, result->detail);
	watchdog_job_is_done();
}

/* Returns when the context layer has no more jobs for this factory. */
static error_t serve(capability_t factory) {
	static struct factory_supply_answer job;
	static struct result result;
	static struct world world;

	for (;;) {
		error_t error =
			factory_supply(factory, result.job, (uint32_t)result.error, result.detail,
		                       built_item(&result, world.space), built_item(&result, world.thread), &job);

		world_close(&world);
		result = (struct result){0};
		if (error == ERROR_PEER_LOST || error == ERROR_CANCELLED) continue;
		if (error != ERROR_OK) return error;
		world_open(&world, &job);
		if (job.kind != FACTORY_JOB_CREATE) return ERROR_OK;
		job_do(&job, &world, &result);
	}
}

/* Registers, and again if the context layer has come to think that the factory was gone. */
static error_t run(capability_t factories) {
	capability_t factory;
	error_t error = factory_register(factories, "process", DESCRIPTION, &factory);

	if (error == ERROR_OK) error = parent_ready(start_parent());
	while (error == ERROR_OK) {
		error_t result = serve(factory);

		capability_delete(factory);
		if (result != ERROR_GONE) return result;
		error = factory_register(factories, "process", DESCRIPTION, &factory);
	}
	return error;
}

int main(void) {
	capability_t factories;
	uint32_t protocol;
	error_t error;

	memory_pin();
	error = parent_get(start_parent(), "factories", &protocol, &factories);
	if (error == ERROR_OK) error = watchdog_start();
	if (error == ERROR_OK) error = run(factories);
	/* Nobody to tell but the parent, which reads the exit status as an error_t. */
	return (int)error;
}
