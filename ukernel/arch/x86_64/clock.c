/* SPDX-License-Identifier: MIT */
/*
 * Kernel time and the one timer.
 *
 * Time is the TSC times a factor. The TSC of a running CPU only grows, so time never goes back. The timer is the
 * local APIC's, in deadline mode if the CPU has that. Setting it later than it is armed leaves the hardware alone: it
 * fires early once and is armed again, which is cheaper than writing it at every switch.
 */
#include "clock.h"

#include <nacre/abi/feature.h>

#include "arch.h"
#include "cpu_area.h"
#include "instructions.h"
#include "local_apic.h"
#include "panic.h"
#include "processor.h"
#include "reference_clock.h"

#define NS_PER_SECOND     UINT64_C(1000000000)
#define FS_PER_NS         UINT64_C(1000000)
#define CALIBRATION_NS    (10 * UINT64_C(1000000))
#define CALIBRATION_TRIES 4u
/* A CPU that ran slower could not be told from one whose clocks do not run. */
#define TICKS_PER_SECOND_LEAST UINT64_C(1000000)

#define CPUID_HYPERVISOR (1u << 31) /* CPUID 1, ecx */
#define CPUID_DEADLINE   (1u << 24)

static struct {
	const char *source;
	uint64_t ticks_per_second;
	uint64_t tsc_zero;
	uint64_t multiplier; /* ns per tick of the TSC << 32 */
	uint64_t inverse;    /* ticks of the TSC per ns << 32 */
	uint64_t timer_rate; /* ticks of the timer per ns << 32 */
	enum local_apic_timer timer;
} clock;

static uint64_t scale(uint64_t value, uint64_t factor)
{
	return (uint64_t)((unsigned __int128)value * factor >> 32);
}

/* @numerator << 32 / @denominator */
static uint64_t ratio(uint64_t numerator, uint64_t denominator)
{
	uint64_t whole = numerator / denominator, rest = numerator % denominator;

	return whole << 32 | ((rest << 32) / denominator);
}

/* One look at all clocks at once. */
struct sample {
	uint64_t tsc;
	uint32_t reference, timer;
};

/* Of several looks the one that took least: it was not disturbed. */
static struct sample sample_take(const struct reference_clock *reference)
{
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

static void calibrate(const struct reference_clock *reference)
{
	uint64_t length = CALIBRATION_NS * FS_PER_NS / reference->femtoseconds;

	local_apic_timer_start(UINT32_MAX);
	struct sample first = sample_take(reference), last;
	uint64_t ticks;
	do {
		last = sample_take(reference);
		ticks = (last.reference - first.reference) & reference->mask;
	} while (ticks < length);
	local_apic_timer_start(0);

	uint64_t ns = ticks * reference->femtoseconds / FS_PER_NS;
	clock.ticks_per_second = (last.tsc - first.tsc) * NS_PER_SECOND / ns;
	clock.timer_rate = ratio(first.timer - last.timer, ns);
	clock.source = reference->name;
}

/* Some CPUs and hypervisors say how fast the TSC is, which beats measuring. 0: not told. */
static uint64_t ticks_per_second_told(void)
{
	if (cpuid_read(1, 0).ecx & CPUID_HYPERVISOR) {
		if (cpuid_read(0x40000000u, 0).eax >= 0x40000010u)
			return (uint64_t)cpuid_read(0x40000010u, 0).eax * 1000;
		return 0;
	}
	if (cpuid_read(0, 0).eax < 0x15)
		return 0;
	struct cpuid leaf = cpuid_read(0x15, 0);
	return leaf.eax != 0 ? (uint64_t)leaf.ecx * leaf.ebx / leaf.eax : 0;
}

void clock_initialize(const struct acpi_facts *facts)
{
	struct reference_clock reference = reference_clock_start(facts);
	uint64_t told = ticks_per_second_told();

	local_apic_timer_mode(LOCAL_APIC_TIMER_COUNT);
	calibrate(&reference);
	if (told >= TICKS_PER_SECOND_LEAST) {
		clock.ticks_per_second = told;
		clock.source = "CPUID";
	}
	if (clock.ticks_per_second < TICKS_PER_SECOND_LEAST || clock.timer_rate == 0)
		panic("the clocks of this machine do not run: TSC %lu Hz against %s", clock.ticks_per_second, reference.name);

	clock.multiplier = ratio(NS_PER_SECOND, clock.ticks_per_second);
	clock.inverse = ratio(clock.ticks_per_second, NS_PER_SECOND);
	if (cpuid_read(1, 0).ecx & CPUID_DEADLINE)
		clock.timer = LOCAL_APIC_TIMER_DEADLINE;
	local_apic_timer_mode(clock.timer);
	cpu_area()->timer_wanted = TIME_NEVER;
	cpu_area()->timer_armed = TIME_NEVER;
	clock.tsc_zero = tsc_read();
}

void clock_print(void)
{
	console_print("nacre: TSC %lu kHz by %s%s", clock.ticks_per_second / 1000, clock.source,
	              processor_features & ARCH_FEATURE_INVARIANT_TSC ? "" : ", not marked invariant");
}

struct arch_clock_facts arch_clock_facts(void)
{
	return (struct arch_clock_facts){
	        .ticks_per_second = clock.ticks_per_second,
	        .tsc_zero = clock.tsc_zero,
	        .multiplier = clock.multiplier,
	};
}

uint64_t arch_time_now(void)
{
	return scale(tsc_read() - clock.tsc_zero, clock.multiplier);
}

/* Rounded up, so that it is time when it fires; a time that is past fires at once. */
static void timer_arm(uint64_t time)
{
	cpu_area()->timer_armed = time;
	if (clock.timer == LOCAL_APIC_TIMER_DEADLINE) {
		msr_write(MSR_TSC_DEADLINE, clock.tsc_zero + scale(time, clock.inverse) + 2);
		return;
	}
	uint64_t now = arch_time_now();
	uint64_t delay = time > now ? time - now : 0;
	/* What the counter cannot hold fires early and is armed again. */
	uint64_t count = delay < UINT32_MAX ? scale(delay, clock.timer_rate) + 1 : UINT32_MAX;
	local_apic_timer_start(count < UINT32_MAX ? (uint32_t)count : UINT32_MAX);
}

void arch_timer_set(uint64_t time)
{
	struct cpu_area *area = cpu_area();

	area->timer_wanted = time;
	if (time < area->timer_armed)
		timer_arm(time);
}

void clock_timer_fired(void)
{
	struct cpu_area *area = cpu_area();
	uint64_t wanted = area->timer_wanted;

	area->timer_armed = TIME_NEVER;
	if (wanted == TIME_NEVER)
		return;
	if (arch_time_now() < wanted) {
		timer_arm(wanted);
		return;
	}
	area->timer_wanted = TIME_NEVER;
	kernel_timer();
}
