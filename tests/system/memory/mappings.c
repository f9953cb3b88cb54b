/* SPDX-License-Identifier: MIT */
/*
 * Mappings of zero-filled memory: what is there, what is gone, and what it costs.
 */
#include "topics.h"

static void memory_is_zero_at_first_and_keeps_what_is_written(void) {
	uint64_t address = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, 8 * PAGE, RW, 0, &address));
	for (unsigned int page = 0; page < 8; page++) {
		for (unsigned int word = 0; word < 512; word += 51)
			CHECK_EQUAL(*word_at(address + page * PAGE + word * 8), 0);
		*word_at(address + page * PAGE) = page + 1;
	}
	for (unsigned int page = 0; page < 8; page++) CHECK_EQUAL(*word_at(address + page * PAGE), page + 1);
	CHECK_OK(memory_unmap(start_memory(), address, 8 * PAGE));
}

/* Frames that somebody else has used come zeroed. */
static void memory_is_zero_again_after_it_was_given_back(void) {
	for (unsigned int round = 0; round < 20; round++) {
		uint64_t address = 0;

		CHECK_OK(memory_allocate(start_memory(), 0, 32 * PAGE, RW, 0, &address));
		for (unsigned int page = 0; page < 32; page++) {
			CHECK_EQUAL(*word_at(address + page * PAGE + 8), 0);
			*word_at(address + page * PAGE + 8) = UINT64_MAX;
		}
		CHECK_OK(memory_unmap(start_memory(), address, 32 * PAGE));
	}
}

static void all_that_was_mapped_is_given_back_page_tables_included(void) {
	uint64_t before = 0;
	uint64_t address = 0;

	/* Once for what stays: the record of the upper tables. */
	CHECK_OK(memory_allocate(start_memory(), 0, 4 * BLOCK, RW, 0, &address));
	for (unsigned int block = 0; block < 4; block++) *word_at(address + block * BLOCK) = 1;
	CHECK_OK(memory_unmap(start_memory(), address, 4 * BLOCK));
	before = figures(0).used;
	CHECK_OK(memory_allocate(start_memory(), address, 4 * BLOCK, RW, 0, &address));
	for (unsigned int block = 0; block < 4; block++) *word_at(address + block * BLOCK) = 1;
	CHECK(figures(0).used >= before + 4 * PAGE);
	CHECK_OK(memory_unmap(start_memory(), address, 4 * BLOCK));
	CHECK_EQUAL(figures(0).used, before);
}

static void a_hole_in_a_mapping_is_free_for_another(void) {
	uint64_t address = 0;
	uint64_t other = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, 8 * PAGE, RW, 0, &address));
	*word_at(address) = 1;
	*word_at(address + 7 * PAGE) = 7;
	*word_at(address + 3 * PAGE) = 3;
	CHECK_ERROR(memory_allocate(start_memory(), address + 3 * PAGE, PAGE, RW, 0, &other), ERROR_EXISTS);
	CHECK_OK(memory_unmap(start_memory(), address + 3 * PAGE, 2 * PAGE));
	CHECK_OK(memory_allocate(start_memory(), address + 3 * PAGE, 2 * PAGE, RW, 0, &other));
	CHECK_EQUAL(other, address + 3 * PAGE);
	CHECK_EQUAL(*word_at(other), 0);
	CHECK_EQUAL(*word_at(address), 1);
	CHECK_EQUAL(*word_at(address + 7 * PAGE), 7);
	CHECK_OK(memory_unmap(start_memory(), address, 8 * PAGE));
}

static void rights_taken_and_given_again_change_no_contents(void) {
	uint64_t address = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, 4 * PAGE, RW, 0, &address));
	for (unsigned int page = 0; page < 4; page++) *word_at(address + page * PAGE) = page;
	CHECK_OK(memory_protect(start_memory(), address + PAGE, PAGE, PAGE_READ));
	CHECK_EQUAL(*word_at(address + PAGE), 1);
	CHECK_OK(memory_protect(start_memory(), address + 2 * PAGE, PAGE, 0));
	CHECK_OK(memory_protect(start_memory(), address, 4 * PAGE, RW));
	for (unsigned int page = 0; page < 4; page++) {
		CHECK_EQUAL(*word_at(address + page * PAGE), page);
		*word_at(address + page * PAGE) = 1;
	}
	CHECK_ERROR(memory_protect(start_memory(), address, PAGE, RW | PAGE_EXECUTE), ERROR_RIGHT);
	CHECK_OK(memory_unmap(start_memory(), address, 4 * PAGE));
}

static void a_large_reservation_costs_nothing_until_it_is_touched(void) {
	struct memory_status_answer before = figures(0);
	const uint64_t size = UINT64_C(1) << 30;
	uint64_t address = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, size, RW, 0, &address));
	CHECK(figures(0).used - before.used <= PAGE);
	*word_at(address + size - 8) = 1;
	CHECK(figures(0).used - before.used <= 20 * PAGE);
	CHECK_OK(memory_unmap(start_memory(), address, size));
}

const struct test mapping_tests[] = {
	TEST(memory_is_zero_at_first_and_keeps_what_is_written),
	TEST(memory_is_zero_again_after_it_was_given_back),
	TEST(all_that_was_mapped_is_given_back_page_tables_included),
	TEST(a_hole_in_a_mapping_is_free_for_another),
	TEST(rights_taken_and_given_again_change_no_contents),
	TEST(a_large_reservation_costs_nothing_until_it_is_touched),
	TESTS_END,
};
