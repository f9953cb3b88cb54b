/* SPDX-License-Identifier: MIT */
/*
 * The system call as it is: every register in, every register out.
 *
 * Works on any thread whatever its FS base, unlike libipc's, so that tests can start threads that
 * own nothing but a stack. What the registers mean is nacre/abi/ipc.h's.
 */
#ifndef FIRST_RAW_H
#define FIRST_RAW_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/ipc.h>

struct raw_ipc {
	uint64_t operation; /* rax; afterwards the result */
	uint64_t target;    /* rdi; afterwards the badge */
	uint64_t tag;       /* rsi */
	uint64_t words[IPC_WORDS_IN_REGISTERS];
};

_Static_assert(offsetof(struct raw_ipc, tag) == 16, "raw.S");
_Static_assert(offsetof(struct raw_ipc, words) == 24, "raw.S");

void raw_ipc(struct raw_ipc *ipc);

/* The CPU's time stamp counter. */
static inline uint64_t raw_tsc(void) {
	uint32_t low;
	uint32_t high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#endif
