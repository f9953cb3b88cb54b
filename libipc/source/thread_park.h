/* SPDX-License-Identifier: MIT */
/*
 * Where threads of this program wait for each other.
 */
#ifndef NACRE_THREAD_PARK_H
#define NACRE_THREAD_PARK_H

#include <nacre/capability.h>

/* Makes the place, before the second thread starts. */
NACRE_MUST_CHECK error_t thread_park_make(void);

/* Blocks until the calling thread is cancelled. Only in a program with a second thread. */
void thread_park(void);

#endif
