/* SPDX-License-Identifier: MIT */
/*
 * What nobody should ask: each gets its error and changes nothing.
 */
#include <nacre/message.h>
#include <nacre/server.h>
#include <nacre/slot.h>

#include "topics.h"

static void ranges_that_make_no_sense_are_refused(void) {
	const struct start_info *start = start_info();
	const uint64_t end = start->window_base + start->window_size;
	uint64_t address = 0;

	CHECK_ERROR(memory_allocate(start_memory(), 0, 0, RW, 0, &address), ERROR_ARGUMENT);
	CHECK_ERROR(memory_allocate(start_memory(), 0, 100, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), 0, UINT64_MAX & ~(PAGE - 1), RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), 0, start->window_size, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), start->window_base - PAGE, PAGE, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), end, PAGE, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), end - PAGE, 2 * PAGE, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_allocate(start_memory(), start->window_base + 8, PAGE, RW, 0, &address), ERROR_RANGE);
	CHECK_ERROR(memory_unmap(start_memory(), 0, PAGE), ERROR_RANGE);
	CHECK_ERROR(memory_unmap(start_memory(), start->window_base, 0), ERROR_RANGE);
	CHECK_ERROR(memory_unmap(start_memory(), start->window_base, UINT64_MAX & ~(PAGE - 1)), ERROR_RANGE);
	CHECK_ERROR(memory_protect(start_memory(), start->window_base, PAGE, PAGE_READ), ERROR_RANGE);
	CHECK_ERROR(memory_thread_destroy(start_memory(), start->window_base), ERROR_NOT_FOUND);
}

static void regions_that_are_none_are_refused(void) {
	capability_t self = 0, region;
	uint64_t address = 0;

	CHECK_OK(server_self(&self));
	/* A queue of the caller's own: a pager that called it would wait for ever. */
	CHECK_ERROR(
		memory_map_region(start_memory(), 0, PAGE, 0, PAGE_READ, MEMORY_MAP_SHARED, item_share(self), &address),
		ERROR_CAPABILITY);
	CHECK_ERROR(memory_map_region(start_memory(), 0, PAGE, 0, PAGE_READ, MEMORY_MAP_SHARED,
	                              item_share(start_memory()), &address),
	            ERROR_CAPABILITY);
	CHECK_ERROR(memory_unshare(start_memory(), item_share(start_memory())), ERROR_CAPABILITY);
	CHECK_ERROR(memory_share(start_memory(), 0, &region), ERROR_ARGUMENT);
	CHECK_ERROR(memory_share(start_memory(), UINT64_C(1) << 40, &region), ERROR_RANGE);
	capability_delete(self);
}

static void windows_that_cannot_be_are_refused(void) {
	static const struct {
		uint64_t base, size;
	} windows[] = {
		{0, BLOCK},
		{BLOCK, 0},
		{BLOCK + PAGE, BLOCK},
		{BLOCK, BLOCK + PAGE},
		{UINT64_C(0x7fffffe00000), BLOCK},
		{UINT64_C(0x800000000000), BLOCK},
		{UINT64_MAX - BLOCK + 1, BLOCK},
		{BLOCK, UINT64_MAX - BLOCK + 1},
	};
	uint64_t before = figures(0).used;

	for (unsigned int index = 0; index < sizeof(windows) / sizeof(windows[0]); index++) {
		capability_t memory;
		uint64_t number = 0;

		CHECK_ERROR(memory_instance_create(start_memory(), UINT64_MAX, windows[index].base, windows[index].size,
		                                   &number, &memory),
		            ERROR_RANGE);
	}
	CHECK_EQUAL(figures(0).used, before);
}

/* Only the kernel sends faults, through a capability that nobody else has. */
static void a_forged_fault_is_not_understood(void) {
	struct message message = {.words = {start_info()->load_address, PAGE_READ, 0}};

	CHECK_ERROR(message_call(&message, start_memory(), IPC_TAG(FAULT_PAGE, 3, 0), 0), ERROR_UNKNOWN);
}

static void labels_of_another_protocol_are_not_understood(void) {
	struct message message = {.words = {0}};
	uint64_t size = 0;
	uint32_t rights = 0;

	CHECK_ERROR(region_size(start_memory(), &size, &rights), ERROR_CAPABILITY);
	CHECK_ERROR(message_call(&message, start_memory(), IPC_TAG(LABEL(PROTOCOL_MEMORY, 999u), 0, 0), 0),
	            ERROR_UNKNOWN);
	CHECK_ERROR(message_call(&message, start_memory(), IPC_TAG(MEMORY_ALLOCATE, 1, 0), 0), ERROR_ARGUMENT);
}

/* So many records that they cost memory themselves, which the asker pays. */
static void many_small_mappings_are_paid_by_who_makes_them(void) {
	struct child_instance child = {0};
	struct memory_status_answer answer = {0};
	error_t error = ERROR_OK;
	uint64_t address = 0;
	unsigned int count = 0;

	CHECK_OK(child_instance_make(100 * PAGE, &child));
	while (error == ERROR_OK && count < 10000) {
		error = memory_allocate(child.memory, 0, PAGE, RW, 0, &address);
		count += error == ERROR_OK;
	}
	CHECK_ERROR(error, ERROR_LIMIT);
	CHECK(count > 1000);
	CHECK_OK(memory_status(child.memory, 0, &answer));
	CHECK_EQUAL(answer.used, 100 * PAGE);
	CHECK_OK(child_instance_end(&child));
}

const struct test wrong_tests[] = {
	TEST(ranges_that_make_no_sense_are_refused),
	TEST(regions_that_are_none_are_refused),
	TEST(windows_that_cannot_be_are_refused),
	TEST(a_forged_fault_is_not_understood),
	TEST(labels_of_another_protocol_are_not_understood),
	TEST(many_small_mappings_are_paid_by_who_makes_them),
	TESTS_END,
};
