/* SPDX-License-Identifier: MIT */
/*
 * Numbers that look random and are the same for the same seed.
 */
#ifndef HOSTILE_RANDOM_H
#define HOSTILE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);

/* Below @limit, which is not 0. */
uint64_t random_below(struct random *random, uint64_t limit);

/* True once in @odds times. */
int random_one_in(struct random *random, uint64_t odds);

/* A number that is likely to be at the edge of something: powers of two, ends of ranges, addresses. */
uint64_t random_edge(struct random *random);

#endif
