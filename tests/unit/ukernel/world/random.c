/* SPDX-License-Identifier: MIT */
/*
 * Marsaglia's xorshift. Read random.h first.
 */
#include "random.h"

static uint64_t state = 1;

void random_start(uint64_t seed) { state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1; }

uint64_t random_next(void) {
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* The low bits of xorshift are its weakest. */
uint64_t random_below(uint64_t limit) { return (random_next() >> 11) % limit; }
