/* SPDX-License-Identifier: MIT */
/*
 * Measures how fast the TSC and the timer run.
 *
 * About 10 ms against a clock of known rate, with all clocks read together; what the CPU says of
 * its TSC comes first.
 */
#include <nacre/abi/feature.h>

#include "boot_reference_clock.h"
#include "clock.h"
#include "cpu_area.h"
#include "instructions.h"
#include "panic.h"
#include "processor.h"

#define NS_PER_SECOND         UINT64_C(1000000000)
#define FS_PER_NS             UINT64_C(1000000)
#define CALIBRATION_NS        (10 * UINT64_C(1000000))
#define CALIBRATION_TRIES     4u
#define CALIBRATION_LOOKS_MAX 10000000u
/* A reference clock is right to about one part in so many. */
#define EXACTNESS  20000u
#define ROUND_RATE UINT64_C(1000000)
/* A CPU that ran slower could not be told from one whose clocks do not run. */
#define TICKS_PER_SECOND_LEAST UINT64_C(1000000)

#define CPUID_HYPERVISOR (1u << 31) /* CPUID 1, ecx */
#define CPUID_DEADLINE   (1u << 24)

/* @numerator << 32 / @denominator */
static uint64_t ratio(uint64_t numerator, uint64_t denominator) {
	uint64_t whole = numerator / denominator, rest = numerator % denominator;

	return whole << 32 | ((rest << 32) / denominator);
}

/* One look at all clocks at once. */
struct sample {
	uint64_t tsc;
	uint32_t reference, timer;
};

/* Of several looks the one that took least: it was not disturbed. */
static struct sample sample_take(const struct reference_clock *reference) {
	struct sample best = {0};
	uint64_t best_length = UINT64_MAX;

	for (unsigned int try = 0; try < CALIBRATION_TRIES; try++) {
		struct sample sample;
		uint64_t before = tsc_read();
		sample.reference = reference->read();
		uint64_t after = tsc_read();
		sample.timer = local_apic_timer_left();
		sample.tsc = before + (after - before) / 2;
		if (after - before < best_length) {
			best_length = after - before;
			best = sample;
		}
	}
	return best;
}

/* Returns ticks of the TSC per second and notes the rate of the timer. */
static uint64_t calibrate(const struct reference_clock *reference) {
	local_apic_timer_start(UINT32_MAX);
	struct sample first = sample_take(reference), last;
	uint64_t ns;
	unsigned int looks = 0;
	do {
		if (looks++ == CALIBRATION_LOOKS_MAX)
			panic("the %s does not run, so that time cannot be told", reference->name);
		last = sample_take(reference);
		uint64_t ticks = (last.reference - first.reference) & reference->mask;
		ns = ticks * reference->femtoseconds / FS_PER_NS;
	} while (ns < CALIBRATION_NS);
	local_apic_timer_start(0);
	clock_rates.timer_ticks_per_ns = ratio(first.timer - last.timer, ns);
	return (last.tsc - first.tsc) * NS_PER_SECOND / ns;
}

/* Some CPUs and hypervisors say how fast the TSC is, which beats measuring. 0: not told. */
static uint64_t ticks_per_second_told(void) {
	if (cpuid_read(1, 0).ecx & CPUID_HYPERVISOR) {
		if (cpuid_read(0x40000000u, 0).eax >= 0x40000010u)
			return (uint64_t)cpuid_read(0x40000010u, 0).eax * 1000;
		return 0;
	}
	if (cpuid_read(0, 0).eax < 0x15) return 0;
	struct cpuid leaf = cpuid_read(0x15, 0);
	return leaf.eax != 0 ? (uint64_t)leaf.ecx * leaf.ebx / leaf.eax : 0;
}

/* Most CPUs run at whole MHz: taken where the reference cannot tell, so that boots agree. */
static uint64_t rate_round(uint64_t rate) {
	uint64_t rounded = (rate + ROUND_RATE / 2) / ROUND_RATE * ROUND_RATE;
	uint64_t difference = rounded > rate ? rounded - rate : rate - rounded;

	return difference < rate / EXACTNESS ? rounded : rate;
}

void clock_initialize(const struct acpi_facts *facts) {
	struct reference_clock reference = reference_clock_start(facts->hpet);

	local_apic_timer_mode(LOCAL_APIC_TIMER_COUNT);
	uint64_t measured = calibrate(&reference), told = ticks_per_second_told();
	uint64_t rate = told >= TICKS_PER_SECOND_LEAST ? told : rate_round(measured);
	if (rate < TICKS_PER_SECOND_LEAST || clock_rates.timer_ticks_per_ns == 0)
		panic("the clocks of this machine do not run: TSC %lu Hz by %s", measured, reference.name);
	console_print("nacre: TSC %lu kHz by %s%s", rate / 1000, rate == told ? "CPUID" : reference.name,
	              processor_features & ARCH_FEATURE_INVARIANT_TSC ? "" : ", not said to be invariant");

	if (cpuid_read(1, 0).ecx & CPUID_DEADLINE) clock_rates.timer = LOCAL_APIC_TIMER_DEADLINE;
	local_apic_timer_mode(clock_rates.timer);
	cpu_area()->timer_wanted = TIME_NEVER;
	cpu_area()->timer_armed = TIME_NEVER;
	clock_rates.ticks_per_ns = ratio(rate, NS_PER_SECOND);
	clock_rates.tsc.ticks_per_second = rate;
	clock_rates.tsc.multiplier = ratio(NS_PER_SECOND, rate);
	clock_rates.tsc.tsc_zero = tsc_read();
}
