/* SPDX-License-Identifier: MIT */
/*
 * Frames that an instance takes as holds, for a pager above or for kernel objects of its own.
 *
 * Owns instance->taken. The taker numbers them.
 */
#ifndef PAGER_TAKE_H
#define PAGER_TAKE_H

#include "instance.h"

/* Runs of holds that adjoin, in the order of the taker's numbers. */
struct taken_runs {
	struct {
		struct hold first;
		unsigned int count;
	} runs[8];
	unsigned int run_count;
	unsigned int frames;
};

/*
 * Takes up to @count frames numbered from @number. ERROR_EXISTS (a number is in use), ERROR_ARGUMENT, ERROR_LIMIT,
 * ERROR_NO_MEMORY: only if none came.
 */
error_t take_frames(struct instance *instance, uint64_t number, unsigned int count,
                    struct taken_runs *runs) NACRE_MUST_CHECK;

/* ERROR_NOT_FOUND (one was not taken; nothing is done). */
error_t take_give_back(struct instance *instance, uint64_t number, uint64_t count) NACRE_MUST_CHECK;

/* Gives back all. */
void take_close(struct instance *instance);

#endif
