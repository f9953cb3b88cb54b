/* SPDX-License-Identifier: MIT */
/*
 * Interrupts and the two controllers they come through. Read interrupts.c first.
 */
#ifndef NACRE_INTERRUPTS_H
#define NACRE_INTERRUPTS_H

#include "types.h"

/* Acknowledges and notes interrupt @vector. */
void interrupt_record(unsigned int vector);

/*
 * Called by entry.S before it leaves: tells the core what was noted, and waits while nobody is
 * current.
 */
void interrupts_settle(void);

/* io_apic.c: the CPU has taken an interrupt of @line; one that would come again at once is masked. */
void line_taken(unsigned int line);

/* local_apic.c: the controller of this CPU, and its timer. */
void local_apic_initialize(void);
uint64_t local_apic_address(void); /* physical */
void local_apic_end_interrupt(void);

/* What a device writes where, to raise a vector on this CPU. (SDM vol. 3A, 10.11) */
uint64_t local_apic_message_address(void);

enum local_apic_timer {
	LOCAL_APIC_TIMER_COUNT,    /* counts down once from what local_apic_timer_start() is given */
	LOCAL_APIC_TIMER_DEADLINE, /* fires at the time in MSR_TSC_DEADLINE */
};

void local_apic_timer_mode(enum local_apic_timer mode);
void local_apic_timer_start(uint32_t count);
uint32_t local_apic_timer_left(void);

#endif
