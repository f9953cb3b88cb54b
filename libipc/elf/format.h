/* SPDX-License-Identifier: MIT */
/*
 * ELF64 as it lies in a file: only the fields and values that a loader needs.
 *
 * Owns the layout. Source: System V ABI, chapter 4 (ELF header) and 5 (program header).
 */
#ifndef NACRE_ELF_FORMAT_H
#define NACRE_ELF_FORMAT_H

#include <stdint.h>

struct elf_file_header {
	uint8_t magic[4];
	uint8_t class;
	uint8_t byte_order;
	uint8_t identification_version;
	uint8_t padding[9];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t program_headers_offset;
	uint64_t section_headers_offset;
	uint32_t flags;
	uint16_t header_size;
	uint16_t program_header_size;
	uint16_t program_header_count;
	uint16_t section_header_size;
	uint16_t section_header_count;
	uint16_t section_names_index;
};

struct elf_program_header {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t address;
	uint64_t physical_address;
	uint64_t file_size;
	uint64_t memory_size;
	uint64_t alignment;
};

_Static_assert(sizeof(struct elf_file_header) == 64, "ELF64");
_Static_assert(sizeof(struct elf_program_header) == 56, "ELF64");

#define FORMAT_CLASS_64       2
#define FORMAT_LITTLE_ENDIAN  1
#define FORMAT_VERSION        1
#define FORMAT_TYPE_FIXED     2 /* ET_EXEC */
#define FORMAT_TYPE_SHARED    3 /* ET_DYN: what a static-PIE is */
#define FORMAT_MACHINE_X86_64 62

#define FORMAT_SEGMENT_LOAD        1u
#define FORMAT_SEGMENT_INTERPRETER 3u
#define FORMAT_SEGMENT_STACK       UINT32_C(0x6474e551) /* PT_GNU_STACK */

#define FORMAT_FLAG_EXECUTE 1u
#define FORMAT_FLAG_WRITE   2u

#endif
