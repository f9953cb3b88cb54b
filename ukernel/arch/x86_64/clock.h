/* SPDX-License-Identifier: MIT */
/*
 * Kernel time and the one timer, both made from the TSC and the local APIC.
 */
#ifndef NACRE_CLOCK_H
#define NACRE_CLOCK_H

#include "acpi.h"

/* Measures the TSC and the timer; time 0 is now. */
void clock_initialize(const struct acpi_facts *facts);

/* Says how time is measured. */
void clock_print(void);

/* The timer interrupt came: tells the core if it is time. */
void clock_timer_fired(void);

#endif
