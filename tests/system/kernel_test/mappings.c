/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: map, unmap, protect, split, look, tables, and what each refuses.
 */
#include "faulting.h"

#include <first/child.h>
#include <first/machine.h>

#include "snippets.h"
#include "topics.h"

#define PAGE       UINT64_C(4096)
#define LARGE_PAGE (UINT64_C(1) << 21)
#define READ_WRITE (PAGE_READ | PAGE_WRITE)
/* Nothing is mapped from here to the end. */
#define BEYOND_HOLDS UINT64_C(0x500000000000)

static uint64_t map(uint64_t from, uint64_t to, uint64_t count, uint64_t flags) {
	return KERNEL(SLOT_SPACE, SPACE_MAP, from, to, count, flags);
}

static uint64_t unmap(uint64_t address, uint64_t count, uint64_t flags) {
	return KERNEL(SLOT_SPACE, SPACE_UNMAP, address, count, flags);
}

static void map_refuses_what_is_out_of_range_or_not_there(void) {
	uint64_t frame = frames_take(2);
	const struct {
		uint64_t from, to, flags, error;
	} cases[] = {
		{frame, ADDRESS_END, PAGE_READ, ERROR_RANGE},
		{frame, ADDRESS_END + PAGE, PAGE_READ, ERROR_RANGE},
		{frame, UINT64_C(0xffff800000000000), PAGE_READ, ERROR_RANGE},
		{frame, ~UINT64_C(0xfff), PAGE_READ, ERROR_RANGE},
		{ADDRESS_END, SCRATCH, PAGE_READ, ERROR_RANGE},
		{~UINT64_C(0xfff), SCRATCH, PAGE_READ, ERROR_RANGE},
		{frame, SCRATCH + 1, PAGE_READ, ERROR_RANGE},
		{frame + 8, SCRATCH, PAGE_READ, ERROR_RANGE},
		{frame, SCRATCH, 0, ERROR_RIGHT},
		{frame, SCRATCH, MAP_HOLD, ERROR_RIGHT},
		{frame, SCRATCH, PAGE_READ | 8, ERROR_ARGUMENT},
		{frame, SCRATCH, PAGE_READ | MAP_CHILDREN, ERROR_ARGUMENT},
		{frame, SCRATCH, PAGE_READ | 0x80, ERROR_ARGUMENT},
		{frame, SCRATCH, PAGE_READ | (UINT64_C(1) << 63), ERROR_ARGUMENT},
		{frame, SCRATCH_BARE, PAGE_READ, ERROR_NO_MEMORY},
		{frame, UINT64_C(0x600000000000), PAGE_READ, ERROR_NO_MEMORY},
		{frame, PAGE, PAGE_READ, ERROR_NO_MEMORY},
		{frame, frame + PAGE, PAGE_READ, ERROR_EXISTS},
		{SCRATCH + PAGE, SCRATCH, PAGE_READ, ERROR_NOT_FOUND},
		{0, SCRATCH, PAGE_READ, ERROR_NOT_FOUND},
		{UINT64_C(0x600000000000), SCRATCH, PAGE_READ, ERROR_NOT_FOUND},
		{(uint64_t)(uintptr_t)main_utcb, SCRATCH, PAGE_READ, ERROR_NOT_FOUND},
		{frame, (uint64_t)(uintptr_t)main_utcb, PAGE_READ, ERROR_EXISTS},
		{superpage_take(), SCRATCH, PAGE_READ, ERROR_STATE},
		{superpage_take(), SCRATCH, PAGE_READ | MAP_LARGE, ERROR_EXISTS},
		{superpage_take() + PAGE, SCRATCH_BARE, PAGE_READ | MAP_LARGE, ERROR_RANGE},
		{frame & ~(LARGE_PAGE - 1), SCRATCH_BARE, PAGE_READ | MAP_LARGE, ERROR_STATE},
	};

	for (unsigned int index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		tap_note("case %u", index);
		CHECK_ERROR(map(cases[index].from, cases[index].to, 1, cases[index].flags), cases[index].error);
	}
	frames_check_returned(frame, 2);
}

static void map_in_bulk_stops_at_the_first_error_and_says_where(void) {
	uint64_t frames = frames_take(4);

	CHECK_OK(map(frames, SCRATCH + 2 * PAGE, 1, PAGE_READ));
	CHECK_ERROR(map(frames, SCRATCH, 4, PAGE_READ), ERROR_EXISTS);
	CHECK_EQUAL(answer.words[0], frames + 2 * PAGE);
	CHECK_EQUAL(answer.words[1], SCRATCH + 2 * PAGE);
	CHECK_EQUAL(answer.words[2], 2);
	CHECK_OK(map(frames, SCRATCH + 10 * PAGE, 0, PAGE_READ));
}

