/* SPDX-License-Identifier: MIT */
/*
 * Random numbers (SplitMix64, Steele, Lea and Flood 2014). Read random.h first.
 */
#include "random.h"

#include <nacre/abi/label.h>

#include <first/child.h>
#include <first/machine.h>

uint64_t random_next(struct random *random) {
	uint64_t value = random->state += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

uint64_t random_below(struct random *random, uint64_t limit) { return random_next(random) % limit; }

int random_one_in(struct random *random, uint64_t odds) { return random_below(random, odds) == 0; }

uint64_t random_edge(struct random *random) {
	static const uint64_t bases[] = {
		0,
		1,
		8,
		64,
		4096,
		SLOT_COUNT,
		UINT64_C(1) << 21,
		UINT64_C(1) << 32,
		UINT64_C(1) << 52,
		UINT64_C(1) << 63,
		ADDRESS_END,
		UINT64_C(0x800000000000),
		UINT64_C(0xffff800000000000),
		UINT64_C(0xffffffff80100000),
		UINT64_C(0x400000000000),
		SCRATCH,
		CHILD_SCRATCH,
		CHILD_ACTORS,
		UINT64_C(0x100400000),
	};
	const uint64_t base = bases[random_below(random, sizeof(bases) / sizeof(bases[0]))];

	switch (random_below(random, 8)) {
	case 0: return random_next(random);
	case 1: return base - 1;
	case 2: return base - 4096;
	case 3: return base + random_below(random, 64) * 4096;
	case 4: return base + random_below(random, 16);
	case 5: return random_below(random, 130);
	case 6: return -random_below(random, 3) - 1;
	default: return base;
	}
}
