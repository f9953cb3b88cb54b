/* SPDX-License-Identifier: MIT */
/*
 * Page tables as granted frames: split, revocation of tables, what lies below.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

#define PLACE UINT64_C(0x80000000)

static struct home *home;
static struct actor *user;
static uint64_t frames; /* five of root's for a split */

/* The user has a superpage at PLACE. */
static void given_a_user_with_a_superpage(uint64_t rights) {
	user = given_somebody();
	home = user->home;
	given_tables(home, PLACE, TABLE_LEVEL_2M);
	puts_capability(&root, home->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(given_a_superpage(), PLACE, 1, rights | MAP_LARGE));
	frames = given_frames(5);
}

static error_t splits(void) {
	puts_pages(&root, frames, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	return asks(&root, home->control, SPACE_SPLIT, WORDS(PLACE));
}

static page_entry_t entry_at(uint64_t address) { return *table_walk(home->space, address, TABLE_LEVEL_4K).entry; }

static unsigned int level_at(uint64_t address) { return table_walk(home->space, address, TABLE_LEVEL_4K).level; }

START_TEST(a_split_superpage_means_what_it_meant_before) {
	given_a_user_with_a_superpage(PAGE_READ | PAGE_WRITE);
	uint64_t physical = page_entry_frame(entry_at(PLACE)).value;
	fake_access(home->space, PLACE + 0x5000, PAGE_WRITE);
	uint64_t present = present_mappings_counted();
	ck_assert_uint_eq(splits(), ERROR_OK);
	ck_assert_uint_eq(present_mappings_counted(), present + 511);
	for (unsigned int index = 0; index < TABLE_ENTRIES; index++) {
		page_entry_t entry = entry_at(PLACE + index * PAGE_SIZE);
		ck_assert_uint_eq(page_entry_frame(entry).value, physical + index * PAGE_SIZE);
		ck_assert_uint_eq(page_entry_rights(entry), PAGE_READ | PAGE_WRITE);
	}
	gets(user, home->own, SPACE_LOOK, WORDS(PLACE, 1, 0));
	ck_assert_uint_eq(word_of(user, 1), 1);
	gets(user, home->own, SPACE_UNMAP, WORDS(PLACE + PAGE_SIZE, 2, 0));
	ck_assert_int_eq(fake_access(home->space, PLACE + 0x2000, PAGE_READ), ACCESS_FAULT);
	ck_assert_int_eq(fake_access(home->space, PLACE + 0x3000, PAGE_READ), ACCESS_DONE);
}
END_TEST

START_TEST(pieces_of_a_split_superpage_go_with_what_it_came_from) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	uint64_t physical = page_entry_frame(entry_at(PLACE)).value;
	ck_assert_uint_eq(splits(), ERROR_OK);
	fake_access(home->space, PLACE, PAGE_READ);
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(ROOT_HOLDS + physical, 1, UNMAP_CHILDREN | UNMAP_LARGE));
	for (unsigned int index = 0; index < TABLE_ENTRIES; index++)
		ck_assert_uint_eq(entry_at(PLACE + index * PAGE_SIZE), 0);
	ck_assert_uint_eq(level_at(PLACE), TABLE_LEVEL_4K);
}
END_TEST

START_TEST(what_was_derived_from_keeps_a_superpage_whole) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	gets(user, home->own, SPACE_MAP, WORDS(PLACE, PLACE + LARGE_PAGE_SIZE, 1, PAGE_RIGHTS | MAP_LARGE));
	ck_assert_uint_eq(splits(), ERROR_BUSY);
	gets(user, home->own, SPACE_UNMAP, WORDS(PLACE, 1, UNMAP_LARGE | UNMAP_CHILDREN));
	ck_assert_uint_eq(splits(), ERROR_OK);
	ck_assert_uint_eq(splits(), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(a_split_needs_a_superpage_and_five_frames) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	puts_pages(&root, frames, 4, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SPLIT, WORDS(PLACE)), ERROR_ARGUMENT);
	puts_pages(&root, frames, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SPLIT, WORDS(PLACE + PAGE_SIZE)), ERROR_RANGE);
	puts_pages(&root, frames, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SPLIT, WORDS(PLACE + LARGE_PAGE_SIZE)), ERROR_NOT_FOUND);
	puts_pages(&root, frames, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SPLIT, WORDS(UINT64_MAX - LARGE_PAGE_SIZE + 1)),
	                  ERROR_RANGE);
	puts_item(&root, (struct ipc_item){ITEM_PAGES, UINT64_MAX - PAGE_SIZE + 1, 5, 0});
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SPLIT, WORDS(PLACE)), ERROR_RANGE);
}
END_TEST

/* What happens while a split is interrupted. */
static void (*meanwhile)(void);
static unsigned int interruptions;

static void happens_once(void) {
	if (++interruptions == 100) meanwhile();
}

