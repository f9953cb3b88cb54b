/* SPDX-License-Identifier: MIT */
/*
 * How fast the TSC and the timer run.
 *
 * What the CPU says of its TSC comes first. What is not told is measured for some 25 ms against the
 * PIT, with all clocks read together. (Intel 8254 data sheet; SDM vol. 3B, 18.7.3)
 */
#include <nacre/abi/feature.h>

#include "boot.h"
#include "clock.h"
#include "cpu_area.h"
#include "instructions.h"
#include "panic.h"

#define PIT_TICKS_PER_SECOND UINT64_C(1193182)
#define PIT_CHANNEL2         0x42
#define PIT_COMMAND          0x43
#define PIT_GATES            0x61
#define PIT_GATE2            0x01
#define PIT_SPEAKER          0x02
#define PIT_COUNT_DOWN2      0xb0 /* channel 2, both bytes, counts down from what is written */
#define PIT_LATCH2           0x80

#define NS_PER_SECOND UINT64_C(1000000000)
/* In ticks of the PIT, which wraps at 65536. */
#define CALIBRATION_TICKS     (PIT_TICKS_PER_SECOND / 40)
#define CALIBRATION_TRIES     4u
#define CALIBRATION_LOOKS_MAX 10000000u
/* The measurement is right to about one part in so many. */
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

static void pit_start(void) {
	uint8_t gates = port_read_byte(PIT_GATES);

	port_write_byte(PIT_GATES, (uint8_t)((gates & ~PIT_SPEAKER) | PIT_GATE2));
	port_write_byte(PIT_COMMAND, PIT_COUNT_DOWN2);
	port_write_byte(PIT_CHANNEL2, 0xff);
	port_write_byte(PIT_CHANNEL2, 0xff);
}

static uint32_t pit_left(void) {
	port_write_byte(PIT_COMMAND, PIT_LATCH2);
	uint32_t low = port_read_byte(PIT_CHANNEL2);
	return (uint32_t)port_read_byte(PIT_CHANNEL2) << 8 | low;
}

/* One look at all clocks at once. */
struct sample {
	uint64_t tsc;
	uint32_t pit, timer; /* count down */
};

/* Of several looks the one that took least: it was not disturbed. */
static struct sample sample_take(void) {
	struct sample best = {0};
	uint64_t best_length = UINT64_MAX;

	for (unsigned int try = 0; try < CALIBRATION_TRIES; try++) {
		struct sample sample;
		uint64_t before = tsc_read();
		sample.pit = pit_left();
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
static uint64_t calibrate(void) {
	pit_start();
	local_apic_timer_start(UINT32_MAX);
	struct sample first = sample_take(), last = first;
	for (unsigned int looks = 0; (first.pit - last.pit) % 0x10000 < CALIBRATION_TICKS; looks++) {
		if (looks == CALIBRATION_LOOKS_MAX) panic("the PIT does not run, so that time cannot be told");
		last = sample_take();
	}
	local_apic_timer_start(0);
	uint64_t ticks = (first.pit - last.pit) % 0x10000;
	clock_rates.timer_ticks_per_ns =
		ratio((first.timer - last.timer) * PIT_TICKS_PER_SECOND / ticks, NS_PER_SECOND);
	return (last.tsc - first.tsc) * PIT_TICKS_PER_SECOND / ticks;
}

/* Some CPUs and hypervisors say how fast the TSC is, which beats measuring. 0: not told. */
static uint64_t ticks_per_second_told(void) {
	if (cpuid_read(1, 0).ecx & CPUID_HYPERVISOR) {
		if (cpuid_read(0x40000000u, 0).eax < 0x40000010u) return 0;
		return (uint64_t)cpuid_read(0x40000010u, 0).eax * 1000;
	}
	if (cpuid_read(0, 0).eax < 0x15) return 0;
	struct cpuid leaf = cpuid_read(0x15, 0);
	return leaf.eax != 0 ? (uint64_t)leaf.ecx * leaf.ebx / leaf.eax : 0;
}

/* Most CPUs run at whole MHz: taken where the PIT cannot tell, so that boots agree. */
static uint64_t rate_round(uint64_t rate) {
	uint64_t rounded = (rate + ROUND_RATE / 2) / ROUND_RATE * ROUND_RATE;
	uint64_t difference = rounded > rate ? rounded - rate : rate - rounded;

	return difference < rate / EXACTNESS ? rounded : rate;
}

void clock_initialize(void) {
	uint64_t told = ticks_per_second_told(), rate = told;

	if (cpuid_read(1, 0).ecx & CPUID_DEADLINE) clock_rates.timer = LOCAL_APIC_TIMER_DEADLINE;
	local_apic_timer_mode(LOCAL_APIC_TIMER_COUNT);
	/* Newer machines may have no PIT, but then CPUs tell. */
	if (told == 0 || clock_rates.timer == LOCAL_APIC_TIMER_COUNT) {
		uint64_t measured = calibrate();
		if (told == 0) rate = rate_round(measured);
	}
	if (rate < TICKS_PER_SECOND_LEAST) panic("the clocks of this machine do not run: TSC %lu Hz", rate);
	console_print("nacre: TSC %lu kHz by %s%s", rate / 1000, told ? "CPUID" : "PIT",
	              processor_features & ARCH_FEATURE_INVARIANT_TSC ? "" : ", not said to be invariant");

	local_apic_timer_mode(clock_rates.timer);
	cpu_area()->timer_wanted = TIME_NEVER;
	cpu_area()->timer_armed = TIME_NEVER;
	clock_rates.ticks_per_ns = ratio(rate, NS_PER_SECOND);
	clock_rates.tsc.ticks_per_second = rate;
	clock_rates.tsc.multiplier = ratio(NS_PER_SECOND, rate);
	clock_rates.tsc.tsc_zero = tsc_read();
}
