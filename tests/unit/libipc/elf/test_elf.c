/* SPDX-License-Identifier: MIT */
/*
 * Program files, good and bad: each test takes a sound one and breaks one thing.
 */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/abi/rights.h>
#include <nacre/elf.h>

#include "format.h"

#define LOAD  UINT64_C(0x300400000)
#define LIMIT UINT64_C(0x3fff00000)

enum { TEXT, CODE, DATA, STACK, HEADERS };

/* A sound program: headers and read-only data, code, data with .bss, a stack size. */
static struct image {
	struct elf_file_header file;
	struct elf_program_header program[HEADERS];
	unsigned char rest[0x4000];
} image;

static const struct elf_place place = {.load = LOAD, .limit = LIMIT};
static struct elf_plan plan;

static struct elf_program_header load(uint64_t offset, uint64_t address, uint64_t file_size,
                                      uint64_t memory_size, uint32_t flags)
{
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

static void given_a_sound_program(void)
{
	memset(&image, 0, sizeof(image));
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

static enum elf_problem planned(void)
{
	return elf_plan_image(&image, sizeof(image), &place, &plan);
}

/* The program is refused for @problem and the plan is not touched. */
static void expect_problem(enum elf_problem problem)
{
	struct elf_plan before = plan;

	ck_assert_str_eq(elf_problem_text(planned()), elf_problem_text(problem));
	ck_assert_mem_eq(&plan, &before, sizeof(plan));
}

START_TEST(a_sound_program_becomes_its_segments_in_order_of_address)
{
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segment_count, 3);
	ck_assert_uint_eq(plan.load, LOAD);
	ck_assert_uint_eq(plan.entry, LOAD + 0x1010);
	ck_assert_uint_eq(plan.end, LOAD + 0x8000);
	ck_assert_uint_eq(plan.stack_size, 0x10000);
	ck_assert_uint_eq(plan.segments[0].rights, PAGE_READ);
	ck_assert_uint_eq(plan.segments[1].rights, PAGE_READ | PAGE_EXECUTE);
	ck_assert_uint_eq(plan.segments[2].rights, PAGE_READ | PAGE_WRITE);
}
END_TEST

START_TEST(a_segment_that_starts_inside_a_page_takes_the_whole_page)
{
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[2].address, LOAD + 0x2000);
	ck_assert_uint_eq(plan.segments[2].file_offset, 0x1000);
	ck_assert_uint_eq(plan.segments[2].file_bytes, 0x338);
	ck_assert_uint_eq(plan.segments[2].size, 0x6000);
}
END_TEST

START_TEST(a_segment_without_file_bytes_is_zero_memory)
{
	image.program[DATA] = load(0x1000, 0x2000, 0, 0x1000, FORMAT_FLAG_WRITE);
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[2].file_bytes, 0);
	ck_assert_uint_eq(plan.segments[2].size, 0x1000);
}
END_TEST

START_TEST(segments_out_of_order_are_sorted)
{
	struct elf_program_header swapped = image.program[TEXT];

	image.program[TEXT] = image.program[DATA];
	image.program[DATA] = swapped;
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[0].address, LOAD);
	ck_assert_uint_eq(plan.segments[2].address, LOAD + 0x2000);
}
END_TEST

START_TEST(an_empty_segment_is_left_out)
{
	image.program[STACK] = load(0, 0x2000, 0, 0, FORMAT_FLAG_WRITE);
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segment_count, 3);
}
END_TEST

START_TEST(text_is_not_a_program)
{
	image.file.magic[0] = '#';
	expect_problem(ELF_NOT_ELF);
}
END_TEST

START_TEST(an_empty_file_is_not_a_program)
{
	ck_assert_int_eq(elf_plan_image(&image, 0, &place, &plan), ELF_NOT_ELF);
	ck_assert_int_eq(elf_plan_image(&image, 3, &place, &plan), ELF_NOT_ELF);
}
END_TEST

START_TEST(every_length_that_cuts_a_header_is_refused_in_its_own_words)
{
	for (size_t size = 4; size < sizeof(struct elf_file_header); size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan), ELF_HEADER_TRUNCATED);
	for (size_t size = sizeof(struct elf_file_header); size < offsetof(struct image, rest);
	     size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan),
		                 ELF_PROGRAM_HEADERS_TRUNCATED);
	for (size_t size = offsetof(struct image, rest); size < 0x1338; size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan),
		                 ELF_SEGMENT_BEYOND_FILE);
	ck_assert_int_eq(elf_plan_image(&image, 0x1338, &place, &plan), ELF_FINE);
}
END_TEST

