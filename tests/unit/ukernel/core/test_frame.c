/* SPDX-License-Identifier: MIT */
/*
 * Frames granted to the kernel: authority apart from access.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

static struct home *home;
static struct actor *user;
static uint64_t frame; /* in root's space */

static void given_a_user_and_a_frame(void) {
	user = given_somebody();
	home = user->home;
	frame = given_a_frame();
}

/* Root offers what it holds at @address as a slot page for the user's space. */
static error_t grants(uint64_t address, uint64_t index) {
	puts_pages(&root, address, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	return asks(&root, home->control, SPACE_ADD_SLOTS, WORDS(index));
}

static struct frame *descriptor_of(uint64_t address) {
	return frame_find((struct physical_address){address - ROOT_HOLDS});
}

START_TEST(a_frame_is_zeroed_when_it_is_granted_and_when_it_comes_back) {
	given_a_user_and_a_frame();
	ck_assert_uint_eq(grants(frame, 9), ERROR_OK);
	ck_assert_uint_eq(descriptor_of(frame)->type, FRAME_SLOTS);
	const uint64_t *contents = frame_contents(descriptor_of(frame));
	for (unsigned int index = 0; index < PAGE_SIZE / sizeof(*contents); index++)
		ck_assert_uint_eq(contents[index], 0);
	/* world_check() looks at what comes back. */
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(frame, 1, UNMAP_CHILDREN));
	ck_assert_uint_eq(descriptor_of(frame)->type, FRAME_USER);
}
END_TEST

START_TEST(what_a_thread_and_its_message_buffer_held_is_gone_when_their_frames_come_back) {
	struct actor *actor = given_somebody();
	const struct frame *thread = frame_of(actor->thread);
	const struct frame *utcb = frame_of(actor->thread->utcb);
	actor->thread->utcb->user[0] = 0x1234;
	gets(&root, actor->control, THREAD_DESTROY, NO_WORDS);
	/* world_check() has found them zeroed, and written to them as their owner would. */
	ck_assert_uint_eq(thread->type, FRAME_USER);
	ck_assert_uint_eq(utcb->type, FRAME_USER);
	ck_assert_uint_ne(*(const uint64_t *)frame_contents(utcb), 0);
}
END_TEST

START_TEST(a_frame_is_busy_while_any_present_mapping_of_it_exists_anywhere) {
	given_a_user_and_a_frame();
	uint64_t hold = given_mapping(home, frame, 1, PAGE_RIGHTS | MAP_HOLD);
	uint64_t copy = home->next_page + 8 * PAGE_SIZE;
	gets(user, home->own, SPACE_MAP, WORDS(hold, copy, 1, PAGE_READ));
	ck_assert_uint_eq(grants(frame, 9), ERROR_BUSY);
	/* The attack: a pager that kept its mapping would edit what the kernel keeps in the frame. */
	puts_pages(user, hold, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_BUSY);
	gets(user, home->own, SPACE_UNMAP, WORDS(copy, 1, 0));
	puts_pages(user, hold, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_OK);
}
END_TEST

START_TEST(a_frame_is_busy_while_a_present_superpage_covers_it) {
	given_a_user_and_a_frame();
	const uint64_t place = UINT64_C(0x80000000);
	uint64_t large = given_a_superpage();
	given_tables(home, place, TABLE_LEVEL_2M);
	given_tables(home, place + LARGE_PAGE_SIZE, TABLE_LEVEL_4K);
	/* Two large holds of the same memory: one is split and offers a frame, the other is mapped. */
	struct home *other = given_a_space();
	given_tables(other, place, TABLE_LEVEL_2M);
	puts_capability(&root, home->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_HOLD | MAP_LARGE));
	puts_capability(&root, other->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_LARGE));
	puts_pages(&root, given_frames(5), 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_SPLIT, WORDS(place));

	puts_pages(user, place + 7 * PAGE_SIZE, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_BUSY);
	puts_capability(&root, other->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_HOLD | MAP_LARGE));
	puts_pages(user, place + 7 * PAGE_SIZE, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_OK);
	/* And the other way round: with a frame of it granted the superpage cannot be mapped. */
	puts_capability(&root, other->control, 0, 0, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_LARGE)),
	                  ERROR_BUSY);
}
END_TEST

