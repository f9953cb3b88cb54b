/* SPDX-License-Identifier: MIT */
/*
 * Building a process: the order of steps, what is mapped, and what is said when a step fails.
 *
 * The world is a list of the steps taken; any of them can be made to fail.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/abi/rights.h>
#include <nacre/capability.h>

#include "build.h"
#include "format.h"

#define BASE       UINT64_C(0x10000000000)
#define SIZE       UINT64_C(0x100000000)
#define FILE_BYTES 0x3000

const char *error_text(error_t error) { return error == ERROR_IO ? "a device failed" : "failed"; }

static struct {
	unsigned char bytes[FILE_BYTES];
	uint64_t size;
	unsigned int step, step_to_fail; /* counted from 1 */
	error_t failure;
	char log[1024];
	uint64_t words[PROCESS_START_WORDS];
} world;

static error_t step(const char *text) {
	if (++world.step == world.step_to_fail) return world.failure;
	strcat(world.log, text);
	return ERROR_OK;
}

static error_t program_open(void *context, const char *program, uint64_t *size) {
	(void)context;
	ck_assert_ptr_nonnull(program);
	*size = world.size;
	return step("open ");
}

static error_t program_read(void *context, uint64_t offset, void *bytes, size_t count) {
	(void)context;
	ck_assert_uint_le(offset, world.size);
	ck_assert_uint_le(count, world.size - offset);
	memcpy(bytes, world.bytes + offset, count);
	return step("read ");
}

static error_t program_map(void *context) {
	(void)context;
	return step("pages ");
}

static error_t space_create(void *context) {
	(void)context;
	return step("space ");
}

static error_t map_file(void *context, uint64_t address, uint64_t file_offset, uint64_t file_bytes, uint32_t rights) {
	char text[96];

	(void)context;
	snprintf(text, sizeof(text), "file(%lx,%lx,%lx,%x) ", address - BASE, file_offset, file_bytes, rights);
	return step(text);
}

static error_t map_zero(void *context, uint64_t address, uint64_t size, uint32_t rights) {
	char text[96];

	(void)context;
	snprintf(text, sizeof(text), "zero(%lx,%lx,%x) ", address - BASE, size, rights);
	return step(text);
}

static error_t thread_create(void *context, uint64_t utcb) {
	(void)context;
	ck_assert_uint_eq(utcb, BASE + SIZE - 4096);
	return step("thread ");
}

static error_t capabilities_place(void *context, uint32_t slot_base) {
	(void)context;
	ck_assert_uint_eq(slot_base, 8);
	return step("capabilities ");
}

static error_t thread_prepare(void *context, const uint64_t words[PROCESS_START_WORDS]) {
	(void)context;
	memcpy(world.words, words, sizeof(world.words));
	return step("prepare ");
}

static const struct build_world steps = {
	.program_open = program_open,
	.program_read = program_read,
	.program_map = program_map,
	.space_create = space_create,
	.mapper = {.map_file = map_file, .map_zero = map_zero},
	.thread_create = thread_create,
	.capabilities_place = capabilities_place,
	.thread_prepare = thread_prepare,
};

static struct build_job job;
static char detail[BUILD_DETAIL_MAX + 1];

static void segment_put(size_t index, uint64_t offset, uint64_t file_size, uint64_t memory_size, uint32_t flags) {
	const struct elf_program_header program = {
		.type = FORMAT_SEGMENT_LOAD,
		.flags = flags,
		.offset = offset,
		.address = offset,
		.file_size = file_size,
		.memory_size = memory_size,
		.alignment = 4096,
	};

	memcpy(world.bytes + sizeof(struct elf_file_header) + index * sizeof(program), &program, sizeof(program));
}