static error_t splits_while(void (*happens)(void)) {
	meanwhile = happens;
	interruptions = 0;
	world_on_interrupt = happens_once;
	fake_interrupt_every(1);
	error_t error = splits();
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	ck_assert_uint_ge(interruptions, 100);
	return error;
}

static void nothing(void) {}

START_TEST(an_interrupted_split_gives_the_same) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	ck_assert_uint_eq(splits_while(nothing), ERROR_OK);
	ck_assert_uint_eq(level_at(PLACE), TABLE_LEVEL_4K);
	ck_assert_int_eq(fake_access(home->space, PLACE + 511 * PAGE_SIZE, PAGE_WRITE), ACCESS_DONE);
}
END_TEST

static void writes_to_it(void) { fake_access(home->space, PLACE, PAGE_WRITE); }

START_TEST(marks_left_during_a_split_are_not_lost) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	ck_assert_uint_eq(splits_while(writes_to_it), ERROR_OK);
	gets(user, home->own, SPACE_LOOK, WORDS(PLACE, 1, 0));
	ck_assert_uint_eq(word_of(user, 1), 1);
}
END_TEST

static void derives_from_it(void) {
	fake_interrupt_every(0);
	gets(user, home->own, SPACE_MAP, WORDS(PLACE, PLACE + LARGE_PAGE_SIZE, 1, PAGE_RIGHTS | MAP_LARGE));
	fake_interrupt_every(1);
}

START_TEST(a_superpage_that_something_derives_from_during_its_split_stays_whole) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	ck_assert_uint_eq(splits_while(derives_from_it), ERROR_BUSY);
	ck_assert_uint_eq(level_at(PLACE), TABLE_LEVEL_2M);
	gets(user, home->own, SPACE_UNMAP, WORDS(PLACE, 1, UNMAP_LARGE | UNMAP_CHILDREN));
	/* The same frames go on where they were. */
	ck_assert_uint_eq(splits(), ERROR_OK);
	ck_assert_uint_eq(level_at(PLACE), TABLE_LEVEL_4K);
}
END_TEST

static void narrows_it(void) {
	fake_interrupt_every(0);
	gets(user, home->own, SPACE_PROTECT, WORDS(PLACE, 512, PAGE_READ));
	fake_interrupt_every(1);
}

START_TEST(a_superpage_narrowed_during_its_split_is_narrow_in_all_its_pieces) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	ck_assert_uint_eq(splits_while(narrows_it), ERROR_OK);
	for (unsigned int index = 0; index < TABLE_ENTRIES; index++)
		ck_assert_uint_eq(page_entry_rights(entry_at(PLACE + index * PAGE_SIZE)), PAGE_READ);
}
END_TEST

static void unmaps_it(void) {
	fake_interrupt_every(0);
	gets(user, home->own, SPACE_UNMAP, WORDS(PLACE, 1, UNMAP_LARGE));
	fake_interrupt_every(1);
}

START_TEST(a_superpage_unmapped_during_its_split_stays_unmapped_and_the_frames_come_back) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	uint64_t granted = frames_granted();
	ck_assert_uint_eq(splits_while(unmaps_it), ERROR_NOT_FOUND);
	ck_assert_uint_eq(frames_granted(), granted);
}
END_TEST

static void destroys_the_space(void) {
	fake_interrupt_every(0);
	gets(&root, home->control, SPACE_DESTROY, NO_WORDS);
	fake_interrupt_every(1);
}

START_TEST(a_space_destroyed_during_a_split_leaves_frames_that_can_be_revoked) {
	given_a_user_with_a_superpage(PAGE_RIGHTS);
	struct actor *other = given_somebody();
	uint32_t control = given_control_of_space(home, other->home);
	uint64_t hold = given_mapping(other->home, frames, 5, PAGE_RIGHTS | MAP_HOLD);
	uint64_t granted = frames_granted();
	meanwhile = destroys_the_space;
	interruptions = 0;
	world_on_interrupt = happens_once;
	fake_interrupt_every(1);
	puts_pages(other, hold, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(other, control, SPACE_SPLIT, WORDS(PLACE)), ERROR_CAPABILITY);
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	ck_assert_uint_lt(frames_granted(), granted + 5);
	/* Its frames may be anything else by now. */
	given_somebody();
	granted = frames_granted();
	gets(other, other->home->own, SPACE_UNMAP, WORDS(hold + 3 * PAGE_SIZE, 1, 0));
	ck_assert_uint_eq(frames_granted(), granted - 5);
}
END_TEST

