/* SPDX-License-Identifier: MIT */
/*
 * The steps of boot, and what the two loaders' readers have in common. Read boot.c first.
 */
#ifndef NACRE_BOOT_H
#define NACRE_BOOT_H

#include "boot_memory.h"

/* Only what lies below is reachable while boot runs on the start tables. */
#define BOOT_REACHABLE_END UINT64_C(0x100000000)

/* An entry of firmware's memory map, in the format that both loaders use. (ACPI 6.4, 15.4) */
struct memory_entry {
	uint64_t start, size;
	uint32_t type; /* MEMORY_ENTRY_* */
};

#define MEMORY_ENTRY_RAM      1u
#define MEMORY_ENTRY_RESERVED 2u

/* Who has started the kernel, and where its copy of firmware's memory map lies. */
struct loader {
	const char *name;
	const void *entries; /* the first struct memory_entry */
	uint64_t entry_count;
	uint64_t entry_size; /* from one entry to the next */
};

/* The object at physical address @address if all @size bytes can be reached, else NULL. */
static inline const void *boot_reach(uint64_t address, uint64_t size) {
	if (address == 0 || address >= BOOT_REACHABLE_END || size > BOOT_REACHABLE_END - address) return NULL;
	return arch_direct((struct physical_address){address});
}

/*
 * The two loaders: they note modules, command line and ACPI's root pointer in @info. @address is
 * what was in ebx. They panic if it is not what it should be.
 */
#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u
struct loader multiboot2_read(uint64_t address, struct boot_info *info);
struct loader pvh_read(uint64_t address, struct boot_info *info);

/* Notes a module, or the command line: it ends at a zero or after @size bytes, and is cut where room ends. */
void boot_note_module(struct boot_info *info, uint64_t start, uint64_t size);
void boot_note_command_line(struct boot_info *info, const char *text, uint64_t size);

/* ARCH_FEATURE_* that the CPU has and the kernel uses. */
extern uint64_t processor_features;

/* Segments, interrupt gates and stacks of this CPU; exceptions are told in words from here on. */
void descriptors_initialize(void);

/* Switches on what the kernel uses of the CPU; panics if something needed is missing. */
void processor_initialize(void);

/*
 * Builds the final page tables: all RAM of the memory map, the kernel image, and room for devices;
 * and loads them. Afterwards physical memory can be reached through arch_direct() only.
 */
void page_tables_initialize(void);

/* Silences the 8259s and sets up the local APIC. */
void interrupts_initialize(void);

/* Finds the rates of TSC and timer, says how, and starts time at 0. */
void clock_initialize(void);

/* The first serial port. */
void serial_initialize(void);

#endif
