/* SPDX-License-Identifier: MIT */
/*
 * Accounts and limits, with instances below the own one.
 */
#include <nacre/priority.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>

#include "topics.h"

static void an_instance_gets_no_more_than_its_limit(void) {
	const uint64_t limit = 64 * PAGE;
	struct memory_status_answer answer = {0};
	struct child_instance child = {0};
	uint64_t address = 0;

	CHECK_OK(child_instance_make(limit, &child));
	CHECK_ERROR(memory_allocate(child.memory, 0, 64 * PAGE, RW, MEMORY_ALLOCATE_EAGER, &address), ERROR_LIMIT);
	CHECK_OK(memory_allocate(child.memory, 0, 20 * PAGE, RW, MEMORY_ALLOCATE_EAGER, &address));
	CHECK_OK(memory_status(child.memory, 0, &answer));
	CHECK(answer.used <= limit);
	CHECK(answer.used >= 20 * PAGE);
	CHECK(answer.peak <= limit);
	CHECK_EQUAL(answer.limit, limit);
	CHECK_OK(child_instance_end(&child));
}

static void a_limit_can_be_changed_while_it_is_used(void) {
	struct child_instance child = {0};
	uint64_t address = 0;

	CHECK_OK(child_instance_make(64 * PAGE, &child));
	CHECK_OK(memory_instance_set_limit(start_memory(), child.number, UINT64_MAX));
	CHECK_OK(memory_allocate(child.memory, 0, 100 * PAGE, RW, MEMORY_ALLOCATE_EAGER, &address));
	CHECK_OK(memory_instance_set_limit(start_memory(), child.number, 10 * PAGE));
	CHECK_ERROR(memory_allocate(child.memory, 0, PAGE, RW, MEMORY_ALLOCATE_EAGER, &address), ERROR_LIMIT);
	CHECK_OK(child_instance_end(&child));
}

static void the_end_of_an_instance_gives_everything_back(void) {
	uint64_t before = 0;

	for (unsigned int round = 0; round < 20; round++) {
		struct child_instance child = {0}, below = {0};
		uint64_t address = 0;

		CHECK_OK(child_instance_make(UINT64_MAX, &child));
		CHECK_OK(memory_allocate(child.memory, 0, 50 * PAGE, RW, MEMORY_ALLOCATE_EAGER, &address));
		CHECK_OK(memory_slots_add(child.memory, 5));
		CHECK_OK(memory_instance_create(child.memory, UINT64_MAX, CHILD_WINDOW, CHILD_WINDOW_BYTES,
		                                &below.number, &below.memory));
		CHECK_OK(memory_space_create(below.memory, &below.space));
		CHECK_OK(memory_allocate(below.memory, 0, 50 * PAGE, RW, MEMORY_ALLOCATE_EAGER, &address));
		CHECK_OK(child_instance_end(&child));
		CHECK_ERROR(memory_unmap(below.memory, address, PAGE), ERROR_GONE);
		capability_delete(below.memory);
		capability_delete(below.space);
		if (round == 0) before = figures(0).used;
		CHECK_EQUAL(figures(0).used, before);
	}
}

static void a_thread_and_its_memory_come_and_go(void) {
	struct child_instance child = {0};
	struct memory_status_answer before = {0}, with = {0}, after = {0};
	capability_t control = 0, thread = 0;
	const uint64_t utcb = CHILD_WINDOW + CHILD_WINDOW_BYTES - PAGE;

	CHECK_OK(child_instance_make(UINT64_MAX, &child));
	CHECK_OK(memory_thread_create(child.memory, utcb, &control, &thread));
	capability_delete(control);
	capability_delete(thread);
	CHECK_OK(memory_status(child.memory, 0, &before));
	CHECK_ERROR(memory_thread_create(child.memory, utcb, &control, &thread), ERROR_EXISTS);
	CHECK_OK(memory_thread_create(child.memory, utcb - PAGE, &control, &thread));
	CHECK_OK(memory_status(child.memory, 0, &with));
	CHECK_EQUAL(with.used, before.used + 2 * PAGE);
	CHECK_OK(memory_thread_destroy(child.memory, utcb - PAGE));
	CHECK_OK(memory_status(child.memory, 0, &after));
	CHECK_EQUAL(after.used, before.used);
	CHECK_ERROR(memory_thread_destroy(child.memory, utcb - PAGE), ERROR_NOT_FOUND);
	capability_delete(control);
	capability_delete(thread);
	CHECK_OK(child_instance_end(&child));
}

static void no_thread_outranks_other_programs(void) {
	struct child_instance child = {0};
	capability_t control = 0, thread = 0, own = 0, own_thread = 0;
	uint64_t address = 0;

	CHECK_OK(child_instance_make(UINT64_MAX, &child));
	CHECK_OK(memory_thread_create(child.memory, CHILD_WINDOW, &control, &thread));
	CHECK_ERROR(thread_set_budget(control, 1000000, PROGRAM_PRIORITY + 1), ERROR_RIGHT);
	CHECK_OK(thread_set_budget(control, 1000000, PROGRAM_PRIORITY));
	capability_delete(control);
	capability_delete(thread);
	CHECK_OK(child_instance_end(&child));
	/* Nor by a thread of the own space. */
	CHECK_OK(memory_allocate(start_memory(), 0, PAGE, RW, 0, &address));
	CHECK_OK(memory_unmap(start_memory(), address, PAGE));
	CHECK_OK(memory_thread_create(start_memory(), address, &own, &own_thread));
	CHECK_ERROR(thread_set_budget(own, 1000000, PROGRAM_PRIORITY + 1), ERROR_RIGHT);
	capability_delete(own);
	capability_delete(own_thread);
	CHECK_OK(memory_thread_destroy(start_memory(), address));
}

static void children_are_listed_and_only_their_creator_ends_them(void) {
	struct memory_instances_answer entry = {0};
	struct child_instance child = {0};
	uint64_t other = 0;

	CHECK_ERROR(memory_instances(start_memory(), 0, &entry), ERROR_NOT_FOUND);
	CHECK_OK(child_instance_make(1000 * PAGE, &child));
	CHECK_OK(memory_instances(start_memory(), 0, &entry));
	CHECK_EQUAL(entry.instance, child.number);
	CHECK_EQUAL(entry.limit, 1000 * PAGE);
	CHECK_EQUAL(entry.cursor, 0);
	CHECK_OK(memory_instance_of(child.memory, &other));
	CHECK_EQUAL(other, child.number);
	CHECK_ERROR(memory_instance_destroy(child.memory, child.number), ERROR_NOT_FOUND);
	CHECK_OK(memory_instance_of(start_memory(), &other));
	CHECK_ERROR(memory_instance_destroy(start_memory(), other), ERROR_NOT_FOUND);
	CHECK_ERROR(memory_instance_destroy(start_memory(), UINT64_MAX), ERROR_NOT_FOUND);
	CHECK_OK(child_instance_end(&child));
}

const struct test limit_tests[] = {
	TEST(an_instance_gets_no_more_than_its_limit),
	TEST(a_limit_can_be_changed_while_it_is_used),
	TEST(the_end_of_an_instance_gives_everything_back),
	TEST(a_thread_and_its_memory_come_and_go),
	TEST(no_thread_outranks_other_programs),
	TEST(children_are_listed_and_only_their_creator_ends_them),
	TESTS_END,
};