START_TEST(a_32_bit_program_is_refused)
{
	image.file.class = 1;
	expect_problem(ELF_CLASS);
}
END_TEST

START_TEST(a_big_endian_program_is_refused)
{
	image.file.byte_order = 2;
	expect_problem(ELF_BYTE_ORDER);
}
END_TEST

START_TEST(an_unknown_version_is_refused)
{
	image.file.version = 2;
	expect_problem(ELF_VERSION);
	given_a_sound_program();
	image.file.identification_version = 0;
	expect_problem(ELF_VERSION);
}
END_TEST

START_TEST(a_program_for_another_machine_is_refused)
{
	image.file.machine = 183;
	expect_problem(ELF_MACHINE);
}
END_TEST

START_TEST(a_program_at_a_fixed_address_is_refused)
{
	image.file.type = FORMAT_TYPE_FIXED;
	expect_problem(ELF_FIXED_ADDRESS);
}
END_TEST

START_TEST(an_object_file_is_refused)
{
	image.file.type = 1;
	expect_problem(ELF_OBJECT_FILE);
	image.file.type = 4;
	expect_problem(ELF_OBJECT_FILE);
}
END_TEST

START_TEST(program_headers_of_another_size_are_refused)
{
	image.file.program_header_size = 32;
	expect_problem(ELF_PROGRAM_HEADER_SIZE);
}
END_TEST

START_TEST(program_headers_past_the_end_of_the_file_are_refused)
{
	image.file.program_headers_offset = sizeof(image) - 10;
	expect_problem(ELF_PROGRAM_HEADERS_TRUNCATED);
	image.file.program_headers_offset = UINT64_MAX - 8;
	expect_problem(ELF_PROGRAM_HEADERS_TRUNCATED);
}
END_TEST

START_TEST(a_program_that_needs_a_dynamic_linker_is_refused)
{
	image.program[STACK].type = FORMAT_SEGMENT_INTERPRETER;
	expect_problem(ELF_INTERPRETER);
}
END_TEST

START_TEST(a_program_with_nothing_to_load_is_refused)
{
	image.file.program_header_count = 0;
	expect_problem(ELF_NO_SEGMENTS);
	image.file.program_header_count = 1;
	image.program[0].type = 0;
	expect_problem(ELF_NO_SEGMENTS);
}
END_TEST

START_TEST(more_segments_than_a_plan_holds_are_refused)
{
	static unsigned char many[0x10000];
	struct elf_program_header *program =
		(struct elf_program_header *)(many + sizeof(struct elf_file_header));

	image.file.program_header_count = ELF_SEGMENTS_MAX + 1;
	memcpy(many, &image.file, sizeof(image.file));
	for (uint64_t index = 0; index <= ELF_SEGMENTS_MAX; index++)
		program[index] = load(0, index * 0x1000, 0x100, 0x100, FORMAT_FLAG_EXECUTE);
	ck_assert_int_eq(elf_plan_image(many, sizeof(many), &place, &plan), ELF_TOO_MANY_SEGMENTS);
	((struct elf_file_header *)many)->program_header_count = ELF_SEGMENTS_MAX;
	ck_assert_int_eq(elf_plan_image(many, sizeof(many), &place, &plan), ELF_FINE);
}
END_TEST

START_TEST(a_segment_past_the_end_of_the_file_is_refused)
{
	image.program[DATA].offset += 0x8000;
	expect_problem(ELF_SEGMENT_BEYOND_FILE);
	image.program[DATA].offset = UINT64_MAX - 0xfffff000 - 0xdc7;
	expect_problem(ELF_SEGMENT_BEYOND_FILE);
}
END_TEST

START_TEST(a_segment_bigger_in_the_file_than_in_memory_is_refused)
{
	image.program[DATA].memory_size = 0xff;
	expect_problem(ELF_SEGMENT_SIZES);
}
END_TEST

START_TEST(a_segment_whose_offset_and_address_disagree_is_refused)
{
	image.program[DATA].address += 8;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
}
END_TEST

