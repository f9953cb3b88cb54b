/* SPDX-License-Identifier: MIT */
/*
 * Frames taken as holds: authority without access, and who keeps what when one is granted to the kernel.
 */
#include <nacre/protocol/space.h>

#include "topics.h"

#define SLOT_PAGE 400u /* nobody uses it */
#define NUMBER    1000u

/* Addresses with a page table where nothing is mapped. */
static error_t window_make(uint64_t *window) {
	error_t error = memory_allocate(start_memory(), 0, 32 * PAGE, RW, 0, window);

	if (error == ERROR_OK) *word_at(*window + 31 * PAGE) = 1;
	return error;
}

static error_t view(uint64_t hold, uint64_t address) {
	uint64_t source = 0, destination = 0, left = 0;

	return space_map(start_space(), hold, address, 1, RW, item_none(), &source, &destination, &left);
}

static error_t hide(uint64_t address) {
	uint64_t next = 0, left = 0;

	return space_unmap(start_space(), address, 1, 0, &next, &left);
}

static error_t grant(uint64_t hold) {
	struct page_list frames = page_list_holds(hold, 1);

	return space_add_slots(start_space(), SLOT_PAGE, &frames);
}

static void frames_come_as_holds_and_go_back(void) {
	struct page_list pages;
	uint64_t before = 0, window = 0;
	uint32_t count = 0;

	CHECK_OK(window_make(&window));
	before = figures(0).used;
	CHECK_OK(memory_take(start_memory(), NUMBER, 16, &count, window, 16 * PAGE, &pages));
	CHECK_EQUAL(count, 16);
	CHECK(figures(0).used >= before + 16 * PAGE);
	CHECK_OK(view(window, window + 16 * PAGE));
	*word_at(window + 16 * PAGE) = 4711;
	CHECK_EQUAL(*word_at(window + 16 * PAGE), 4711);
	CHECK_OK(hide(window + 16 * PAGE));
	CHECK_OK(memory_give_back(start_memory(), NUMBER, 16));
	CHECK_EQUAL(figures(0).used, before);
	CHECK_ERROR(view(window, window + 16 * PAGE), ERROR_NOT_FOUND);
	CHECK_OK(memory_unmap(start_memory(), window, 32 * PAGE));
}

/* The attack: a pager that kept a mapping of a frame could write into the kernel's object. */
static void a_frame_granted_to_the_kernel_is_busy_for_everyone(void) {
	struct page_list pages;
	uint64_t window = 0;
	uint32_t count = 0;

	CHECK_OK(window_make(&window));
	CHECK_OK(memory_take(start_memory(), NUMBER, 1, &count, window, PAGE, &pages));
	CHECK_OK(view(window, window + PAGE));
	CHECK_ERROR(grant(window), ERROR_BUSY);
	CHECK_OK(hide(window + PAGE));
	CHECK_OK(grant(window));
	CHECK_ERROR(view(window, window + PAGE), ERROR_BUSY);
	CHECK_ERROR(grant(window), ERROR_BUSY);
	CHECK_OK(memory_give_back(start_memory(), NUMBER, 1));
	CHECK_OK(memory_unmap(start_memory(), window, 32 * PAGE));
}

/* The pager revokes what it gave: the object made of it goes, and the frame comes back to it zeroed. */
static void a_frame_given_back_takes_the_kernel_object_with_it(void) {
	struct page_list pages;
	uint64_t window = 0;
	uint32_t count = 0;

	CHECK_OK(window_make(&window));
	for (unsigned int round = 0; round < 3; round++) {
		CHECK_OK(memory_take(start_memory(), NUMBER, 1, &count, window, PAGE, &pages));
		CHECK_OK(grant(window));
		CHECK_OK(memory_give_back(start_memory(), NUMBER, 1));
	}
	CHECK_OK(memory_unmap(start_memory(), window, 32 * PAGE));
}

static void numbers_of_taken_frames_are_checked(void) {
	struct page_list pages;
	uint64_t window = 0;
	uint32_t count = 0;

	CHECK_OK(window_make(&window));
	CHECK_OK(memory_take(start_memory(), NUMBER, 2, &count, window, 2 * PAGE, &pages));
	CHECK_EQUAL(count, 2);
	CHECK_ERROR(memory_take(start_memory(), NUMBER + 1, 1, &count, window + 2 * PAGE, PAGE, &pages), ERROR_EXISTS);
	CHECK_ERROR(memory_take(start_memory(), UINT64_MAX, 2, &count, window + 2 * PAGE, 2 * PAGE, &pages),
	            ERROR_ARGUMENT);
	CHECK_ERROR(memory_give_back(start_memory(), NUMBER + 1, 2), ERROR_NOT_FOUND);
	CHECK_ERROR(memory_give_back(start_memory(), NUMBER - 1, 2), ERROR_NOT_FOUND);
	CHECK_OK(memory_give_back(start_memory(), NUMBER, 2));
	CHECK_OK(memory_unmap(start_memory(), window, 32 * PAGE));
}

const struct test taken_tests[] = {
	TEST(frames_come_as_holds_and_go_back),
	TEST(a_frame_granted_to_the_kernel_is_busy_for_everyone),
	TEST(a_frame_given_back_takes_the_kernel_object_with_it),
	TEST(numbers_of_taken_frames_are_checked),
	TESTS_END,
};
