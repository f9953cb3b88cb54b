/* SPDX-License-Identifier: MIT */
/*
 * A world for the context layer's tests: it makes nothing and remembers everything.
 */
#ifndef TEST_FAKE_WORLD_H
#define TEST_FAKE_WORLD_H

#include <stdbool.h>

#include "vic.h"

#define FAKE_SLOTS 4096

struct fake_world {
	/* What the next calls return. */
	error_t create_result;
	error_t job_result;
	error_t start_result;

	/* What happened. */
	unsigned int live; /* contexts that have resources */
	unsigned int created, destroyed;
	unsigned int starts, stops, resumes;
	unsigned int jobs;
	uint64_t last_job; /* number of the context */
	unsigned int signals[FAKE_SLOTS];
	unsigned int released[FAKE_SLOTS];
	unsigned int answers[FAKE_SLOTS];
	error_t answered_with[FAKE_SLOTS];
	bool dead[FAKE_SLOTS];
};

extern struct fake_world fake;
extern const struct vic_world fake_world_functions;

/* Forgets all. */
void fake_world_reset(void);

/* The @nth allocation from now on fails; 0: none does. */
void fake_allocation_fail(unsigned int nth);

/* How many of those are still to come before the one that fails. */
unsigned int fake_allocations_left(void);

#endif
