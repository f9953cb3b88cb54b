/* SPDX-License-Identifier: MIT */
/*
 * The hostile tests and what they share.
 */
#ifndef HOSTILE_TESTS_H
#define HOSTILE_TESTS_H

#include <stdint.h>

#include <first/tap.h>

/* The seed of this run; each test starts from it. */
uint64_t hostile_seed(void);
/* How often each test does its thing, in per cent of the usual. */
uint64_t hostile_rounds(uint64_t usual);

extern const struct test malformed_tests[];
extern const struct test mapping_model_tests[];
extern const struct test slot_model_tests[];
extern const struct test wild_register_tests[];
extern const struct test siege_tests[];

#endif
