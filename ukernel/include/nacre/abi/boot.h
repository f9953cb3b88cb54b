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

/* The whole system: root, the servers of the standard boot script and a shell. */
#define BOOT_MEMORY_NEEDED (UINT64_C(16) << 20)

#define BOOT_INFO_MAGIC UINT64_C(0x316f666e6972634e) /* "Ncrinfo1" */

#define BOOT_RANGES_MAX        512u
#define BOOT_MODULES_MAX       64u
#define BOOT_COMMAND_LINE_SIZE 2048u
#define BOOT_RSDP_SIZE         36u

/* All RAM is of type MEMORY, MODULE or KERNEL. All but NONE and KERNEL are held by the first program. */
enum boot_range_type {
	BOOT_RANGE_NONE = 0,     /* nothing that the kernel knows of, or a device of its own */
	BOOT_RANGE_MEMORY = 1,   /* ordinary memory */
	BOOT_RANGE_MODULE = 2,   /* one boot module */
	BOOT_RANGE_FIRMWARE = 3, /* ACPI tables and other reserved memory, held as device memory */
	BOOT_RANGE_DEVICE = 4,   /* memory-mapped devices, held as device memory */
	BOOT_RANGE_KERNEL =
		5, /* kept by the kernel: image, page tables, frame descriptors, the first program's image */
};

/* One run of physical memory. All are multiples of 4 KiB; ranges are sorted and leave nothing out. */
struct boot_range {
	uint64_t physical;
	uint64_t size;
	uint64_t type;
};

struct boot_module {
	uint64_t physical; /* 4 KiB aligned */
	uint64_t size;     /* in bytes, as loaded; the last page's rest is zero or slack of the loader */
};

/* Lies in pages that the first program can read. Memory at physical address p is held at `holds` + p. */
struct boot_info {
	uint64_t magic;
	uint32_t abi_version;
	uint32_t slots_free_first; /* first slot number not used at start; slots up to slots_backed are usable */
	uint32_t slots_backed;
	uint32_t module_count; /* 0 is the first program's image, 1 the root file system */
	uint32_t range_count;
	uint8_t acpi_rsdp[BOOT_RSDP_SIZE]; /* ACPI's root pointer as the loader tells it, 0 if it does not */
	uint64_t holds;
	uint64_t memory_total;                     /* bytes of RAM found */
	char command_line[BOOT_COMMAND_LINE_SIZE]; /* zero-terminated */
	struct boot_module modules[BOOT_MODULES_MAX];
	struct boot_range ranges[BOOT_RANGES_MAX];
};

#define BOOT_PROGRAM_MAGIC UINT64_C(0x31746f6f7272634e) /* "Ncrroot1" */

/*
 * The first program's file: a page that begins so, then the program as it lies in memory, zeroed data included. It may
 * be followed by the root file system's archive, which then is module 1. Pages up to `code` can be read, then
 * read and executed up to `constants`, read up to `data`, read and written up to `end`.
 */
struct boot_program {
	uint64_t magic;
	uint64_t code, constants, data, end; /* multiples of 4 KiB, counted from the program's first page */
	uint64_t entry;
};

#endif
