/* SPDX-License-Identifier: MIT */
/*
 * Kernel time and the one timer.
 *
 * Time is the TSC times a factor. The TSC of a running CPU only grows, so time never goes back. How
 * fast it runs the CPU says, or the PIT at boot. The timer is the local APIC's, counting down.
 * Setting it later than it is armed leaves the hardware alone: it fires early once, and the core,
 * which is told of it, sets it again. That is cheaper than writing it at every switch. (Intel 8254
 * data sheet; SDM vol. 3B, 18.7.3)
 */
#include <nacre/abi/feature.h>

#include "boot.h"
#include "cpu_area.h"
#include "instructions.h"
#include "interrupts.h"
#include "numbers.h"
#include "panic.h"

#define NS_PER_SECOND UINT64_C(1000000000)
/* ns. It is set again as often as it takes: 32 bits may be no more than a few seconds. */
#define TIMER_LONGEST NS_PER_SECOND

#define PIT_TICKS_PER_SECOND UINT64_C(1193182)
#define PIT_CHANNEL2         0x42
#define PIT_COMMAND          0x43
#define PIT_GATES            0x61
#define PIT_GATE2            0x01
#define PIT_SPEAKER          0x02
#define PIT_COUNT_DOWN2      0xb0 /* channel 2, both bytes, counts down from what is written */
#define PIT_LATCH2           0x80

/* 5 ms, in ticks of the PIT, which wraps at 65536. */
#define CALIBRATION_TICKS     (PIT_TICKS_PER_SECOND / 200)
#define CALIBRATION_WINDOWS   5u
#define CALIBRATION_TRIES     4u
#define CALIBRATION_LOOKS_MAX 10000000u
/* What is measured is right to about one part in so many. */
#define EXACTNESS       20000u
#define TIMER_EXACTNESS 8192u
#define ROUND_RATE      UINT64_C(1000000)
/* A CPU that ran slower could not be told from one whose clocks do not run. */
#define TICKS_PER_SECOND_LEAST UINT64_C(1000000)

#define CPUID_HYPERVISOR (1u << 31) /* CPUID 1, ecx */

/* Factors are 32.32 fixed point. */
static struct arch_clock_facts tsc;
static uint64_t timer_ticks_per_ns;

static uint64_t scale(uint64_t value, uint64_t factor) { return (uint64_t)((unsigned __int128)value * factor >> 32); }

struct arch_clock_facts arch_clock_facts(void) {
	return tsc;
}

uint64_t arch_time_now(void) { return scale(tsc_read() - tsc.tsc_zero, tsc.multiplier); }

/* Rounded up, so that it is time when it fires; a time that is past fires at once. */
static void timer_arm(uint64_t time) {
	uint64_t now = arch_time_now();
	uint64_t delay = time > now ? time - now : 0;

	cpu_area()->timer_armed = time;
	if (delay > TIMER_LONGEST) delay = TIMER_LONGEST;
	uint64_t count = scale(delay, timer_ticks_per_ns) + 1;
	local_apic_timer_start(count < UINT32_MAX ? (uint32_t)count : UINT32_MAX);
}

void arch_timer_set(uint64_t time) {
	if (time < cpu_area()->timer_armed) timer_arm(time);
}

void clock_timer_fired(void) {
	cpu_area()->timer_armed = TIME_NEVER;
	kernel_timer();
}

/* @numerator << 32 / @denominator */
static BOOT_CODE uint64_t ratio(uint64_t numerator, uint64_t denominator) {
	uint64_t whole = numerator / denominator, rest = numerator % denominator;

	return whole << 32 | ((rest << 32) / denominator);
}

static BOOT_CODE void pit_start(void) {
	port_write_byte(PIT_GATES, (uint8_t)((port_read_byte(PIT_GATES) & ~PIT_SPEAKER) | PIT_GATE2));
	port_write_byte(PIT_COMMAND, PIT_COUNT_DOWN2);
	port_write_byte(PIT_CHANNEL2, 0xff);
	port_write_byte(PIT_CHANNEL2, 0xff);
}

static BOOT_CODE uint32_t pit_left(void) {
	port_write_byte(PIT_COMMAND, PIT_LATCH2);
	uint32_t low = port_read_byte(PIT_CHANNEL2);
	return (uint32_t)port_read_byte(PIT_CHANNEL2) << 8 | low;
}

