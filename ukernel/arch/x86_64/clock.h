/* SPDX-License-Identifier: MIT */
/*
 * Kernel time and the one timer, both made from the TSC and the local APIC.
 */
#ifndef NACRE_CLOCK_H
#define NACRE_CLOCK_H

#include "arch.h"
#include "interrupts.h"

/* Factors are 32.32 fixed point. */
struct clock_rates {
	struct arch_clock_facts tsc;
	uint64_t ticks_per_ns;       /* of the TSC */
	uint64_t timer_ticks_per_ns; /* of the timer, if it counts */
	enum local_apic_timer timer;
};

extern struct clock_rates clock_rates;

/* The timer interrupt came: tells the core if it is time. */
void clock_timer_fired(void);

#endif
