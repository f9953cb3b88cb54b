/* SPDX-License-Identifier: MIT */
/*
 * The attacker: a thread that does random system calls with all it has got.
 */
#ifndef HOSTILE_ATTACKER_H
#define HOSTILE_ATTACKER_H

#include <nacre/abi/utcb.h>

/* Slots of an attacker's space that hold something at first; the rest up to 127 are empty. */
#define ATTACKER_SLOTS 24u

/* What it is told, in its copy of this program. */
struct attack {
	uint64_t seed;
	uint64_t steps;
	volatile uint64_t done;
	struct utcb *utcb;
	struct utcb *other; /* a sibling's UTCB, to write to */
};

_Noreturn void attacker_run(struct attack *attack);

#endif
