/* SPDX-License-Identifier: MIT */
/*
 * Random numbers that are the same again for the same seed.
 */
#ifndef NACRE_TEST_RANDOM_H
#define NACRE_TEST_RANDOM_H

#include <stdint.h>

void random_start(uint64_t seed);
uint64_t random_next(void);
uint64_t random_below(uint64_t limit);

#endif
