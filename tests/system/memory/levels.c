/* SPDX-License-Identifier: MIT */
/*
 * Two levels of pagers: who answers what, and where memory comes from.
 */
#include "topics.h"

#define PAGES 40u

/* Each fault is one message to the own pager; the pager below hears nothing but the question for its figures. */
static void a_fault_is_one_message_to_the_own_pager_and_none_below(void) {
	struct memory_status_answer own, own_after, below, below_after;
	uint64_t address = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, PAGES * PAGE, RW, 0, &address));
	*word_at(address) = 1; /* page tables and a supply of zeroed pages */
	below = figures(1);
	own = figures(0);
	for (unsigned int page = 1; page < 11; page++) *word_at(address + page * PAGE) = page;
	own_after = figures(0);
	below_after = figures(1);
	CHECK_EQUAL(own_after.faults - own.faults, 10);
	CHECK_EQUAL(own_after.messages - own.messages, 10 + 1);
	CHECK_EQUAL(below_after.faults, below.faults);
	CHECK_EQUAL(below_after.messages - below.messages, own_after.upward - own.upward + 1);
	CHECK_OK(memory_unmap(start_memory(), address, PAGES * PAGE));
}

/* More than a pager keeps in store. */
static void memory_comes_from_the_pager_below_and_goes_back_there(void) {
	const uint64_t size = 16 << 20;
	struct memory_status_answer own = figures(0);
	struct memory_status_answer below = figures(1);
	struct memory_status_answer own_with, below_with, below_after;
	uint64_t address = 0;

	CHECK_OK(memory_allocate(start_memory(), 0, size, RW, MEMORY_ALLOCATE_EAGER, &address));
	own_with = figures(0);
	below_with = figures(1);
	CHECK(own_with.used - own.used >= size);
	CHECK(own_with.upward - own.upward >= size / PAGE / 16 / 2);
	CHECK(below_with.used - below.used >= size / 2);
	CHECK_OK(memory_unmap(start_memory(), address, size));
	below_after = figures(1);
	CHECK_EQUAL(figures(0).used, own.used);
	CHECK(below_after.used - below.used < size / 4);
}

static void there_are_two_levels_and_no_third(void) {
	struct memory_status_answer answer = {0};

	CHECK_OK(memory_status(start_memory(), 0, &answer));
	CHECK_OK(memory_status(start_memory(), 1, &answer));
	CHECK_ERROR(memory_status(start_memory(), 2, &answer), ERROR_NOT_FOUND);
}

const struct test level_tests[] = {
	TEST(there_are_two_levels_and_no_third),
	TEST(a_fault_is_one_message_to_the_own_pager_and_none_below),
	TEST(memory_comes_from_the_pager_below_and_goes_back_there),
	TESTS_END,
};
