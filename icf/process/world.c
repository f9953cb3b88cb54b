/* SPDX-License-Identifier: MIT */
/*
 * Each step of building in calls to the program's file, the context's pager and the kernel.
 *
 * Read world.h first.
 */
#include <string.h>

#include <nacre/path.h>
#include <nacre/priority.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "world.h"

/* Programs share the CPU in turns of 10 ms; their control allows no higher priority. */
#define PROGRAM_QUANTUM_NS UINT64_C(10000000)

static error_t program_open(void *context, const char *program, uint64_t *size) {
	struct world *world = context;
	struct path_node node;
	error_t error = path_open_in(world->names, program, PATH_NOW, &node);

	if (error != ERROR_OK) return error;
	world->file = node.capability;
	if (node.protocol != PROTOCOL_FILE || node.kind != FILE_KIND_FILE) return ERROR_STATE;
	*size = node.size;
	return ERROR_OK;
}

static error_t program_read(void *context, uint64_t offset, void *bytes, size_t count) {
	const struct world *world = context;
	unsigned char *next = bytes;

	while (count > 0) {
		uint32_t wanted = count < FILE_READ_DATA_MAX ? (uint32_t)count : FILE_READ_DATA_MAX;
		size_t came;
		error_t error = file_read(world->file, offset, wanted, next, wanted, &came);

		if (error != ERROR_OK) return error;
		if (came == 0 || came > wanted) return ERROR_IO;
		next += came;
		offset += came;
		count -= came;
	}
	return ERROR_OK;
}

static error_t program_map(void *context) {
	struct world *world = context;
	uint64_t size;

	return file_map(world->file, PAGE_READ | PAGE_EXECUTE, &size, &world->region);
}

static error_t space_make(void *context) {
	struct world *world = context;

	return memory_space_create(world->memory, &world->space);
}

static error_t map_file(void *context, uint64_t address, uint64_t file_offset, uint64_t file_bytes, uint32_t rights) {
	const struct world *world = context;
	uint32_t flags = rights & PAGE_WRITE ? MEMORY_MAP_COPY_ON_WRITE : MEMORY_MAP_SHARED;
	uint64_t mapped;

	return memory_map_region(world->memory, file_offset, file_bytes, address, rights, flags,
	                         item_share(world->region), &mapped);
}

static error_t map_zero(void *context, uint64_t address, uint64_t size, uint32_t rights) {
	const struct world *world = context;
	uint64_t mapped;

	return memory_allocate(world->memory, address, size, rights, 0, &mapped);
}

static error_t handlers_set(const struct world *world) {
	error_t error = thread_set_handler(world->thread, HANDLER_EXCEPTION, item_share(world->exception));

	if (error == ERROR_OK && world->scheduler != CAPABILITY_NONE)
		error = thread_set_handler(world->thread, HANDLER_SCHEDULER, item_share(world->scheduler));
	return error;
}

static error_t thread_make(void *context, uint64_t utcb) {
	struct world *world = context;
	capability_t queue;
	error_t error = memory_thread_create(world->memory, utcb, &world->thread, &queue);

	if (error != ERROR_OK) return error;
	/* Its queue is its own affair. */
	capability_delete(queue);
	error = handlers_set(world);
	if (error == ERROR_OK) error = thread_set_budget(world->thread, PROGRAM_QUANTUM_NS, PROGRAM_PRIORITY);
	return error;
}

static error_t capabilities_place(void *context, uint32_t slot_base) {
	const struct world *world = context;
	const uint64_t ceiling = (CONTROL_BADGE_ALL & ~CONTROL_CEILING_MASK) | PROGRAM_PRIORITY;
	error_t error = space_capability_derive(start_space(), world->space, slot_base + START_SLOT_SPACE, RIGHTS_ALL,
	                                        ceiling, 1, item_share(world->space));

	if (error != ERROR_OK) return error;
	return space_capability_share(start_space(), world->parent, slot_base + START_SLOT_PARENT, RIGHTS_ALL,
	                              item_share(world->space));
}

/* A stop of our own stays when THREAD_START takes the one away that the thread was made with. */
static error_t thread_prepare(void *context, const uint64_t words[PROCESS_START_WORDS]) {
	const struct world *world = context;
	uint64_t stops;
	error_t error = thread_stop(world->thread, &stops);

	if (error != ERROR_OK) return error;
	return thread_start(world->thread, words[0], words[1], words[2], words[3], words[4], words[5], words[6],
	                    words[7]);
}

void world_open(struct world *world, const struct factory_supply_answer *job) {
	*world = (struct world){
		.memory = job->memory,
		.names = job->namespace,
		.parent = job->parent,
		.exception = job->exception,
		.scheduler = job->scheduler,
	};
}

struct build_world world_steps(struct world *world) {
	return (struct build_world){
		.program_open = program_open,
		.program_read = program_read,
		.program_map = program_map,
		.space_create = space_make,
		.mapper = {.map_file = map_file, .map_zero = map_zero, .context = world},
		.thread_create = thread_make,
		.capabilities_place = capabilities_place,
		.thread_prepare = thread_prepare,
		.context = world,
	};
}

void world_close(struct world *world) {
	capability_delete(world->thread);
	capability_delete(world->space);
	capability_delete(world->region);
	capability_delete(world->file);
	capability_delete(world->scheduler);
	capability_delete(world->exception);
	capability_delete(world->parent);
	capability_delete(world->names);
	capability_delete(world->memory);
	memset(world, 0, sizeof(*world));
}