START_TEST(a_granted_frame_can_only_be_revoked) {
	given_a_user_and_a_frame();
	uint64_t hold = given_mapping(home, frame, 1, PAGE_RIGHTS | MAP_HOLD);
	uint64_t copy = home->next_page + 8 * PAGE_SIZE;
	puts_pages(user, hold, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(user, home->own, SPACE_ADD_SLOTS, WORDS(9));
	ck_assert_uint_eq(asks(user, home->own, SPACE_MAP, WORDS(hold, copy, 1, PAGE_READ)), ERROR_BUSY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_MAP, WORDS(hold, copy, 1, PAGE_READ | MAP_HOLD)), ERROR_BUSY);
	puts_capability(&root, home->control, 0, 0, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(frame, copy, 1, PAGE_RIGHTS)), ERROR_BUSY);
	ck_assert_uint_eq(grants(frame, 10), ERROR_BUSY);
	puts_pages(user, hold, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(11)), ERROR_BUSY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PROTECT, WORDS(hold, 1, PAGE_READ)), ERROR_BUSY);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_PROTECT, WORDS(frame, 1, PAGE_READ | MAP_CHILDREN)),
	                  ERROR_BUSY);
	gets(user, home->own, SPACE_LOOK, WORDS(hold, 1, 0));
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(frame, 1, UNMAP_CHILDREN));
	ck_assert_ptr_eq(home->space->slot_pages[9], &slot_page_empty);
}
END_TEST

START_TEST(only_whole_writable_holds_of_small_pages_are_taken) {
	given_a_user_and_a_frame();
	uint64_t read_only = given_mapping(home, frame, 1, PAGE_READ | MAP_HOLD);
	puts_pages(user, read_only, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_RIGHT);
	puts_pages(user, home->next_page + 5 * PAGE_SIZE, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_NOT_FOUND);
	puts_pages(user, user->thread->utcb_address.value, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(user, home->own, SPACE_ADD_SLOTS, WORDS(9)), ERROR_NOT_FOUND);
	ck_assert_uint_eq(grants(given_a_superpage(), 9), ERROR_STATE);
	ck_assert_uint_eq(grants(frame + 1, 9), ERROR_RANGE);
	ck_assert_uint_eq(grants(UINT64_MAX - PAGE_SIZE + 1, 9), ERROR_RANGE);
}
END_TEST

START_TEST(frames_are_counted_exactly_and_each_is_used_once) {
	given_a_user_and_a_frame();
	uint64_t frames = given_frames(6);
	uint64_t granted = frames_granted();
	const uint64_t place = UINT64_C(0x40200000);
	for (unsigned int count = 1; count <= 6; count++) {
		if (count == 5) continue;
		puts_pages(&root, frames, count, PAGE_RIGHTS, ITEM_HOLD, 0);
		ck_assert_uint_eq(asks(&root, home->control, SPACE_ADD_TABLE, WORDS(place, TABLE_LEVEL_4K)),
		                  ERROR_ARGUMENT);
	}
	puts_pages(&root, frames, 4, PAGE_RIGHTS, ITEM_HOLD, 0);
	puts_pages(&root, frames + PAGE_SIZE, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_ADD_TABLE, WORDS(place, TABLE_LEVEL_4K)), ERROR_BUSY);
	ck_assert_uint_eq(frames_granted(), granted);
	puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	puts_pages(&root, frames + 3 * PAGE_SIZE, 3, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(place, TABLE_LEVEL_4K));
	ck_assert_uint_eq(frames_granted(), granted + 5);
}
END_TEST

/* Takes each frame that @label needs away in turn: it must fail and change nothing, and succeed with all. */
static void sweep(uint32_t label, unsigned int frames_needed, const uint64_t *words, unsigned long count,
                  error_t none) {
	uint64_t frames = given_frames(frames_needed);
	uint64_t granted = frames_granted();
	uint32_t slots = given_a_slot();
	(void)given_a_slot();
	accepts_slots(&root, slots, 2);

	for (unsigned int missing = 0; missing < frames_needed; missing++) {
		for (unsigned int index = 0; index < frames_needed; index++)
			puts_pages(&root,
			           index == missing ? ROOT_HOLDS + UINT64_C(0x7f000000) : frames + index * PAGE_SIZE, 1,
			           PAGE_RIGHTS, ITEM_HOLD, 0);
		ck_assert_uint_eq(asks(&root, home->control, label, words, count), none);
		ck_assert_uint_eq(frames_granted(), granted);
	}
	puts_pages(&root, frames, frames_needed, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, label, words, count), ERROR_OK);
	ck_assert_uint_eq(frames_granted(), granted + frames_needed);
}

