/* SPDX-License-Identifier: MIT */
/*
 * The topics of contexts, each in a file of that name.
 */
#ifndef CONTEXTS_TOPICS_H
#define CONTEXTS_TOPICS_H

#include <first/tap.h>

extern const struct test ending_tests[];
extern const struct test verb_tests[];
extern const struct test tree_tests[];
extern const struct test program_tests[];
extern const struct test hostile_tests[];
extern const struct test factory_tests[];
extern const struct test account_tests[];

#endif
