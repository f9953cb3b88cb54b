/* SPDX-License-Identifier: MIT */
/*
 * Samples: what they cost to take, their order, how they are printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

const char *measure_unit = "instructions";

/* The cheapest pair of stamps: what every sample holds beside what it measures. */
static uint64_t stamp_cost(void) {
	static uint64_t cost = UINT64_MAX;

	for (unsigned int run = 0; cost == UINT64_MAX && run < 16; run++) {
		uint64_t start = measure_stamp();
		uint64_t end = measure_stamp();
		cost = end - start < cost ? end - start : cost;
	}
	return cost;
}

void measure_add(struct measure *measure, uint64_t start, uint64_t end) {
	uint64_t cost = stamp_cost();
	uint64_t length = end - start;

	if (measure->count >= MEASURE_WARM_UP)
		measure->samples[measure->count - MEASURE_WARM_UP] = length > cost ? length - cost : 0;
	measure->count++;
}

static int compare_samples(const void *left, const void *right) {
	const uint64_t *a = left;
	const uint64_t *b = right;

	return (*a > *b) - (*a < *b);
}

void measure_print(struct measure *measure, const char *name) {
	uint64_t *samples = measure->samples;

	qsort(samples, MEASURE_RUNS, sizeof(*samples), compare_samples);
	printf("bench %s %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %u\n", name, measure_unit, samples[0],
	       samples[MEASURE_RUNS / 2], samples[MEASURE_RUNS - 1], MEASURE_RUNS);
}
