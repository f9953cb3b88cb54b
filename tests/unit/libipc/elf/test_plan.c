/* SPDX-License-Identifier: MIT */
/*
 * Program files, good and bad: each test takes a sound one and breaks one thing.
 */
#include "image.h"

START_TEST(a_sound_program_becomes_its_segments_in_order_of_address) {
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

START_TEST(a_segment_that_starts_inside_a_page_takes_the_whole_page) {
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[2].address, LOAD + 0x2000);
	ck_assert_uint_eq(plan.segments[2].file_offset, 0x1000);
	ck_assert_uint_eq(plan.segments[2].file_bytes, 0x338);
	ck_assert_uint_eq(plan.segments[2].size, 0x6000);
}
END_TEST

START_TEST(a_segment_without_file_bytes_is_zero_memory) {
	image.program[DATA] = load(0x1000, 0x2000, 0, 0x1000, FORMAT_FLAG_WRITE);
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[2].file_bytes, 0);
	ck_assert_uint_eq(plan.segments[2].size, 0x1000);
}
END_TEST

START_TEST(segments_out_of_order_are_sorted) {
	struct elf_program_header swapped = image.program[TEXT];

	image.program[TEXT] = image.program[DATA];
	image.program[DATA] = swapped;
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segments[0].address, LOAD);
	ck_assert_uint_eq(plan.segments[2].address, LOAD + 0x2000);
}
END_TEST

START_TEST(an_empty_segment_is_left_out) {
	image.program[STACK] = load(0, 0x2000, 0, 0, FORMAT_FLAG_WRITE);
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.segment_count, 3);
}
END_TEST

START_TEST(text_is_not_a_program) {
	image.file.magic[0] = '#';
	expect_problem(ELF_NOT_ELF);
}
END_TEST

START_TEST(an_empty_file_is_not_a_program) {
	ck_assert_int_eq(elf_plan_image(&image, 0, &place, &plan), ELF_NOT_ELF);
	ck_assert_int_eq(elf_plan_image(&image, 3, &place, &plan), ELF_NOT_ELF);
}
END_TEST

START_TEST(every_length_that_cuts_a_header_is_refused_in_its_own_words) {
	for (size_t size = 4; size < sizeof(struct elf_file_header); size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan), ELF_HEADER_TRUNCATED);
	for (size_t size = sizeof(struct elf_file_header); size < offsetof(struct image, rest); size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan), ELF_PROGRAM_HEADERS_TRUNCATED);
	for (size_t size = offsetof(struct image, rest); size < 0x1338; size++)
		ck_assert_int_eq(elf_plan_image(&image, size, &place, &plan), ELF_SEGMENT_BEYOND_FILE);
	ck_assert_int_eq(elf_plan_image(&image, 0x1338, &place, &plan), ELF_FINE);
}
END_TEST

START_TEST(a_32_bit_program_is_refused) {
	image.file.class = 1;
	expect_problem(ELF_CLASS);
}
END_TEST

START_TEST(a_big_endian_program_is_refused) {
	image.file.byte_order = 2;
	expect_problem(ELF_BYTE_ORDER);
}
END_TEST

START_TEST(an_unknown_version_is_refused) {
	image.file.version = 2;
	expect_problem(ELF_VERSION);
	given_a_sound_program();
	image.file.identification_version = 0;
	expect_problem(ELF_VERSION);
}
END_TEST

START_TEST(a_program_for_another_machine_is_refused) {
	image.file.machine = 183;
	expect_problem(ELF_MACHINE);
}
END_TEST

START_TEST(a_program_at_a_fixed_address_is_refused) {
	image.file.type = FORMAT_TYPE_FIXED;
	expect_problem(ELF_FIXED_ADDRESS);
}
END_TEST

START_TEST(an_object_file_is_refused) {
	image.file.type = 1;
	expect_problem(ELF_OBJECT_FILE);
	image.file.type = 4;
	expect_problem(ELF_OBJECT_FILE);
}
END_TEST

START_TEST(program_headers_of_another_size_are_refused) {
	image.file.program_header_size = 32;
	expect_problem(ELF_PROGRAM_HEADER_SIZE);
}
END_TEST

START_TEST(program_headers_past_the_end_of_the_file_are_refused) {
	image.file.program_headers_offset = sizeof(image) - 10;
	expect_problem(ELF_PROGRAM_HEADERS_TRUNCATED);
	image.file.program_headers_offset = UINT64_MAX - 8;
	expect_problem(ELF_PROGRAM_HEADERS_TRUNCATED);
}
END_TEST

START_TEST(a_program_that_needs_a_dynamic_linker_is_refused) {
	image.program[STACK].type = FORMAT_SEGMENT_INTERPRETER;
	expect_problem(ELF_INTERPRETER);
}
END_TEST

START_TEST(a_program_with_nothing_to_load_is_refused) {
	image.file.program_header_count = 0;
	expect_problem(ELF_NO_SEGMENTS);
	image.file.program_header_count = 1;
	image.program[0].type = 0;
	expect_problem(ELF_NO_SEGMENTS);
}
END_TEST

START_TEST(more_segments_than_a_plan_holds_are_refused) {
	static unsigned char many[0x10000];
	struct elf_program_header *program = (struct elf_program_header *)(many + sizeof(struct elf_file_header));

	image.file.program_header_count = ELF_SEGMENTS_MAX + 1;
	memcpy(many, &image.file, sizeof(image.file));
	for (uint64_t index = 0; index <= ELF_SEGMENTS_MAX; index++)
		program[index] = load(0, index * 0x1000, 0x100, 0x100, FORMAT_FLAG_EXECUTE);
	ck_assert_int_eq(elf_plan_image(many, sizeof(many), &place, &plan), ELF_TOO_MANY_SEGMENTS);
	((struct elf_file_header *)many)->program_header_count = ELF_SEGMENTS_MAX;
	ck_assert_int_eq(elf_plan_image(many, sizeof(many), &place, &plan), ELF_FINE);
}
END_TEST