static void a_count_that_overflows_stops_where_there_is_nothing(void) {
	uint64_t frames = frames_take(1);

	CHECK_ERROR(map(frames, SCRATCH_BARE - PAGE, ~UINT64_C(0), PAGE_READ), ERROR_NO_MEMORY);
	CHECK_ERROR(unmap(SCRATCH, ~UINT64_C(0), 0), ERROR_RANGE);
	CHECK_ERROR(unmap(ADDRESS_END - PAGE, 2, 0), ERROR_RANGE);
	CHECK_ERROR(unmap(SCRATCH, UINT64_C(1) << 52, 0), ERROR_RANGE);
	CHECK_ERROR(unmap(SCRATCH + 1, 1, 0), ERROR_RANGE);
	CHECK_ERROR(unmap(SCRATCH, 1, 4), ERROR_ARGUMENT);
}

static void holes_are_skipped_by_unmap_however_large(void) {
	uint64_t frame = frames_take(1);

	CHECK_OK(map(frame, SCRATCH + 5 * PAGE, 1, READ_WRITE));
	CHECK_OK(unmap(SCRATCH, SCRATCH_SIZE / PAGE, 0));
	frames_check_returned(frame, 1);
	CHECK_OK(unmap(BEYOND_HOLDS, (ADDRESS_END - BEYOND_HOLDS) / PAGE, 0));
}

static void unmap_revokes_what_was_derived_and_can_leave_the_own_entry(void) {
	uint64_t frame = frames_take(1);
	struct child child;

	space_create(&child);
	space_add_tables(&child, SCRATCH);
	CHECK_DONE();
	CHECK_OK(map(frame, SCRATCH, 1, READ_WRITE | MAP_HOLD));
	give_capability(child.space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, SCRATCH, SCRATCH, 1, READ_WRITE));
	CHECK_OK(KERNEL(child.space, SPACE_LOOK, SCRATCH, 1, 0));
	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_BUSY);
	CHECK_OK(unmap(SCRATCH, 1, UNMAP_CHILDREN));
	/* The child has nothing any more, the hold at SCRATCH still works. */
	give_capability(SLOT_SPACE);
	CHECK_ERROR(KERNEL(child.space, SPACE_MAP, SCRATCH, SCRATCH + PAGE, 1, READ_WRITE), ERROR_NOT_FOUND);
	give_frames(SCRATCH, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
	CHECK_OK(unmap(SCRATCH, 1, 0));
	CHECK_ERROR(map(SCRATCH, SCRATCH + PAGE, 1, READ_WRITE), ERROR_NOT_FOUND);
	frames_check_returned(frame, 1);
}

static void a_mapping_that_is_revoked_faults_at_once(void) {
	struct actor actor;
	uint64_t frame = frames_take(1);

	CHECK_OK(map(frame, SCRATCH, 1, READ_WRITE));
	*(volatile uint64_t *)SCRATCH = 1;
	given_a_faulter(&actor, snippet_store, SCRATCH);
	receive_exception(FAULT_VECTOR_INVALID, snippet_store + 3);
	CHECK_DONE();
	CHECK_OK(REPLY(ERROR_STATE));
	CHECK_OK(unmap(frame, 1, UNMAP_CHILDREN));
	given_a_faulter(&actor, snippet_store, SCRATCH);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_PAGE);
}

static void protect_narrows_a_whole_subtree(void) {
	struct actor actor;
	uint64_t frame = frames_take(1);

	CHECK_OK(map(frame, SCRATCH, 1, READ_WRITE | MAP_HOLD));
	CHECK_OK(map(SCRATCH, SCRATCH + PAGE, 1, READ_WRITE));
	CHECK_OK(map(SCRATCH + PAGE, SCRATCH + 2 * PAGE, 1, READ_WRITE));
	*(volatile uint64_t *)(SCRATCH + 2 * PAGE) = 5;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_PROTECT, SCRATCH, 1, PAGE_READ | MAP_CHILDREN));
	CHECK_EQUAL(*(volatile uint64_t *)(SCRATCH + 2 * PAGE), 5);
	given_a_faulter(&actor, snippet_store, SCRATCH + 2 * PAGE);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[1], PAGE_WRITE);
	CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	/* The entry itself kept its rights: it can give them again. */
	CHECK_OK(map(SCRATCH, SCRATCH + 3 * PAGE, 1, READ_WRITE));
	*(volatile uint64_t *)(SCRATCH + 3 * PAGE) = 6;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_PROTECT, SCRATCH, 1, PAGE_READ));
	CHECK_OK(map(SCRATCH, SCRATCH + 4 * PAGE, 1, READ_WRITE));
	given_a_faulter(&actor, snippet_store, SCRATCH + 4 * PAGE);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[1], PAGE_WRITE);
}

