/* SPDX-License-Identifier: MIT */
/*
 * What a program was started with (nacre/abi/boot.h), and what it has asked its parent for.
 */
#ifndef NACRE_START_H
#define NACRE_START_H

#include <stdint.h>

#include <nacre/abi/boot.h>
#include <nacre/capability.h>

/* As start.S stores it. */
struct start_info {
	uint64_t slot_base;
	uint64_t utcb;
	uint64_t window_base;
	uint64_t window_size;
	const struct boot_info *boot; /* null unless this is the machine's first program */
	uint64_t load_address;        /* of the program image */
};

/* Valid from before main() to the end. */
const struct start_info *start_info(void);

/* Control of the own space. */
capability_t start_space(void);

/* The parent, CAPABILITY_NONE for the machine's first program. */
capability_t start_parent(void);

/* Control of the calling thread. */
capability_t start_thread(void);

/* The own memory instance; CAPABILITY_NONE for the machine's first program. */
capability_t start_memory(void);

#endif
