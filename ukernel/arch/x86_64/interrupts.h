/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: taken and noted wherever they happen, told to the core on the way out.
 */
#ifndef NACRE_INTERRUPTS_H
#define NACRE_INTERRUPTS_H

#include "boot_acpi.h"

/* Finds the controllers and masks all lines. */
void interrupts_initialize(const struct acpi_facts *facts);

/* Acknowledges and notes interrupt @vector. */
void interrupt_record(unsigned int vector);

/*
 * Called by entry.S before it leaves: tells the core what was noted, and waits while nobody is
 * current.
 */
void interrupts_settle(void);

#endif