/* One look at both clocks at once: of several the one that took least, which was not disturbed. */
static BOOT_CODE uint64_t clocks_read(uint32_t *pit) {
	uint64_t best = 0, best_length = UINT64_MAX;

	for (unsigned int try = 0; try < CALIBRATION_TRIES; try++) {
		uint64_t before = tsc_read();
		uint32_t left = pit_left();
		uint64_t length = tsc_read() - before;
		if (length >= best_length) continue;
		best_length = length;
		best = before + length / 2;
		*pit = left;
	}
	return best;
}

/* Most CPUs run at whole MHz: taken where the PIT cannot tell, so that boots agree. */
static BOOT_CODE uint64_t rate_round(uint64_t rate) {
	uint64_t rounded = (rate + ROUND_RATE / 2) / ROUND_RATE * ROUND_RATE;
	uint64_t difference = rounded > rate ? rounded - rate : rate - rounded;

	return difference < rate / EXACTNESS ? rounded : rate;
}

/*
 * Ticks of the TSC per second. A window in which the machine was held up for so long that the PIT wrapped seems
 * shorter than it was and its rate too high, never too low: the lowest of several is right.
 */
static BOOT_CODE uint64_t rate_measured(void) {
	uint64_t lowest = UINT64_MAX;

	pit_start();
	for (unsigned int window = 0; window < CALIBRATION_WINDOWS; window++) {
		uint32_t first = 0, left;
		uint64_t start = clocks_read(&first), now;
		unsigned int looks = 0;
		do {
			if (looks++ == CALIBRATION_LOOKS_MAX)
				panic("the PIT does not run, so that time cannot be told");
			now = clocks_read(&left);
		} while ((first - left) % 0x10000 < CALIBRATION_TICKS);
		uint64_t rate = (now - start) * PIT_TICKS_PER_SECOND / ((first - left) % 0x10000);
		if (rate < lowest) lowest = rate;
	}
	return rate_round(lowest);
}

/* Some CPUs and hypervisors say it, which beats measuring. 0: not told. */
static BOOT_CODE uint64_t rate_told(void) {
	if (cpuid_read(1, 0).ecx & CPUID_HYPERVISOR) {
		if (cpuid_read(0x40000000u, 0).eax < 0x40000010u) return 0;
		return (uint64_t)cpuid_read(0x40000010u, 0).eax * 1000;
	}
	if (cpuid_read(0, 0).eax < 0x15) return 0;
	struct cpuid leaf = cpuid_read(0x15, 0);
	return leaf.eax != 0 ? (uint64_t)leaf.ecx * leaf.ebx / leaf.eax : 0;
}

/*
 * Measures the timer for 10 ms of the TSC. The TSC is looked at first and last: a disturbance makes
 * the timer seem slow, so that it fires early, which does no harm. So the fastest of a few counts,
 * and a little is added for the looks themselves.
 */
static BOOT_CODE uint64_t timer_measure(uint64_t rate) {
	uint64_t start = tsc_read();

	local_apic_timer_start(UINT32_MAX);
	while (tsc_read() - start < rate / 100) continue;
	uint64_t ticks = UINT32_MAX - local_apic_timer_left();
	uint64_t elapsed = tsc_read() - start;
	local_apic_timer_start(0);
	return ratio((ticks + ticks / TIMER_EXACTNESS) * rate / elapsed, NS_PER_SECOND);
}

BOOT_CODE void clock_initialize(void) {
	uint64_t told = rate_told(), rate = told ? told : rate_measured();

	if (rate < TICKS_PER_SECOND_LEAST) panic("the clocks of this machine do not run: TSC %lu Hz", rate);
	console_print("nacre: TSC %lu kHz by %s%s", rate / 1000, told ? "CPUID" : "PIT",
	              processor_features & ARCH_FEATURE_INVARIANT_TSC ? "" : ", not said to be invariant");
	for (unsigned int try = 0; try < CALIBRATION_TRIES; try++) {
		uint64_t measured = timer_measure(rate);
		if (measured > timer_ticks_per_ns) timer_ticks_per_ns = measured;
	}
	cpu_area()->timer_armed = TIME_NEVER;
	tsc = (struct arch_clock_facts){rate, tsc_read(), ratio(NS_PER_SECOND, rate)};
}