static void given_a_program(void) {
	const struct elf_file_header file = {
		.magic = {0x7f, 'E', 'L', 'F'},
		.class = FORMAT_CLASS_64,
		.byte_order = FORMAT_LITTLE_ENDIAN,
		.identification_version = FORMAT_VERSION,
		.type = FORMAT_TYPE_SHARED,
		.machine = FORMAT_MACHINE_X86_64,
		.version = FORMAT_VERSION,
		.entry = 0x1000,
		.program_headers_offset = sizeof(struct elf_file_header),
		.program_header_size = sizeof(struct elf_program_header),
		.program_header_count = 3,
	};

	memset(&world, 0, sizeof(world));
	world.size = FILE_BYTES;
	memcpy(world.bytes, &file, sizeof(file));
	segment_put(0, 0, 0x800, 0x800, 4);
	segment_put(1, 0x1000, 0x10, 0x10, FORMAT_FLAG_EXECUTE);
	segment_put(2, 0x2000, 0x20, 0x2020, FORMAT_FLAG_WRITE);
	job = (struct build_job){
		.program = "/bin/hello",
		.window = {.base = BASE, .size = SIZE},
		.slot_base = 8,
	};
}

static error_t built(void) { return build_context(&job, &steps, detail); }

static void expect_failure(error_t error, const char *words) {
	ck_assert_int_eq(built(), error);
	ck_assert_str_eq(detail, words);
}

START_TEST(a_program_is_built_in_one_order) {
	ck_assert_int_eq(built(), ERROR_OK);
	ck_assert_str_eq(detail, "");
	ck_assert_str_eq(world.log, "open read read pages space "
	                            "file(400000,0,800,1) file(401000,1000,10,5) "
	                            "file(402000,2000,20,3) zero(403000,2000,3) "
	                            "zero(ff700000,800000,3) thread capabilities prepare ");
}
END_TEST

START_TEST(the_first_thread_starts_as_the_convention_says) {
	ck_assert_int_eq(built(), ERROR_OK);
	ck_assert_uint_eq(world.words[0], BASE + 0x401000);
	ck_assert_uint_eq(world.words[1], BASE + SIZE - 0x100000);
	ck_assert_uint_eq(world.words[1] % 16, 0);
	ck_assert_uint_eq(world.words[2], 8);
	ck_assert_uint_eq(world.words[3], BASE + SIZE - 4096);
	ck_assert_uint_eq(world.words[4], BASE);
	ck_assert_uint_eq(world.words[5], SIZE);
	ck_assert_uint_eq(world.words[6], 0);
	ck_assert_uint_eq(world.words[7], BASE + 0x400000);
}
END_TEST

START_TEST(whichever_step_fails_its_error_and_words_come_back_and_nothing_follows) {
	unsigned int last;

	ck_assert_int_eq(built(), ERROR_OK);
	last = world.step;
	for (unsigned int failing = 1; failing <= last; failing++) {
		given_a_program();
		world.step_to_fail = failing;
		world.failure = ERROR_IO;
		ck_assert_int_eq(built(), ERROR_IO);
		ck_assert_uint_eq(world.step, failing);
		ck_assert_ptr_nonnull(strstr(detail, "/bin/hello: "));
		ck_assert_ptr_nonnull(strstr(detail, ": a device failed"));
	}
}
END_TEST

START_TEST(a_missing_program_is_called_missing) {
	world.step_to_fail = 1;
	world.failure = ERROR_NOT_FOUND;
	expect_failure(ERROR_NOT_FOUND, "/bin/hello: there is no such program");
}
END_TEST

START_TEST(a_directory_is_not_a_program) {
	world.step_to_fail = 1;
	world.failure = ERROR_STATE;
	expect_failure(ERROR_ARGUMENT, "/bin/hello: it is not a file, so not a program");
}
END_TEST

START_TEST(a_relative_path_is_refused_in_words) {
	world.step_to_fail = 1;
	world.failure = ERROR_ARGUMENT;
	job.program = "hello";
	expect_failure(ERROR_ARGUMENT, "hello: not a path that begins with a `/`");
}
END_TEST

