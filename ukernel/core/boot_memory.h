/* SPDX-License-Identifier: MIT */
/*
 * Memory while booting: what the kernel keeps for itself, and frame descriptors for the rest.
 *
 * The only allocator there is, and it ends with boot: it takes from the top of the largest range of RAM and never gives
 * back.
 */
#ifndef NACRE_CORE_BOOT_MEMORY_H
#define NACRE_CORE_BOOT_MEMORY_H

#include "capability.h"
#include "frame.h"

/* Makes frame descriptors for @machine's RAM. Panics with the amount needed if there is too little memory. */
void boot_memory_start(const struct machine *machine);

/* @size bytes, page-aligned and zeroed. Panics as above. */
void *boot_allocate(uint64_t size);

/* One zeroed frame of the kernel's. */
struct frame *boot_frame(void);

/* @range as it stands now: without what has been taken from it. */
struct machine_range boot_range(const struct machine *machine, unsigned int index);

/* Bytes taken so far. */
uint64_t boot_memory_taken(void);

#endif
