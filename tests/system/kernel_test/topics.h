/* SPDX-License-Identifier: MIT */
/*
 * The topics of the kernel's contract, each in a file of that name.
 */
#ifndef KERNEL_TEST_TOPICS_H
#define KERNEL_TEST_TOPICS_H

#include <first/tap.h>

extern const struct test phase_tests[];
extern const struct test reply_tests[];
extern const struct test queue_tests[];

#endif