START_TEST(revoking_a_table_page_removes_all_that_it_maps) {
	user = given_somebody();
	home = user->home;
	uint64_t tables = given_frames(11);
	puts_pages(&root, tables, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(UINT64_C(0x8000000000), TABLE_LEVEL_1G));
	puts_pages(&root, tables + PAGE_SIZE, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(UINT64_C(0x8000000000), TABLE_LEVEL_2M));
	puts_pages(&root, tables + 6 * PAGE_SIZE, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(UINT64_C(0x8000000000), TABLE_LEVEL_4K));
	uint64_t pages = given_pages(home, 4, PAGE_RIGHTS);
	gets(user, home->own, SPACE_MAP, WORDS(pages, UINT64_C(0x8000000000), 4, PAGE_RIGHTS));
	gets(user, home->own, SPACE_MAP, WORDS(UINT64_C(0x8000000000), pages + 8 * PAGE_SIZE, 4, PAGE_RIGHTS));
	for (unsigned int page = 0; page < 4; page++)
		fake_access(home->space, UINT64_C(0x8000000000) + page * PAGE_SIZE, PAGE_WRITE);
	uint64_t granted = frames_granted();
	/* Any of its frames stands for the table: here one of its records. */
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(tables + 8 * PAGE_SIZE, 1, UNMAP_CHILDREN));
	ck_assert_uint_eq(frames_granted(), granted - 5);
	ck_assert_int_eq(fake_access(home->space, UINT64_C(0x8000000000), PAGE_READ), ACCESS_FAULT);
	ck_assert_int_eq(fake_access(home->space, pages + 8 * PAGE_SIZE, PAGE_READ), ACCESS_FAULT);
	ck_assert_int_eq(fake_access(home->space, pages, PAGE_READ), ACCESS_DONE);
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(tables, 1, UNMAP_CHILDREN));
	ck_assert_uint_eq(frames_granted(), granted - 11);
}
END_TEST

START_TEST(revoking_the_table_of_a_utcb_destroys_its_thread) {
	user = given_somebody();
	struct actor *client = given_somebody();
	home = user->home;
	uint64_t tables = given_frames(5);
	puts_pages(&root, tables, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(UINT64_C(0x40200000), TABLE_LEVEL_4K));
	home->next_utcb = UINT64_C(0x40200000);
	struct actor *thread = given_a_thread(home);
	given_a_caller_served(client, thread);
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(tables, 1, UNMAP_CHILDREN));
	assert_failed(client, ERROR_PEER_LOST);
	ck_assert_uint_eq(asks(&root, thread->control, THREAD_STATE, NO_WORDS), ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_detached_table_does_not_kill_the_next_user_of_a_utcb_frame) {
	user = given_somebody();
	home = user->home;
	uint64_t tables = given_frames(5);
	puts_pages(&root, tables, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(UINT64_C(0x40200000), TABLE_LEVEL_4K));
	uint64_t pages = given_pages(home, 4, PAGE_RIGHTS);
	gets(user, home->own, SPACE_MAP, WORDS(pages, UINT64_C(0x40200000), 4, PAGE_RIGHTS));
	home->next_utcb = UINT64_C(0x40210000);
	struct actor *thread = given_a_thread(home);
	struct frame *utcb = frame_of(thread->thread->utcb);

	/* The table's drain stops before it comes to the UTCB. */
	struct frame *nested = NULL;
	fake_interrupt_every(2);
	ck_assert_int_eq(table_drain(frame_of(table_walk(home->space, UINT64_C(0x40200000), 1).entry), &nested),
	                 STEP_AGAIN);
	fake_interrupt_every(0);
	gets(&root, thread->control, THREAD_DESTROY, NO_WORDS);
	struct home *innocent = given_a_space();
	uint64_t frame = given_a_frame();
	uint32_t slots = given_a_slot();
	(void)given_a_slot();
	puts_pages(&root, frame, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	puts_pages(&root, ROOT_HOLDS + frame_physical(utcb).value, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	accepts_slots(&root, slots, 2);
	gets(&root, innocent->control, SPACE_CREATE_THREAD, WORDS(innocent->next_utcb));
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(tables, 1, UNMAP_CHILDREN));
	gets(&root, slots, THREAD_STATE, NO_WORDS);
	ck_assert_uint_eq(utcb->type, FRAME_UTCB);
}
END_TEST

SUITE("kernel table", a_split_superpage_means_what_it_meant_before,
      pieces_of_a_split_superpage_go_with_what_it_came_from, what_was_derived_from_keeps_a_superpage_whole,
      a_split_needs_a_superpage_and_five_frames, an_interrupted_split_gives_the_same,
      marks_left_during_a_split_are_not_lost, a_superpage_that_something_derives_from_during_its_split_stays_whole,
      a_superpage_narrowed_during_its_split_is_narrow_in_all_its_pieces,
      a_superpage_unmapped_during_its_split_stays_unmapped_and_the_frames_come_back,
      a_space_destroyed_during_a_split_leaves_frames_that_can_be_revoked,
      revoking_a_table_page_removes_all_that_it_maps, revoking_the_table_of_a_utcb_destroys_its_thread,
      a_detached_table_does_not_kill_the_next_user_of_a_utcb_frame)
