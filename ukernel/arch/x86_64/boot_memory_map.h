/* SPDX-License-Identifier: MIT */
/*
 * What lies where in physical memory, as boot finds it out.
 */
#ifndef NACRE_BOOT_MEMORY_MAP_H
#define NACRE_BOOT_MEMORY_MAP_H

#include <nacre/abi/boot.h>

#include "arch.h"

/* Beside BOOT_RANGE_*: in no range that the core is told of. */
#define MEMORY_KEPT 0u

#define MEMORY_RANGES_MAX 512u

struct memory_map {
	struct machine_range
		ranges[MEMORY_RANGES_MAX]; /* sorted, not overlapping, in whole pages */
	unsigned int range_count;
	uint64_t total; /* bytes of RAM */
	uint64_t kept;  /* bytes of RAM the kernel keeps */
};

extern struct memory_map memory_map;

/* Firmware's map comes as a number of entries of one loader's format. */
struct memory_entry {
	uint64_t start, size;
	uint32_t type; /* MEMORY_ENTRY_* */
};

/* Types of the BIOS memory map, which both loaders use. (ACPI 6.4, table 15.4) */
#define MEMORY_ENTRY_RAM      1u
#define MEMORY_ENTRY_ACPI     3u
#define MEMORY_ENTRY_ACPI_NVS 4u

/* Reads entry @index into @entry; 0 past the last. */
typedef int (*memory_entry_read_t)(unsigned int index, struct memory_entry *entry);

/*
 * Makes the map from what firmware says: RAM, then on top of it all that is not RAM, then the
 * kernel itself.
 */
void memory_map_initialize(memory_entry_read_t read);

/*
 * Turns what only boot needed into ordinary memory. Nothing may be taken from the map afterwards.
 */
void memory_map_free_boot(void);

/* Whatever was at [@start, @end) before, it is of @type now. Page-aligned. */
void memory_map_assign(uint64_t start, uint64_t end, uint32_t type, uint32_t module);

/* True if all of [@start, @end) is free RAM. */
int memory_map_is_free(uint64_t start, uint64_t end);

/* Takes a page of RAM below 4 GiB for the kernel, for ever. Not cleared. */
struct physical_address memory_map_take_page(void);

#endif
