/* SPDX-License-Identifier: MIT */
/*
 * Memory while booting: the map of what lies where, taking from it, and frame descriptors for the rest.
 *
 * The only allocator there is, and it ends with boot. The map is what root is shown (struct boot_info).
 */
#ifndef NACRE_CORE_BOOT_MEMORY_H
#define NACRE_CORE_BOOT_MEMORY_H

#include <nacre/abi/boot.h>

#include "capability.h"
#include "frame.h"

/* Where the map ends: no machine has more address bits. */
#define BOOT_MAP_END (UINT64_C(1) << 52)

/* Begins with a map of nothing in @info, which is zeroed but for what the boot loader said. */
void boot_map_start(struct boot_info *info);

/* Whatever was at [@start, @end) before, it is of @type now. Page-aligned. */
void boot_map_assign(uint64_t start, uint64_t end, enum boot_range_type type);

/* The range that @address lies in. */
struct boot_range boot_map_find(uint64_t address);

/* Bytes of RAM. */
uint64_t boot_map_total(void);

/*
 * Takes @size bytes below physical address @limit for the kernel, for ever: page-aligned and zeroed. They come from the
 * top of the largest range of RAM, so that low memory, which some devices and other CPUs' start need, is left. Panics
 * with the amount needed if there is too little memory.
 */
void *boot_take(uint64_t size, uint64_t limit);

/* Makes frame descriptors for all RAM. From here on boot_take() keeps them right. */
void boot_frames_start(void);

/* One zeroed frame of the kernel's. */
struct frame *boot_frame(void);

#endif
