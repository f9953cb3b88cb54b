/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader says, copied out of memory that will be reused.
 */
#ifndef NACRE_BOOT_FACTS_H
#define NACRE_BOOT_FACTS_H

#include "boot_memory_map.h"

#define BOOT_MODULES_MAX 64u
#define BOOT_TEXT_SIZE   8192u

/* Only what lies below is reachable while boot runs on the start tables. */
#define BOOT_REACHABLE_END UINT64_C(0x100000000)

struct boot_facts {
	const char *loader;
	struct machine_module modules[BOOT_MODULES_MAX];
	unsigned int module_count;
	const char *command_line;
	uint64_t acpi_rsdp;                               /* physical address of ACPI's root pointer; 0 if not told */
	enum { RSDP_ORIGINAL, RSDP_COPY } acpi_rsdp_kind; /* a copy lies in memory that will be reused */
	memory_entry_read_t memory_entry_read;

	char text[BOOT_TEXT_SIZE]; /* the strings */
	unsigned int text_used;
};

/*
 * Keeps a copy of the string at @text, which ends at a zero or after @size bytes; cut where room
 * ends. Constants must be copied too: they go when boot code goes.
 */
const char *boot_facts_copy_text(struct boot_facts *facts, const char *text, uint64_t size);

/* Notes a module of @size bytes. */
void boot_facts_add_module(struct boot_facts *facts, uint64_t start, uint64_t size, const char *name);

/* The object at physical address @address if all @size bytes can be reached, else NULL. */
static inline const void *boot_reach(uint64_t address, uint64_t size) {
	if (address == 0 || address >= BOOT_REACHABLE_END || size > BOOT_REACHABLE_END - address) return NULL;
	/* Compilers take constant low addresses for NULL plus an offset. */
	__asm__("" : "+r"(address));
	return (const void *)(uintptr_t)address;
}

/*
 * The two loaders. @info is the physical address that was in ebx. They panic if it is not what it
 * should be.
 */
#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u
void multiboot2_read(struct boot_facts *facts, uint64_t info);
void pvh_read(struct boot_facts *facts, uint64_t info);

#endif