START_TEST(a_segment_aligned_to_no_power_of_two_or_coarser_than_a_page_is_refused)
{
	image.program[DATA].alignment = 24;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
	image.program[DATA].alignment = 0x200000;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
}
END_TEST

START_TEST(a_segment_that_reaches_into_the_kernel_is_refused)
{
	image.program[DATA].address = UINT64_C(0xffffffff80000238);
	expect_problem(ELF_SEGMENT_IN_KERNEL);
	image.program[DATA].address = UINT64_C(0x7fff00000238);
	image.program[DATA].memory_size = UINT64_C(0x100000000);
	expect_problem(ELF_SEGMENT_IN_KERNEL);
	image.program[DATA].memory_size = UINT64_MAX;
	expect_problem(ELF_SEGMENT_IN_KERNEL);
}
END_TEST

START_TEST(a_segment_that_leaves_the_window_is_refused)
{
	image.program[DATA].memory_size = LIMIT - LOAD;
	expect_problem(ELF_SEGMENT_BEYOND_WINDOW);
	image.program[DATA].memory_size = LIMIT - LOAD - 0x2238;
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.end, LIMIT);
}
END_TEST

START_TEST(segments_that_share_a_page_are_refused)
{
	image.program[DATA] = load(0x1238, 0x1238, 0x100, 0x100, FORMAT_FLAG_WRITE);
	expect_problem(ELF_SEGMENTS_OVERLAP);
	image.program[DATA] = load(0, 0, 0x400, 0x400, 0);
	expect_problem(ELF_SEGMENTS_OVERLAP);
}
END_TEST

START_TEST(a_segment_both_writable_and_executable_is_refused)
{
	image.program[CODE].flags |= FORMAT_FLAG_WRITE;
	expect_problem(ELF_WRITE_AND_EXECUTE);
}
END_TEST

START_TEST(a_program_whose_header_is_not_loaded_is_refused)
{
	image.program[TEXT].type = 0;
	expect_problem(ELF_HEADER_NOT_LOADED);
	image.program[TEXT] = load(0, 0, 8, 0x400, 0);
	expect_problem(ELF_HEADER_NOT_LOADED);
}
END_TEST

START_TEST(an_entry_point_outside_executable_memory_is_refused)
{
	static const uint64_t outside[] = {0, 0xfff, 0x2000, 0x2300, UINT64_MAX};

	for (size_t index = 0; index < sizeof(outside) / sizeof(outside[0]); index++) {
		image.file.entry = outside[index];
		expect_problem(ELF_ENTRY_OUTSIDE);
	}
}
END_TEST

START_TEST(a_place_that_is_no_place_is_refused)
{
	static const struct elf_place bad[] = {
		{LOAD + 8, LIMIT},
		{LOAD, LIMIT + 8},
		{LIMIT, LOAD},
		{LOAD, ELF_USER_END + 0x1000},
	};

	for (size_t index = 0; index < sizeof(bad) / sizeof(bad[0]); index++)
		ck_assert_int_eq(elf_plan_image(&image, sizeof(image), &bad[index], &plan),
		                 ELF_SEGMENT_BEYOND_WINDOW);
}
END_TEST

START_TEST(every_problem_has_words_of_its_own)
{
	for (int one = 0; one < ELF_PROBLEM_COUNT; one++)
		for (int other = 0; other < one; other++)
			ck_assert_str_ne(elf_problem_text((enum elf_problem)one),
			                 elf_problem_text((enum elf_problem)other));
}
END_TEST

/* What is accepted must keep every promise that nacre/elf.h makes, whatever the bytes were. */
static void expect_promises_kept(size_t size)
{
	bool entry_inside = false;
	uint64_t end = LOAD;

	for (uint32_t index = 0; index < plan.segment_count; index++) {
		const struct elf_segment *segment = &plan.segments[index];

		ck_assert_uint_eq((segment->address | segment->file_offset | segment->size) % 4096,
		                  0);
		ck_assert_uint_ge(segment->address, end);
		ck_assert_uint_gt(segment->size, 0);
		ck_assert_uint_le(segment->size, LIMIT - segment->address);
		ck_assert_uint_le(segment->file_bytes, segment->size);
		if (segment->file_bytes)
			ck_assert_uint_le(segment->file_offset, size - segment->file_bytes);
		ck_assert_uint_ne(segment->rights & (PAGE_WRITE | PAGE_EXECUTE),
		                  PAGE_WRITE | PAGE_EXECUTE);
		end = segment->address + segment->size;
		if ((segment->rights & PAGE_EXECUTE) && plan.entry >= segment->address &&
		    plan.entry < end)
			entry_inside = true;
	}
	ck_assert(entry_inside);
	ck_assert_uint_eq(plan.end, end);
}

