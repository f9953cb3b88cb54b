/* SPDX-License-Identifier: MIT */
/*
 * What lies where in physical memory, as boot finds it out.
 */
#ifndef NACRE_BOOT_MEMORY_MAP_H
#define NACRE_BOOT_MEMORY_MAP_H

#include <nacre/abi/boot.h>

#include "arch.h"

#define MEMORY_RANGES_MAX 512u

/* Beside BOOT_RANGE_*: in no range that the core is told of. */
#define MEMORY_KEPT 0u

/* An entry of firmware's map, in the format that both loaders use. (ACPI 6.4, 15.4) */
struct memory_entry {
	uint64_t start, size;
	uint32_t type; /* MEMORY_ENTRY_* */
};

#define MEMORY_ENTRY_RAM      1u
#define MEMORY_ENTRY_ACPI     3u
#define MEMORY_ENTRY_ACPI_NVS 4u

/* Reads entry @index into @entry; 0 past the last. */
typedef int (*memory_entry_read_t)(unsigned int index, struct memory_entry *entry);

/* Makes the map from what firmware says: RAM, then all that is not RAM, then the kernel itself. */
void memory_map_initialize(memory_entry_read_t read);

/* Whatever was at [@start, @end) before, it is of @type now. Page-aligned. */
void memory_map_assign(uint64_t start, uint64_t end, uint32_t type, uint32_t module);

/* True if all of [@start, @end) is free RAM. */
int memory_map_is_free(uint64_t start, uint64_t end);

/* Takes a page of RAM below 4 GiB for the kernel, for ever. Not cleared. */
struct physical_address memory_map_take_page(void);

/* Turns what only boot needed into ordinary memory. Nothing may be taken afterwards. */
void memory_map_free_boot(void);

/* Range @index of the map into @range, MEMORY_KEPT ones included; 0 past the last. */
int memory_map_read(unsigned int index, struct machine_range *range);

/* Bytes of RAM that firmware told of, less its data area. */
uint64_t memory_map_total(void);

#endif
