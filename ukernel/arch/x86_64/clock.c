/* SPDX-License-Identifier: MIT */
/*
 * Kernel time and the one timer.
 *
 * Time is the TSC times a factor. The TSC of a running CPU only grows, so time never goes back. The
 * timer is the local APIC's, in deadline mode if the CPU has that. Setting it later than it is
 * armed leaves the hardware alone: it fires early once, and the core, which is told of it, sets it
 * again. That is cheaper than writing it at every switch.
 */
#include "clock.h"

#include "cpu_area.h"
#include "instructions.h"

/*
 * ns. A counting timer is set again as often as it takes: 32 bits may be no more than a few
 * seconds.
 */
#define TIMER_LONGEST UINT64_C(1000000000)

struct clock_rates clock_rates;

static uint64_t scale(uint64_t value, uint64_t factor) { return (uint64_t)((unsigned __int128)value * factor >> 32); }

struct arch_clock_facts arch_clock_facts(void) {
	return clock_rates.tsc;
}

uint64_t arch_time_now(void) { return scale(tsc_read() - clock_rates.tsc.tsc_zero, clock_rates.tsc.multiplier); }

/* Rounded up, so that it is time when it fires; a time that is past fires at once. */
static void timer_arm(uint64_t time) {
	cpu_area()->timer_armed = time;
	if (clock_rates.timer == LOCAL_APIC_TIMER_DEADLINE) {
		msr_write(MSR_TSC_DEADLINE, clock_rates.tsc.tsc_zero + scale(time, clock_rates.ticks_per_ns) + 2);
		return;
	}
	uint64_t now = arch_time_now();
	uint64_t delay = time > now ? time - now : 0;
	if (delay > TIMER_LONGEST) delay = TIMER_LONGEST;
	uint64_t count = scale(delay, clock_rates.timer_ticks_per_ns) + 1;
	local_apic_timer_start(count < UINT32_MAX ? (uint32_t)count : UINT32_MAX);
}

void arch_timer_set(uint64_t time) {
	struct cpu_area *area = cpu_area();

	area->timer_wanted = time;
	if (time < area->timer_armed) timer_arm(time);
}

void clock_timer_fired(void) {
	struct cpu_area *area = cpu_area();

	area->timer_armed = TIME_NEVER;
	area->timer_wanted = TIME_NEVER;
	kernel_timer();
}
