/* SPDX-License-Identifier: MIT */
/*
 * Time: kernel time (monotonic, ns, as this space sees it) and sleeping. Wall-clock time is
 * gettimeofday()'s.
 */
#ifndef NACRE_TIME_H
#define NACRE_TIME_H

#include <stdint.h>

#include <nacre/capability.h>

#define NANOSECONDS_PER_SECOND UINT64_C(1000000000)

/* Kernel time. Asks the kernel each time: the facts may change when a context is restored. */
uint64_t time_now(void);

/* Wall clock in ns since 1970-01-01 UTC, from the clock that the parent names. */
NACRE_MUST_CHECK error_t time_wall(int64_t *wall_out);

/*
 * Sleeps; for ever if the time lies beyond all time. Not for a handler that has yet to answer:
 * ERROR_BUSY. Errors: no_memory, state (no memory of its own to make a queue from), cancelled.
 */
NACRE_MUST_CHECK error_t nacre_sleep_until(uint64_t kernel_time);
NACRE_MUST_CHECK error_t nacre_sleep(uint64_t nanoseconds);

#endif
