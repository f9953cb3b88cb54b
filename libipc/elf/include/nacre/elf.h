/* SPDX-License-Identifier: MIT */
/*
 * From a program file to a plan of what to map where.
 *
 * Owns the rules for programs (static-PIE ELF64 for x86-64) and the plan's form. Makes no system
 * call and keeps no memory: root and the factories map what the plan says. Read elf_problem.def for
 * what is refused. Source of the format: System V ABI, chapter 4 and 5, and its AMD64 supplement.
 */
#ifndef NACRE_ELF_H
#define NACRE_ELF_H

#include <stddef.h>
#include <stdint.h>

/* 0: nothing wrong. A function that returns one has written its outputs only if it is ELF_FINE. */
enum elf_problem {
	ELF_FINE,
#define ELF_PROBLEM(name, text) ELF_##name,
#include <nacre/elf_problem.def>
#undef ELF_PROBLEM
	ELF_PROBLEM_COUNT
};

#define ELF_HEADER_BYTES 64u
#define ELF_SEGMENTS_MAX 64u

/* Every mappable address is below this: the last page of the lower half cannot be mapped. */
#define ELF_USER_END UINT64_C(0x00007ffffffff000)

/* What the ELF header says: where to read the program headers. Sizes in bytes. */
struct elf_header {
	uint64_t file_size;
	uint64_t entry; /* relative to the load address */
	uint64_t program_headers_offset;
	uint64_t program_headers_size;
};

/*
 * Where the program goes: its ELF header at `load`, its last byte before `limit`; multiples of 4
 * KiB.
 */
struct elf_place {
	uint64_t load;
	uint64_t limit;
};

/*
 * One run of pages to map. `address`, `file_offset` and `size` are multiples of 4 KiB.
 *
 * The first `file_bytes` bytes come from the file, the rest is zero. file_bytes need not be a
 * multiple of 4 KiB: of a writable segment the rest of that page must read as zero (a private
 * copy); of a read-only one whatever follows in the file may be seen there. file_bytes is 0 for
 * pure zero memory.
 */
struct elf_segment {
	uint64_t address;
	uint64_t file_offset;
	uint64_t file_bytes;
	uint64_t size;
	uint32_t rights; /* PAGE_*, never both write and execute */
};

struct elf_plan {
	uint64_t load;       /* address of the ELF header: r9 at start */
	uint64_t entry;      /* address of the first instruction */
	uint64_t end;        /* first address after the last segment, a multiple of 4 KiB */
	uint64_t stack_size; /* bytes the program asks for (PT_GNU_STACK), 0 if it does not say */
	uint32_t segment_count;
	struct elf_segment segments[ELF_SEGMENTS_MAX]; /* in order of address */
};

/*
 * Checks the ELF header of a file of @file_size bytes, of which the first @count are at @bytes.
 * ELF_HEADER_BYTES of them are enough.
 */
enum elf_problem elf_header_read(const void *bytes, size_t count, uint64_t file_size, struct elf_header *header);

/*
 * Checks the program headers, of which @count bytes are at @program_headers, and plans the load.
 * It looks at nothing else of the file, so what it has checked cannot change afterwards.
 */
enum elf_problem elf_plan_make(const struct elf_header *header, const void *program_headers, size_t count,
                               const struct elf_place *place, struct elf_plan *plan);

/* Both steps, for a file that is in memory as a whole. */
enum elf_problem elf_plan_image(const void *image, size_t size, const struct elf_place *place, struct elf_plan *plan);

/* What is wrong and what to do, to follow "NAME: ". */
const char *elf_problem_text(enum elf_problem problem);

#endif
