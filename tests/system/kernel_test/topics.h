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
extern const struct test item_tests[];
extern const struct test capability_tests[];
extern const struct test mapping_tests[];
extern const struct test fault_tests[];
extern const struct test pager_tests[];
extern const struct test time_tests[];
extern const struct test privilege_tests[];
extern const struct test register_tests[];
extern const struct test interrupt_tests[];
extern const struct test destruction_tests[];
extern const struct test attack_tests[];

#endif
