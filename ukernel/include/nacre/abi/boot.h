/* SPDX-License-Identifier: MIT */
/*
 * How a program starts: registers of a first thread, and what the first program is told of the machine.
 *
 * Registers of the first thread of any context: rdi slot base, rsi UTCB address, rdx window base,
 * rcx window size in bytes, r8 address of struct boot_info (0 unless this is the machine's first
 * program), r9 load address of the program image (start of its ELF header).
 * The stack pointer is 16-byte aligned. Slots are counted from the slot base (START_SLOT_*).
 */
#ifndef NACRE_ABI_BOOT_H
#define NACRE_ABI_BOOT_H

#include <stdint.h>

#define START_SLOT_SPACE  0u /* control of the own space */
#define START_SLOT_PARENT 1u /* the parent (parent protocol); empty for the machine's first program */
#define START_SLOT_COUNT  2u

/* Only for the machine's first program, from the same slot base. */
#define BOOT_SLOT_INTERRUPTS 2u
#define BOOT_SLOT_PORTS      3u
#define BOOT_SLOT_COUNT      4u

#define BOOT_INFO_MAGIC UINT64_C(0x306f666e6972634e) /* "Ncrinfo0" */

enum boot_range_type {
	BOOT_RANGE_MEMORY = 1,   /* ordinary memory, held at `hold` */
	BOOT_RANGE_MODULE = 2,   /* memory that holds a boot module, held at `hold` */
	BOOT_RANGE_FIRMWARE = 3, /* ACPI tables and other reserved memory, held at `hold` as device memory */
	BOOT_RANGE_DEVICE = 4,   /* memory-mapped devices, held at `hold` as device memory */
};

/* One run of physical memory. All are multiples of 4 KiB; ranges are sorted and do not overlap. */
struct boot_range {
	uint64_t physical;
	uint64_t size;
	uint64_t hold; /* address in the first program's space at which its holds start */
	uint32_t type;
	uint32_t module; /* BOOT_RANGE_MODULE: index in modules */
};

struct boot_module {
	uint64_t physical; /* 4 KiB aligned */
	uint64_t size;     /* in bytes, as loaded; the pages' rest is zero or slack of the loader */
	char name[48];     /* its command line, cut, zero-terminated */
};

struct boot_info {
	uint64_t magic;
	uint32_t abi_version;
	uint32_t size;      /* of all of it, in bytes */
	uint32_t cpu_count; /* CPUs found; the kernel runs on cpu_running of them */
	uint32_t cpu_running;
	uint64_t memory_total;  /* bytes of RAM found */
	uint64_t kernel_memory; /* bytes of RAM the kernel kept: image, per-CPU areas, frame descriptors, root's objects
	                         */
	uint64_t acpi_rsdp;     /* physical address, 0 if none */
	uint64_t slots_free_first; /* first slot number not used at start; slots up to slots_backed are usable */
	uint64_t slots_backed;
	uint32_t interrupt_lines; /* 0..n-1 are IOAPIC pins (ISA overrides are applied: ISA IRQ n is line n) */
	uint32_t range_count;
	uint32_t module_count;
	uint32_t command_line; /* offset in bytes from the start of this structure, zero-terminated text */
	uint32_t ranges;       /* offset of struct boot_range[range_count] */
	uint32_t modules;      /* offset of struct boot_module[module_count] */
};

#endif