static void a_page_without_execute_gives_no_execute(void) {
	struct actor actor;

	CHECK_OK(map(frames_take(1), SCRATCH, 1, READ_WRITE | MAP_HOLD));
	CHECK_OK(map(SCRATCH, SCRATCH + PAGE, 1, PAGE_RIGHTS));
	given_a_faulter(&actor, snippet_jump, SCRATCH + PAGE);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[1], PAGE_EXECUTE);
}

static void look_tells_once_what_was_accessed_and_written(void) {
	uint64_t frames = frames_take(3);

	CHECK_OK(map(frames, SCRATCH, 3, READ_WRITE));
	(void)*(volatile uint64_t *)(SCRATCH + PAGE);
	*(volatile uint64_t *)(SCRATCH + 2 * PAGE) = 1;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH, 3, 0));
	CHECK_EQUAL(answer.words[0], 6);
	CHECK_EQUAL(answer.words[1], 4);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH, 3, 0));
	CHECK_EQUAL(answer.words[0] | answer.words[1], 0);
	*(volatile uint64_t *)(SCRATCH + 2 * PAGE) = 2;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH, 3, 0));
	CHECK_EQUAL(answer.words[1], 4);
}

static void nested_lookers_do_not_rob_each_other(void) {
	uint64_t frame = frames_take(1);

	CHECK_OK(map(frame, SCRATCH, 1, READ_WRITE | MAP_HOLD));
	CHECK_OK(map(SCRATCH, SCRATCH + PAGE, 1, READ_WRITE));
	*(volatile uint64_t *)(SCRATCH + PAGE) = 1;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH + PAGE, 1, 0));
	CHECK_EQUAL(answer.words[1], 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH, 1, 0));
	CHECK_EQUAL(answer.words[1], 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, frame, 1, 0));
	CHECK_EQUAL(answer.words[1], 1);
	*(volatile uint64_t *)(SCRATCH + PAGE) = 2;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, frame, 1, 0));
	CHECK_EQUAL(answer.words[1], 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, SCRATCH + PAGE, 1, 0));
	CHECK_EQUAL(answer.words[1], 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, frame, 1, 0));
	CHECK_EQUAL(answer.words[1], 0);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_LOOK, frame, 65, 0), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_LOOK, ADDRESS_END, 1, 0), ERROR_RANGE);
}

static void tables_are_added_where_one_is_missing(void) {
	struct child child;
	uint64_t frames = frames_take(16);

	space_create(&child);
	CHECK_DONE();
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 1), ERROR_NO_MEMORY);
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 0), ERROR_RANGE);
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 4), ERROR_RANGE);
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, ADDRESS_END, 3), ERROR_RANGE);
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 3), ERROR_ARGUMENT);
	give_frames(frames, 1);
	CHECK_OK(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 3));
	give_frames(frames + PAGE, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 3), ERROR_EXISTS);
	give_frames(frames + PAGE, 4);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 2), ERROR_ARGUMENT);
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 2), ERROR_BUSY);
	give_frames(frames + PAGE, 1);
	CHECK_OK(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 2));
	give_frames(frames + 2 * PAGE, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_TABLE, SCRATCH, 1), ERROR_ARGUMENT);
	/* No superpage can lie where its record would have no place. */
	give_capability(child.space);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_MAP, superpage_take(), SCRATCH, 1, PAGE_READ | MAP_LARGE),
	            ERROR_NO_MEMORY);
}

static void taking_back_a_tables_frame_takes_what_it_maps(void) {
	struct child child;
	struct actor actor;
	uint64_t table, frame = frames_take(1);

	child_create(&child);
	CHECK_DONE();
	/* object, top, slots, level 3, level 2 with records: then the table of the image. */
	table = child.frames + 9 * PAGE;
	child_map(&child, frame, CHILD_SCRATCH, 1, READ_WRITE);
	actor_create_in(&child, &actor);
	handler_set(&actor, HANDLER_PAGER);
	CHECK_DONE();
	CHECK_OK(unmap(table + 3 * PAGE, 1, UNMAP_CHILDREN)); /* one of its records' frames will do */
	frames_check_returned(table, 5);
	frames_check_returned(frame, 1);
	/* Its thread lost the UTCB with it, and so is gone. */
	CHECK_ERROR(KERNEL(actor.control, THREAD_STATE), CALL_FAILED | ERROR_CAPABILITY);
	CHECK_OK(KERNEL(child.space, SPACE_SERIAL));
}

