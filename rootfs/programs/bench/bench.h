/* SPDX-License-Identifier: MIT */
/*
 * What the benchmark groups share: measuring, the peer in another space, printing.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/capability.h>

/* Time stamp counter: instructions under QEMU's instruction clock, ticks of time elsewhere. */
static inline uint64_t measure_stamp(void) {
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Samples of one benchmark; the first are thrown away (warm-up). */
#define MEASURE_RUNS    64u
#define MEASURE_WARM_UP 8u

struct measure {
	uint64_t samples[MEASURE_RUNS];
	size_t count; /* warm-up included */
};

/* Adds what lies between two stamps, less what stamping costs. */
void measure_add(struct measure *measure, uint64_t start, uint64_t end);

/* True until there are samples enough. */
static inline int measure_goes_on(const struct measure *measure) {
	return measure->count < MEASURE_RUNS + MEASURE_WARM_UP;
}

/* Prints `bench NAME UNIT MIN MEDIAN MAX RUNS`. */
void measure_print(struct measure *measure, const char *name);

/* Starts /bin/bench-peer as a context of its own and finds its queue. The same one for all groups. */
NACRE_MUST_CHECK error_t peer_get(capability_t *peer_out);

/* Ends it, if it was started. */
void peer_end(void);

/* The groups. */
NACRE_MUST_CHECK error_t bench_ipc(void);
NACRE_MUST_CHECK error_t bench_fault(void);
NACRE_MUST_CHECK error_t bench_map(void);
NACRE_MUST_CHECK error_t bench_context(void);

#endif