START_TEST(whichever_frame_is_missing_nothing_is_made) {
	given_a_user_and_a_frame();
	sweep(SPACE_CREATE_SPACE, 2, NO_WORDS, ERROR_NOT_FOUND);
	sweep(SPACE_CREATE_THREAD, 2, WORDS(home->next_utcb), ERROR_NOT_FOUND);
	sweep(SPACE_CREATE_THREAD, 1, WORDS(0), ERROR_NOT_FOUND);
	sweep(SPACE_ADD_TABLE, 5, WORDS(0x40200000, TABLE_LEVEL_4K), ERROR_NOT_FOUND);
	sweep(SPACE_ADD_SLOTS, 1, WORDS(9), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(without_room_for_the_answers_capabilities_nothing_is_made) {
	given_a_user_and_a_frame();
	uint64_t frames = given_frames(2);
	uint64_t granted = frames_granted();
	uint32_t slots = given_a_slot();

	accepts_slots(&root, slots, 1);
	puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_CREATE_THREAD, WORDS(home->next_utcb)), ERROR_RANGE);
	accepts_slots(&root, SLOTS_PER_PAGE * 9, 2);
	puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_CREATE_THREAD, WORDS(home->next_utcb)), ERROR_NO_MEMORY);
	accepts_slots(&root, ROOT_SLOT_SPACE, 2);
	puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_CREATE_THREAD, WORDS(home->next_utcb)), ERROR_EXISTS);
	accepts_slots(&root, 0, 1);
	puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_CREATE_SPACE, NO_WORDS), ERROR_RANGE);
	ck_assert_uint_eq(frames_granted(), granted);
}
END_TEST

START_TEST(places_of_objects_are_checked) {
	given_a_user_and_a_frame();
	uint64_t frames = given_frames(5);
	uint32_t slots = given_a_slot();
	(void)given_a_slot();
	accepts_slots(&root, slots, 2);
	static const struct {
		uint64_t address;
		error_t error;
	} utcbs[] = {
		{0x40000001, ERROR_RANGE},     {0x7ffffffff000, ERROR_RANGE}, {0xffff800000000000, ERROR_RANGE},
		{0x80000000, ERROR_NO_MEMORY}, {0x401ff000, ERROR_EXISTS}, /* the user's own */
	};
	for (unsigned int index = 0; index < sizeof(utcbs) / sizeof(utcbs[0]); index++) {
		puts_pages(&root, frames, 2, PAGE_RIGHTS, ITEM_HOLD, 0);
		ck_assert_uint_eq(asks(&root, home->control, SPACE_CREATE_THREAD, WORDS(utcbs[index].address)),
		                  utcbs[index].error);
	}
	static const struct {
		uint64_t address, level;
		error_t error;
	} tables[] = {
		{0x40000000, 1, ERROR_EXISTS},        {0x80000000, 1, ERROR_NO_MEMORY},
		{0x40200000, 0, ERROR_RANGE},         {0x40200000, 4, ERROR_RANGE},
		{0x7ffffffff000, 1, ERROR_RANGE},     {0xffff800000000000, 1, ERROR_RANGE},
		{0x7f0000000000, 2, ERROR_NO_MEMORY},
	};
	for (unsigned int index = 0; index < sizeof(tables) / sizeof(tables[0]); index++) {
		puts_pages(&root, frames, 5, PAGE_RIGHTS, ITEM_HOLD, 0);
		ck_assert_uint_eq(
			asks(&root, home->control, SPACE_ADD_TABLE, WORDS(tables[index].address, tables[index].level)),
			tables[index].error);
	}
	ck_assert_uint_eq(grants(frame, 0), ERROR_EXISTS);
	ck_assert_uint_eq(grants(frame, SLOT_PAGES), ERROR_RANGE);
	ck_assert_uint_eq(grants(frame, UINT64_MAX), ERROR_RANGE);
	ck_assert_uint_eq(grants(frame, SLOT_PAGES - 1), ERROR_OK);
}
END_TEST

SUITE("kernel frame", a_frame_is_zeroed_when_it_is_granted_and_when_it_comes_back,
      what_a_thread_and_its_message_buffer_held_is_gone_when_their_frames_come_back,
      a_frame_is_busy_while_any_present_mapping_of_it_exists_anywhere,
      a_frame_is_busy_while_a_present_superpage_covers_it, a_granted_frame_can_only_be_revoked,
      only_whole_writable_holds_of_small_pages_are_taken, frames_are_counted_exactly_and_each_is_used_once,
      whichever_frame_is_missing_nothing_is_made, without_room_for_the_answers_capabilities_nothing_is_made,
      places_of_objects_are_checked)
