/* SPDX-License-Identifier: MIT */
/*
 * Samples: what they cost to take, their order, how they are printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

#define STAMP_PAIRS 16u

/*
 * Pairs of stamps with nothing between them. Where the counter counts instructions, each pair is as far apart as
 * the next unless an interrupt comes between; where it counts time, few are.
 */
struct stamps {
	uint64_t cost;      /* of the cheapest pair: what every sample holds beside what it measures */
	unsigned int alike; /* pairs that cost just that; 0: not taken yet */
};

static const struct stamps *stamps_get(void) {
	static struct stamps stamps;

	if (stamps.alike != 0) return &stamps;
	for (unsigned int pair = 0; pair < STAMP_PAIRS; pair++) {
		uint64_t start = measure_stamp();
		uint64_t cost = measure_stamp() - start;
		if (pair == 0 || cost < stamps.cost) stamps = (struct stamps){cost, 0};
		stamps.alike += cost == stamps.cost;
	}
	return &stamps;
}

static const char *unit(void) { return stamps_get()->alike > STAMP_PAIRS * 3 / 4 ? "instructions" : "ticks"; }

void measure_add(struct measure *measure, uint64_t start, uint64_t end) {
	uint64_t cost = stamps_get()->cost;
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
	printf("bench %s %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %u\n", name, unit(), samples[0],
	       samples[MEASURE_RUNS / 2], samples[MEASURE_RUNS - 1], MEASURE_RUNS);
}
