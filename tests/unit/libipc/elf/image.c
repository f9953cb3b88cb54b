/* SPDX-License-Identifier: MIT */
/*
 * The program and what is done with it. Read image.h first.
 */
#include "image.h"

struct image image;
const struct elf_place place = {.load = LOAD, .limit = LIMIT};
struct elf_plan plan;

struct elf_program_header load(uint64_t offset, uint64_t address, uint64_t file_size, uint64_t memory_size,
                               uint32_t flags) {
	return (struct elf_program_header){
		.type = FORMAT_SEGMENT_LOAD,
		.flags = flags | 4,
		.offset = offset,
		.address = address,
		.file_size = file_size,
		.memory_size = memory_size,
		.alignment = 4096,
	};
}

void given_a_sound_program(void) {
	/* The rest of the file is looked at by nobody. */
	memset(&image, 0, offsetof(struct image, rest));
	memset(&plan, 0xee, sizeof(plan));
	image.file = (struct elf_file_header){
		.magic = {0x7f, 'E', 'L', 'F'},
		.class = FORMAT_CLASS_64,
		.byte_order = FORMAT_LITTLE_ENDIAN,
		.identification_version = FORMAT_VERSION,
		.type = FORMAT_TYPE_SHARED,
		.machine = FORMAT_MACHINE_X86_64,
		.version = FORMAT_VERSION,
		.entry = 0x1010,
		.program_headers_offset = sizeof(struct elf_file_header),
		.program_header_size = sizeof(struct elf_program_header),
		.program_header_count = HEADERS,
	};
	image.program[TEXT] = load(0, 0, 0x400, 0x400, 0);
	image.program[CODE] = load(0x1000, 0x1000, 0x234, 0x234, FORMAT_FLAG_EXECUTE);
	image.program[DATA] = load(0x1238, 0x2238, 0x100, 0x5000, FORMAT_FLAG_WRITE);
	image.program[STACK] = (struct elf_program_header){
		.type = FORMAT_SEGMENT_STACK,
		.memory_size = 0x10000,
	};
}

enum elf_problem planned(void) { return elf_plan_image(&image, sizeof(image), &place, &plan); }

void expect_problem(enum elf_problem problem) {
	struct elf_plan before = plan;

	ck_assert_str_eq(elf_problem_text(planned()), elf_problem_text(problem));
	ck_assert_mem_eq(&plan, &before, sizeof(plan));
}
