/* SPDX-License-Identifier: MIT */
/*
 * The world in which a job is done: the capabilities that came with it and those made for it.
 *
 * Owns them until world_close(). Read build.h first.
 */
#ifndef PROCESS_WORLD_H
#define PROCESS_WORLD_H

#include <nacre/protocol/factory.h>

#include "build.h"

struct world {
	/* As they came with the job. */
	capability_t memory;
	capability_t names;
	capability_t parent;
	capability_t exception;
	capability_t scheduler; /* may be none */

	/* Made on the way. */
	capability_t file;
	capability_t region;
	capability_t space;
	capability_t thread; /* control */
};

/* Takes over the capabilities in @job. */
void world_open(struct world *world, const struct factory_supply_answer *job);

/* The steps of build_context(). */
struct build_world world_steps(struct world *world);

/* Gives back all capabilities, those of the new context included: hand on shares before. */
void world_close(struct world *world);

#endif
