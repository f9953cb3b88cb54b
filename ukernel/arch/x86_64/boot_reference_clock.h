/* SPDX-License-Identifier: MIT */
/*
 * A clock of known rate, to measure the others with at boot.
 */
#ifndef NACRE_BOOT_REFERENCE_CLOCK_H
#define NACRE_BOOT_REFERENCE_CLOCK_H

#include <stdint.h>

struct reference_clock {
	const char *name;
	uint32_t (*read)(void); /* counts up */
	uint64_t femtoseconds;  /* a tick */
	uint32_t mask;          /* where it wraps */
};

/* Starts the HPET at physical address @hpet, or the PIT if there is none (0). */
struct reference_clock reference_clock_start(uint64_t hpet);

#endif
