/* SPDX-License-Identifier: MIT */
/*
 * Reading the battery-backed clock through its two ports.
 */
#ifndef NACRE_CLOCK_CMOS_H
#define NACRE_CLOCK_CMOS_H

#include <nacre/capability.h>
#include <stdint.h>

#define CMOS_PORT_INDEX 0x70u
#define CMOS_PORT_DATA  0x71u

/*
 * Reads the time in seconds since 1970-01-01 UTC, never one that the clock was just changing.
 * busy: the clock was changing it (at most 2 ms, once a second); io: it does not hold a time.
 */
NACRE_MUST_CHECK error_t cmos_read_time(capability_t ports, int64_t *seconds);

#endif