START_TEST(what_is_wrong_with_the_file_is_said) {
	memcpy(world.bytes, "#!/bin/sh\n", 10);
	expect_failure(ERROR_ARGUMENT, "/bin/hello: not an ELF file, so not a program");
	ck_assert_str_eq(world.log, "open read ");
	given_a_program();
	world.size = 2;
	expect_failure(ERROR_ARGUMENT, "/bin/hello: not an ELF file, so not a program");
	given_a_program();
	world.size = 0;
	expect_failure(ERROR_ARGUMENT, "/bin/hello: not an ELF file, so not a program");
	given_a_program();
	world.size = 0x2010;
	expect_failure(ERROR_ARGUMENT, "/bin/hello: a segment reaches past the end of the file; copy the file again");
}
END_TEST

START_TEST(a_header_table_of_any_length_is_bounded) {
	struct elf_file_header file;

	memcpy(&file, world.bytes, sizeof(file));
	file.program_header_count = UINT16_MAX;
	memcpy(world.bytes, &file, sizeof(file));
	world.size = UINT64_C(1) << 40;
	ck_assert_int_eq(built(), ERROR_ARGUMENT);
	ck_assert_str_eq(world.log, "open read ");
}
END_TEST

START_TEST(too_small_a_limit_is_called_that) {
	world.step_to_fail = 5;
	world.failure = ERROR_LIMIT;
	expect_failure(ERROR_LIMIT, "/bin/hello: its memory limit is too small to build it "
	                            "(making its space); give it more");
}
END_TEST

START_TEST(a_program_that_leaves_no_room_for_its_stack_is_refused) {
	segment_put(2, 0x2000, 0x20, SIZE - 0x100000 - 0x400000 - 0x2000, FORMAT_FLAG_WRITE);
	expect_failure(ERROR_NO_MEMORY, "/bin/hello: program and stack do not fit into the address window");
}
END_TEST

START_TEST(of_a_long_path_the_end_is_shown) {
	char path[352];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	strcpy(path + sizeof(path) - 4, "end");
	job.program = path;
	world.step_to_fail = 1;
	world.failure = ERROR_NOT_FOUND;
	ck_assert_int_eq(built(), ERROR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(detail, "xxend: there is no such program"));
	ck_assert_mem_eq(detail, "...", 3);
}
END_TEST

START_TEST(a_window_that_is_none_is_refused) {
	job.window.size = 0x1000;
	ck_assert_int_eq(built(), ERROR_RANGE);
	job.window = (struct process_window){.base = UINT64_C(0x7fff00000000), .size = SIZE};
	ck_assert_int_eq(built(), ERROR_RANGE);
	job.window = (struct process_window){.base = BASE + 8, .size = SIZE};
	ck_assert_int_eq(built(), ERROR_RANGE);
}
END_TEST

static Suite *build_suite(void) {
	Suite *suite = suite_create("icf/process");
	TCase *tests = tcase_create("build");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, given_a_program, NULL);
	tcase_add_test(tests, a_program_is_built_in_one_order);
	tcase_add_test(tests, the_first_thread_starts_as_the_convention_says);
	tcase_add_test(tests, whichever_step_fails_its_error_and_words_come_back_and_nothing_follows);
	tcase_add_test(tests, a_missing_program_is_called_missing);
	tcase_add_test(tests, a_directory_is_not_a_program);
	tcase_add_test(tests, a_relative_path_is_refused_in_words);
	tcase_add_test(tests, what_is_wrong_with_the_file_is_said);
	tcase_add_test(tests, a_header_table_of_any_length_is_bounded);
	tcase_add_test(tests, too_small_a_limit_is_called_that);
	tcase_add_test(tests, a_program_that_leaves_no_room_for_its_stack_is_refused);
	tcase_add_test(tests, of_a_long_path_the_end_is_shown);
	tcase_add_test(tests, a_window_that_is_none_is_refused);
	return suite;
}

int main(void) {
	SRunner *runner = srunner_create(build_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
