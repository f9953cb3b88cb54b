/* SPDX-License-Identifier: MIT */
/*
 * Where threads of this program wait for each other.
 */
#ifndef NACRE_THREAD_PARK_H
#define NACRE_THREAD_PARK_H

/* Blocks until the calling thread is cancelled. Only in a program with a second thread. */
void thread_park(void);

#endif