START_TEST(a_segment_past_the_end_of_the_file_is_refused) {
	image.program[DATA].offset += 0x8000;
	expect_problem(ELF_SEGMENT_BEYOND_FILE);
	image.program[DATA].offset = UINT64_MAX - 0xfffff000 - 0xdc7;
	expect_problem(ELF_SEGMENT_BEYOND_FILE);
}
END_TEST

START_TEST(a_segment_bigger_in_the_file_than_in_memory_is_refused) {
	image.program[DATA].memory_size = 0xff;
	expect_problem(ELF_SEGMENT_SIZES);
}
END_TEST

START_TEST(a_segment_whose_offset_and_address_disagree_is_refused) {
	image.program[DATA].address += 8;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
}
END_TEST

START_TEST(a_segment_aligned_to_no_power_of_two_or_coarser_than_a_page_is_refused) {
	image.program[DATA].alignment = 24;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
	image.program[DATA].alignment = 0x200000;
	expect_problem(ELF_SEGMENT_ALIGNMENT);
}
END_TEST

START_TEST(a_segment_that_reaches_into_the_kernel_is_refused) {
	image.program[DATA].address = UINT64_C(0xffffffff80000238);
	expect_problem(ELF_SEGMENT_IN_KERNEL);
	image.program[DATA].address = UINT64_C(0x7fff00000238);
	image.program[DATA].memory_size = UINT64_C(0x100000000);
	expect_problem(ELF_SEGMENT_IN_KERNEL);
	image.program[DATA].memory_size = UINT64_MAX;
	expect_problem(ELF_SEGMENT_IN_KERNEL);
}
END_TEST

START_TEST(a_segment_that_leaves_the_window_is_refused) {
	image.program[DATA].memory_size = LIMIT - LOAD;
	expect_problem(ELF_SEGMENT_BEYOND_WINDOW);
	image.program[DATA].memory_size = LIMIT - LOAD - 0x2238;
	ck_assert_int_eq(planned(), ELF_FINE);
	ck_assert_uint_eq(plan.end, LIMIT);
}
END_TEST

START_TEST(segments_that_share_a_page_are_refused) {
	image.program[DATA] = load(0x1238, 0x1238, 0x100, 0x100, FORMAT_FLAG_WRITE);
	expect_problem(ELF_SEGMENTS_OVERLAP);
	image.program[DATA] = load(0, 0, 0x400, 0x400, 0);
	expect_problem(ELF_SEGMENTS_OVERLAP);
}
END_TEST

START_TEST(a_segment_both_writable_and_executable_is_refused) {
	image.program[CODE].flags |= FORMAT_FLAG_WRITE;
	expect_problem(ELF_WRITE_AND_EXECUTE);
}
END_TEST

START_TEST(a_program_whose_header_is_not_loaded_is_refused) {
	image.program[TEXT].type = 0;
	expect_problem(ELF_HEADER_NOT_LOADED);
	image.program[TEXT] = load(0, 0, 8, 0x400, 0);
	expect_problem(ELF_HEADER_NOT_LOADED);
}
END_TEST

START_TEST(an_entry_point_outside_executable_memory_is_refused) {
	static const uint64_t outside[] = {0, 0xfff, 0x2000, 0x2300, UINT64_MAX};

	for (size_t index = 0; index < sizeof(outside) / sizeof(outside[0]); index++) {
		image.file.entry = outside[index];
		expect_problem(ELF_ENTRY_OUTSIDE);
	}
}
END_TEST

START_TEST(a_place_that_is_no_place_is_refused) {
	static const struct elf_place bad[] = {
		{LOAD + 8, LIMIT},
		{LOAD, LIMIT + 8},
		{LIMIT, LOAD},
		{LOAD, ELF_USER_END + 0x1000},
	};

	for (size_t index = 0; index < sizeof(bad) / sizeof(bad[0]); index++)
		ck_assert_int_eq(elf_plan_image(&image, sizeof(image), &bad[index], &plan), ELF_SEGMENT_BEYOND_WINDOW);
}
END_TEST

START_TEST(every_problem_has_words_of_its_own) {
	for (int one = 0; one < ELF_PROBLEM_COUNT; one++)
		for (int other = 0; other < one; other++)
			ck_assert_str_ne(elf_problem_text((enum elf_problem)one),
			                 elf_problem_text((enum elf_problem)other));
}
END_TEST

void plan_tests_add(TCase *tests) {
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
	tcase_add_test(tests, a_segment_aligned_to_no_power_of_two_or_coarser_than_a_page_is_refused);
	tcase_add_test(tests, a_segment_that_reaches_into_the_kernel_is_refused);
	tcase_add_test(tests, a_segment_that_leaves_the_window_is_refused);
	tcase_add_test(tests, segments_that_share_a_page_are_refused);
	tcase_add_test(tests, a_segment_both_writable_and_executable_is_refused);
	tcase_add_test(tests, a_program_whose_header_is_not_loaded_is_refused);
	tcase_add_test(tests, an_entry_point_outside_executable_memory_is_refused);
	tcase_add_test(tests, a_place_that_is_no_place_is_refused);
	tcase_add_test(tests, every_problem_has_words_of_its_own);
}
