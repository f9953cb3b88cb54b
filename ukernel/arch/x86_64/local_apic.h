/* SPDX-License-Identifier: MIT */
/*
 * The local APIC of this CPU: acknowledging interrupts, and its timer.
 */
#ifndef NACRE_LOCAL_APIC_H
#define NACRE_LOCAL_APIC_H

#include "types.h"

enum legacy_wire {
	LEGACY_IGNORED,
	LEGACY_WIRED, /* 8259s deliver through this CPU's LINT0 */
};

void local_apic_initialize(enum legacy_wire legacy);

/* Physical address of its page. */
uint64_t local_apic_address(void);

void local_apic_end_interrupt(void);

/* What a device writes where, to raise @vector on this CPU. (SDM vol. 3A, 10.11) */
uint64_t local_apic_message_address(void);

enum local_apic_timer {
	LOCAL_APIC_TIMER_COUNT,    /* counts down once from what local_apic_timer_start() is given */
	LOCAL_APIC_TIMER_DEADLINE, /* fires at the time in MSR_TSC_DEADLINE */
};

void local_apic_timer_mode(enum local_apic_timer mode);
void local_apic_timer_start(uint32_t count);
uint32_t local_apic_timer_left(void);

#endif