static void a_superpage_is_taken_whole_or_split(void) {
	uint64_t block = superpage_take();
	uint64_t frames = frames_take(6);

	CHECK_ERROR(unmap(block, 1, UNMAP_CHILDREN), ERROR_STATE);
	CHECK_ERROR(unmap(block + PAGE, 512, UNMAP_CHILDREN), ERROR_STATE);
	CHECK_OK(map(block, SCRATCH_BARE, 1, READ_WRITE | MAP_LARGE));
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SPLIT, block), ERROR_BUSY);
	*(volatile uint64_t *)(SCRATCH_BARE + 17 * PAGE) = 17;
	give_frames(frames, 4);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH_BARE), ERROR_ARGUMENT);
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH_BARE + PAGE), ERROR_RANGE);
	give_frames(frames, 5);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH), ERROR_NOT_FOUND);
	give_frames(frames, 5);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH_BARE));
	CHECK_EQUAL(*(volatile uint64_t *)(SCRATCH_BARE + 17 * PAGE), 17);
	CHECK_OK(unmap(SCRATCH_BARE, 17, 0));
	CHECK_EQUAL(*(volatile uint64_t *)(SCRATCH_BARE + 17 * PAGE), 17);
	CHECK_OK(map(SCRATCH_BARE + 17 * PAGE, SCRATCH, 1, PAGE_READ));
	CHECK_EQUAL(*(volatile uint64_t *)SCRATCH, 17);
	CHECK_OK(unmap(block, 1, UNMAP_CHILDREN | UNMAP_LARGE));
	CHECK_ERROR(map(SCRATCH_BARE + 17 * PAGE, SCRATCH, 1, PAGE_READ), ERROR_NOT_FOUND);
}

static void memory_types_belong_to_roots_own_holds(void) {
	uint64_t frames = frames_take(1);

	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_PHYSICAL, frames), ERROR_RIGHT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_PHYSICAL, SCRATCH), ERROR_NOT_FOUND);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_PHYSICAL, ADDRESS_END + PAGE), ERROR_RANGE);
	CHECK_OK(map(frames, SCRATCH, 1, READ_WRITE | MAP_HOLD));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, SCRATCH, 1, MEMORY_DMA), ERROR_RIGHT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frames, 1, MEMORY_DMA), ERROR_BUSY);
	CHECK_OK(unmap(frames, 1, UNMAP_CHILDREN));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frames, 1, 8), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, SCRATCH, 1, 0), ERROR_NOT_FOUND);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frames, 1, MEMORY_DMA));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_PHYSICAL, frames));
	CHECK_EQUAL(answer.words[0], frames - UINT64_C(0x400000000000));
	/* What a device may write is never the kernel's. */
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_RIGHT);
	CHECK_OK(map(frames, SCRATCH, 1, READ_WRITE | MAP_HOLD));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_PHYSICAL, SCRATCH));
	CHECK_OK(unmap(frames, 1, UNMAP_CHILDREN));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frames, 1, MEMORY_WRITE_BACK));
	frames_check_returned(frames, 1);
}

const struct test mapping_tests[] = {
	TEST(map_refuses_what_is_out_of_range_or_not_there),
	TEST(map_in_bulk_stops_at_the_first_error_and_says_where),
	TEST(a_count_that_overflows_stops_where_there_is_nothing),
	TEST(holes_are_skipped_by_unmap_however_large),
	TEST(unmap_revokes_what_was_derived_and_can_leave_the_own_entry),
	TEST(a_mapping_that_is_revoked_faults_at_once),
	TEST(protect_narrows_a_whole_subtree),
	TEST(a_page_without_execute_gives_no_execute),
	TEST(look_tells_once_what_was_accessed_and_written),
	TEST(nested_lookers_do_not_rob_each_other),
	TEST(tables_are_added_where_one_is_missing),
	TEST(taking_back_a_tables_frame_takes_what_it_maps),
	TEST(a_superpage_is_taken_whole_or_split),
	TEST(memory_types_belong_to_roots_own_holds),
	TESTS_END,
};