START_TEST(damaged_headers_are_refused_or_give_a_plan_that_keeps_its_promises)
{
	static const unsigned char values[] = {0, 1, 2, 4, 0x10, 0x7f, 0x80, 0xff};
	unsigned int accepted = 0;

	srand(4711);
	for (int round = 0; round < 200000; round++) {
		int changes = 1 + rand() % 4;

		given_a_sound_program();
		for (int change = 0; change < changes; change++)
			((unsigned char *)&image)[(size_t)rand() % offsetof(struct image, rest)] =
				values[(size_t)rand() % sizeof(values)];
		if (planned() != ELF_FINE)
			continue;
		expect_promises_kept(sizeof(image));
		accepted++;
	}
	ck_assert_uint_gt(accepted, 1000);
}
END_TEST

static TCase *elf_case(void)
{
	TCase *tests = tcase_create("elf");

	tcase_add_checked_fixture(tests, given_a_sound_program, NULL);
	tcase_add_test(tests, a_sound_program_becomes_its_segments_in_order_of_address);
	tcase_add_test(tests, a_segment_that_starts_inside_a_page_takes_the_whole_page);
	tcase_add_test(tests, a_segment_without_file_bytes_is_zero_memory);
	tcase_add_test(tests, segments_out_of_order_are_sorted);
	tcase_add_test(tests, an_empty_segment_is_left_out);
	tcase_add_test(tests, text_is_not_a_program);
	tcase_add_test(tests, an_empty_file_is_not_a_program);
	tcase_add_test(tests, every_length_that_cuts_a_header_is_refused_in_its_own_words);
	tcase_add_test(tests, a_32_bit_program_is_refused);
	tcase_add_test(tests, a_big_endian_program_is_refused);
	tcase_add_test(tests, an_unknown_version_is_refused);
	tcase_add_test(tests, a_program_for_another_machine_is_refused);
	tcase_add_test(tests, a_program_at_a_fixed_address_is_refused);
	tcase_add_test(tests, an_object_file_is_refused);
	tcase_add_test(tests, program_headers_of_another_size_are_refused);
	tcase_add_test(tests, program_headers_past_the_end_of_the_file_are_refused);
	tcase_add_test(tests, a_program_that_needs_a_dynamic_linker_is_refused);
	tcase_add_test(tests, a_program_with_nothing_to_load_is_refused);
	tcase_add_test(tests, more_segments_than_a_plan_holds_are_refused);
	tcase_add_test(tests, a_segment_past_the_end_of_the_file_is_refused);
	tcase_add_test(tests, a_segment_bigger_in_the_file_than_in_memory_is_refused);
	tcase_add_test(tests, a_segment_whose_offset_and_address_disagree_is_refused);
	tcase_add_test(tests,
	               a_segment_aligned_to_no_power_of_two_or_coarser_than_a_page_is_refused);
	tcase_add_test(tests, a_segment_that_reaches_into_the_kernel_is_refused);
	tcase_add_test(tests, a_segment_that_leaves_the_window_is_refused);
	tcase_add_test(tests, segments_that_share_a_page_are_refused);
	tcase_add_test(tests, a_segment_both_writable_and_executable_is_refused);
	tcase_add_test(tests, a_program_whose_header_is_not_loaded_is_refused);
	tcase_add_test(tests, an_entry_point_outside_executable_memory_is_refused);
	tcase_add_test(tests, a_place_that_is_no_place_is_refused);
	tcase_add_test(tests, every_problem_has_words_of_its_own);
	tcase_add_test(tests, damaged_headers_are_refused_or_give_a_plan_that_keeps_its_promises);
	return tests;
}

int main(void)
{
	Suite *suite = suite_create("libipc/elf");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, elf_case());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
