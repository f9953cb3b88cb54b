/* SPDX-License-Identifier: MIT */
/*
 * Mappings: map, unmap, protect, look; and what each side pays.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

static struct home *home;
static struct actor *user;
static uint64_t pages; /* eight, mapped with all rights */

static void given_a_user_with(uint64_t rights) {
	user = given_somebody();
	home = user->home;
	pages = given_pages(home, 8, rights);
	home->next_page = pages + 64 * PAGE_SIZE;
}

static void given_a_user(void) { given_a_user_with(PAGE_RIGHTS); }

static page_entry_t entry_at(struct home *where, uint64_t address) {
	struct table_place place = table_walk(where->space, address, TABLE_LEVEL_4K);

	return place.level == TABLE_LEVEL_4K ? *place.entry : 0;
}

static error_t maps(uint64_t from, uint64_t to, uint64_t count, uint64_t flags) {
	return asks(user, home->own, SPACE_MAP, WORDS(from, to, count, flags));
}

static void unmaps(uint64_t address, uint64_t count, uint64_t flags) {
	gets(user, home->own, SPACE_UNMAP, WORDS(address, count, flags));
}

static void protects(uint64_t address, uint64_t count, uint64_t rights) {
	gets(user, home->own, SPACE_PROTECT, WORDS(address, count, rights));
}

static int can(unsigned int access, uint64_t address) {
	return fake_access(home->space, address, access) == ACCESS_DONE;
}

/* The n-th page of the place for copies. */
static uint64_t copy(unsigned int n) { return pages + (16 + n) * PAGE_SIZE; }

START_TEST(a_mapping_gives_what_was_asked_for_and_no_more_than_the_giver_has) {
	given_a_user_with(PAGE_READ | PAGE_WRITE);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(pages, copy(1), 1, PAGE_READ), ERROR_OK);
	ck_assert_int_eq(can(PAGE_WRITE, copy(0)), 1);
	ck_assert_int_eq(can(PAGE_EXECUTE, copy(0)), 0);
	ck_assert_int_eq(can(PAGE_READ, copy(1)), 1);
	ck_assert_int_eq(can(PAGE_WRITE, copy(1)), 0);
	ck_assert_uint_eq(page_entry_frame(entry_at(home, copy(1))).value,
	                  page_entry_frame(entry_at(home, pages)).value);
}
END_TEST

START_TEST(a_hold_can_become_a_mapping_and_back) {
	given_a_user_with(PAGE_RIGHTS | MAP_HOLD);
	ck_assert_int_eq(can(PAGE_READ, pages), 0);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_int_eq(can(PAGE_WRITE, copy(0)), 1);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS | MAP_HOLD), ERROR_OK);
	ck_assert_int_eq(can(PAGE_READ, copy(0)), 0);
}
END_TEST

START_TEST(unmap_takes_the_page_and_all_that_came_from_it) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(pages, copy(2), 1, PAGE_RIGHTS), ERROR_OK);
	for (unsigned int n = 0; n < 3; n++) ck_assert_int_eq(can(PAGE_WRITE, copy(n)), 1);
	unmaps(copy(0), 1, 0);
	ck_assert_int_eq(can(PAGE_READ, copy(0)), 0);
	ck_assert_int_eq(can(PAGE_READ, copy(1)), 0);
	ck_assert_int_eq(can(PAGE_READ, copy(2)), 1);
	unmaps(pages, 1, UNMAP_CHILDREN);
	ck_assert_int_eq(can(PAGE_READ, copy(2)), 0);
	ck_assert_int_eq(can(PAGE_READ, pages), 1);
	unmaps(pages, 1, 0);
	ck_assert_int_eq(can(PAGE_READ, pages), 0);
}
END_TEST

START_TEST(unmap_skips_holes_and_missing_tables) {
	given_a_user();
	unmaps(pages, 64, 0);
	ck_assert_int_eq(can(PAGE_READ, pages), 0);
	unmaps(0, UINT64_C(1) << 30, 0);
	unmaps(UINT64_C(0x7ffffffff000) - PAGE_SIZE, 1, 0);
}
END_TEST

START_TEST(ranges_outside_user_addresses_are_refused) {
	given_a_user();
	static const uint64_t wrong[] = {1, 0x7ffffffff000, 0x800000000000, 0xffff800000000000,
	                                 UINT64_MAX - PAGE_SIZE + 1};
	for (unsigned int index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(wrong[index], 1, 0)), ERROR_RANGE);
		ck_assert_uint_eq(asks(user, home->own, SPACE_PROTECT, WORDS(wrong[index], 1, PAGE_READ)), ERROR_RANGE);
		ck_assert_uint_eq(asks(user, home->own, SPACE_LOOK, WORDS(wrong[index], 1, 0)), ERROR_RANGE);
		ck_assert_uint_eq(maps(wrong[index], copy(0), 1, PAGE_RIGHTS), ERROR_RANGE);
		ck_assert_uint_eq(maps(pages, wrong[index], 1, PAGE_RIGHTS), ERROR_RANGE);
	}
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(PAGE_SIZE, UINT64_C(0x7fffffffe) + 1, 0)),
	                  ERROR_RANGE);
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(PAGE_SIZE, UINT64_MAX, 0)), ERROR_RANGE);
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(PAGE_SIZE, 1, UNMAP_LARGE)), ERROR_RANGE);
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(pages, 1, 4)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_MAP, WORDS(pages, copy(0), 1, 0x80)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PROTECT, WORDS(pages, 1, 0x10)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_LOOK, WORDS(pages, 65, 0)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_LOOK, WORDS(pages, 1, 1)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(pages, 1)), ERROR_ARGUMENT);
}
END_TEST

START_TEST(protect_narrows_the_page_and_all_that_came_from_it) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(2), 1, PAGE_RIGHTS | MAP_HOLD), ERROR_OK);
	for (unsigned int n = 0; n < 2; n++) ck_assert_int_eq(can(PAGE_WRITE, copy(n)), 1);
	protects(pages, 1, PAGE_READ);
	ck_assert_int_eq(can(PAGE_WRITE, pages), 0);
	for (unsigned int n = 0; n < 2; n++) {
		ck_assert_int_eq(can(PAGE_WRITE, copy(n)), 0);
		ck_assert_int_eq(can(PAGE_EXECUTE, copy(n)), 0);
		ck_assert_int_eq(can(PAGE_READ, copy(n)), 1);
	}
	ck_assert_uint_eq(page_entry_rights(entry_at(home, copy(2))), PAGE_READ);
}
END_TEST

START_TEST(protect_can_leave_the_page_itself_alone) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	protects(pages, 1, PAGE_READ | MAP_CHILDREN);
	ck_assert_int_eq(can(PAGE_WRITE, pages), 1);
	ck_assert_int_eq(can(PAGE_WRITE, copy(0)), 0);
}
END_TEST

START_TEST(protect_never_adds_rights) {
	given_a_user_with(PAGE_READ);
	protects(pages, 1, PAGE_RIGHTS);
	ck_assert_int_eq(can(PAGE_WRITE, pages), 0);
	ck_assert_int_eq(can(PAGE_EXECUTE, pages), 0);
}
END_TEST

START_TEST(a_page_with_children_is_not_narrowed_by_mapping_it_again) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_READ), ERROR_BUSY);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS | MAP_HOLD), ERROR_OK);
	ck_assert_int_eq(can(PAGE_WRITE, copy(1)), 1);
}
END_TEST

START_TEST(an_occupied_place_is_refused_even_for_the_same_frame_from_another_parent) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(pages + PAGE_SIZE, copy(0), 1, PAGE_RIGHTS), ERROR_EXISTS);
	ck_assert_uint_eq(maps(pages, copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_EXISTS);
	ck_assert_uint_eq(maps(pages, pages, 1, PAGE_RIGHTS), ERROR_EXISTS);
	ck_assert_uint_eq(maps(pages, user->thread->utcb_address.value, 1, PAGE_RIGHTS), ERROR_EXISTS);
	ck_assert_uint_eq(maps(user->thread->utcb_address.value, copy(2), 1, PAGE_RIGHTS), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(bulk_mapping_stops_at_the_first_error_having_done_what_came_before) {
	given_a_user();
	ck_assert_uint_eq(maps(pages + PAGE_SIZE, copy(3), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(pages, copy(0), 8, PAGE_RIGHTS), ERROR_EXISTS);
	ck_assert_uint_eq(word_of(user, 0), pages + 3 * PAGE_SIZE);
	ck_assert_uint_eq(word_of(user, 1), copy(3));
	ck_assert_uint_eq(word_of(user, 2), 5);
	ck_assert_int_eq(can(PAGE_READ, copy(2)), 1);
	ck_assert_uint_eq(entry_at(home, copy(4)), 0);
}
END_TEST

START_TEST(a_missing_table_says_no_memory_at_every_level) {
	static const uint64_t places[] = {UINT64_C(0x7f0000000000), UINT64_C(0x80000000), UINT64_C(0x40200000)};
	given_a_user();
	for (unsigned int missing = 0; missing < 3; missing++)
		ck_assert_uint_eq(maps(pages, places[missing], 1, PAGE_RIGHTS), ERROR_NO_MEMORY);
	/* Each failing table in turn until nothing is missing. */
	const uint64_t place = UINT64_C(0x7f0000000000);
	for (unsigned int level = TABLE_LEVEL_1G; level >= TABLE_LEVEL_4K; level--) {
		ck_assert_uint_eq(maps(pages, place, 1, PAGE_RIGHTS), ERROR_NO_MEMORY);
		given_tables(home, place, level);
	}
	ck_assert_uint_eq(maps(pages, place, 1, PAGE_RIGHTS), ERROR_OK);
}
END_TEST

START_TEST(a_superpage_needs_records_in_its_table) {
	const uint64_t place = UINT64_C(0x80000000);
	given_a_user();
	uint64_t large = given_a_superpage();
	puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_TABLE, WORDS(place, TABLE_LEVEL_2M));
	puts_capability(&root, home->control, 0, 0, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_LARGE)),
	                  ERROR_NO_MEMORY);
}
END_TEST

START_TEST(superpages_are_taken_whole_or_not_at_all) {
	const uint64_t place = UINT64_C(0x80000000);
	given_a_user();
	given_tables(home, place, TABLE_LEVEL_2M);
	puts_capability(&root, home->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(given_a_superpage(), place, 1, PAGE_RIGHTS | MAP_LARGE));
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(place + PAGE_SIZE, 1, 0)), ERROR_STATE);
	ck_assert_uint_eq(asks(user, home->own, SPACE_UNMAP, WORDS(place, 511, 0)), ERROR_STATE);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PROTECT, WORDS(place, 1, PAGE_READ)), ERROR_STATE);
	ck_assert_uint_eq(maps(place, copy(0), 1, PAGE_RIGHTS), ERROR_STATE);
	ck_assert_uint_eq(maps(pages, place + LARGE_PAGE_SIZE, 1, PAGE_RIGHTS | MAP_LARGE), ERROR_STATE);
	ck_assert_uint_eq(maps(pages + PAGE_SIZE, place, 1, PAGE_RIGHTS | MAP_LARGE), ERROR_RANGE);
	protects(place, 512, PAGE_READ);
	ck_assert_int_eq(can(PAGE_WRITE, place + 5 * PAGE_SIZE), 0);
	unmaps(place, 1, UNMAP_LARGE);
	ck_assert_int_eq(can(PAGE_READ, place), 0);
}
END_TEST

START_TEST(a_third_party_with_control_of_two_spaces_maps_from_one_to_the_other) {
	struct home *from = given_a_space();
	struct home *to = given_a_space();
	given_a_user();
	uint64_t source = given_pages(from, 2, PAGE_RIGHTS);
	uint32_t from_control = given_control_of_space(from, home);
	puts_capability(user, given_control_of_space(to, home), 0, 0, 0);
	gets(user, from_control, SPACE_MAP, WORDS(source, to->next_page, 2, PAGE_READ));
	ck_assert_int_eq(fake_access(to->space, to->next_page, PAGE_READ), ACCESS_DONE);
	gets(user, from_control, SPACE_UNMAP, WORDS(source, 2, 0));
	ck_assert_int_eq(fake_access(to->space, to->next_page, PAGE_READ), ACCESS_FAULT);
}
END_TEST

START_TEST(device_memory_can_be_mapped_and_never_granted) {
	given_a_user();
	const uint64_t registers = ROOT_HOLDS + DEVICE_START;
	puts_capability(&root, home->control, 0, 0, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(registers, copy(0), 1, PAGE_RIGHTS)),
	                  ERROR_STATE);
	puts_pages(&root, given_frames(5), 5, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_SPLIT, WORDS(registers));
	puts_capability(&root, home->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(registers, copy(0), 1, PAGE_RIGHTS));
	ck_assert_uint_eq(page_entry_attributes(entry_at(home, copy(0))),
	                  page_entry_attributes_from_type(MEMORY_UNCACHED));
	ck_assert_int_eq(can(PAGE_WRITE, copy(0)), 1);
	ck_assert_int_eq(can(PAGE_EXECUTE, copy(0)), 0);
	puts_pages(&root, registers + PAGE_SIZE, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_ADD_SLOTS, WORDS(9)), ERROR_RIGHT);
}
END_TEST

START_TEST(cache_attribute_and_dma_are_fixed_by_the_first_holder_and_inherited) {
	given_a_user();
	uint64_t frame = given_a_frame();
	gets(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(frame, 1, MEMORY_WRITE_COMBINING | MEMORY_DMA));
	uint64_t address = given_mapping(home, frame, 1, PAGE_RIGHTS);
	ck_assert_uint_eq(page_entry_attributes(entry_at(home, address)),
	                  page_entry_attributes_from_type(MEMORY_WRITE_COMBINING | MEMORY_DMA));
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(frame, 1, 0)), ERROR_BUSY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_SET_MEMORY_TYPE, WORDS(address, 1, 0)), ERROR_RIGHT);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(PAGE_SIZE, 1, 0)), ERROR_NOT_FOUND);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(frame, 1, 0x40)), ERROR_ARGUMENT);
	gets(user, home->own, SPACE_PHYSICAL, WORDS(address + 0x123));
	ck_assert_uint_eq(word_of(user, 0), frame - ROOT_HOLDS + 0x123);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PHYSICAL, WORDS(pages)), ERROR_RIGHT);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PHYSICAL, WORDS(copy(9))), ERROR_NOT_FOUND);
	ck_assert_uint_eq(asks(user, home->own, SPACE_PHYSICAL, WORDS(UINT64_MAX)), ERROR_RANGE);
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(frame, 1, UNMAP_CHILDREN));
	puts_pages(&root, frame, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_ADD_SLOTS, WORDS(9)), ERROR_RIGHT);
}
END_TEST

/* --- Accessed and dirty -------------------------------------------------------------------------- */

/* What a look at @address finds: RECORD_* bits. */
static unsigned int look(struct actor *who, uint64_t address) {
	gets(who, who->home->own, SPACE_LOOK, WORDS(address, 1, 0));
	return (word_of(who, 0) ? RECORD_ACCESSED : 0) | (word_of(who, 1) ? RECORD_DIRTY : 0);
}

START_TEST(a_look_tells_of_the_whole_subtree_once) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(look(user, pages), 0);
	can(PAGE_READ, copy(1));
	ck_assert_uint_eq(look(user, pages), RECORD_ACCESSED);
	ck_assert_uint_eq(look(user, pages), 0);
	can(PAGE_WRITE, copy(1));
	ck_assert_uint_eq(look(user, pages), RECORD_ACCESSED | RECORD_DIRTY);
	ck_assert_uint_eq(look(user, pages), 0);
}
END_TEST

START_TEST(nested_lookers_do_not_rob_each_other) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	can(PAGE_WRITE, copy(1));
	ck_assert_uint_eq(look(user, pages), RECORD_MARKS);
	ck_assert_uint_eq(look(user, copy(0)), RECORD_MARKS);
	ck_assert_uint_eq(look(user, copy(1)), RECORD_MARKS);
	can(PAGE_WRITE, copy(1));
	ck_assert_uint_eq(look(user, copy(1)), RECORD_MARKS);
	ck_assert_uint_eq(look(user, copy(0)), RECORD_MARKS);
	ck_assert_uint_eq(look(user, pages), RECORD_MARKS);
	ck_assert_uint_eq(look(user, pages) | look(user, copy(0)) | look(user, copy(1)), 0);
}
END_TEST

START_TEST(marks_of_a_mapping_that_goes_are_left_with_its_parent) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(maps(copy(0), copy(1), 1, PAGE_RIGHTS), ERROR_OK);
	can(PAGE_WRITE, copy(1));
	unmaps(copy(0), 1, 0);
	ck_assert_uint_eq(look(user, pages), RECORD_MARKS);
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	ck_assert_uint_eq(look(user, copy(0)), 0);
}
END_TEST

START_TEST(a_look_covers_sixty_four_pages_bit_by_bit) {
	given_a_user();
	can(PAGE_READ, pages + PAGE_SIZE);
	can(PAGE_WRITE, pages + 3 * PAGE_SIZE);
	gets(user, home->own, SPACE_LOOK, WORDS(pages, 64, 0));
	ck_assert_uint_eq(word_of(user, 0), 0xa);
	ck_assert_uint_eq(word_of(user, 1), 0x8);
}
END_TEST

START_TEST(an_interrupted_look_tells_the_same) {
	given_a_user();
	ck_assert_uint_eq(maps(pages, copy(0), 8, PAGE_RIGHTS), ERROR_OK);
	for (unsigned int page = 0; page < 8; page += 3) can(PAGE_WRITE, copy(page));
	fake_interrupt_every(3);
	gets(user, home->own, SPACE_LOOK, WORDS(pages, 8, 0));
	fake_interrupt_every(0);
	ck_assert_uint_eq(word_of(user, 0), 0x49);
	ck_assert_uint_eq(word_of(user, 1), 0x49);
}
END_TEST

START_TEST(change_counters_move_when_mappings_do) {
	given_a_user();
	struct frame *table = frame_of(table_walk(home->space, pages, TABLE_LEVEL_4K).entry);
	const struct frame *records = &frame_table[table->records[0]];
	uint64_t before = records->changes;
	maps(pages, copy(0), 1, PAGE_RIGHTS);
	ck_assert_uint_gt(records->changes, before);
	before = records->changes;
	protects(pages, 1, PAGE_READ);
	ck_assert_uint_gt(records->changes, before);
	before = records->changes;
	unmaps(copy(0), 1, 0);
	ck_assert_uint_gt(records->changes, before);
	before = records->changes;
	look(user, pages);
	ck_assert_uint_eq(records->changes, before);
}
END_TEST

static unsigned int derived; /* from what is being removed */

/* At most as often as there are places. */
static void the_user_derives_more(void) {
	fake_interrupt_every(0);
	if (derived < 32 && maps(copy(0), copy(8 + derived), 1, PAGE_RIGHTS) == ERROR_OK) derived++;
	fake_interrupt_every(1);
}

START_TEST(revocation_is_not_outrun_by_whoever_derives_meanwhile) {
	given_a_user();
	const uint64_t hold = ROOT_HOLDS + page_entry_frame(entry_at(home, pages)).value;
	ck_assert_uint_eq(maps(pages, copy(0), 1, PAGE_RIGHTS), ERROR_OK);
	for (unsigned int child = 1; child < 6; child++)
		ck_assert_uint_eq(maps(copy(0), copy(child), 1, PAGE_RIGHTS), ERROR_OK);
	derived = 0;
	world_on_interrupt = the_user_derives_more;
	fake_interrupt_every(1);
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(hold, 1, UNMAP_CHILDREN));
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	ck_assert_uint_le(derived, 2);
	for (unsigned int page = 0; page < 40; page++) ck_assert_uint_eq(entry_at(home, copy(page)), 0);
	ck_assert_uint_eq(entry_at(home, pages), 0);
}
END_TEST

SUITE("kernel mapping", a_mapping_gives_what_was_asked_for_and_no_more_than_the_giver_has,
      a_hold_can_become_a_mapping_and_back, unmap_takes_the_page_and_all_that_came_from_it,
      unmap_skips_holes_and_missing_tables, ranges_outside_user_addresses_are_refused,
      protect_narrows_the_page_and_all_that_came_from_it, protect_can_leave_the_page_itself_alone,
      protect_never_adds_rights, a_page_with_children_is_not_narrowed_by_mapping_it_again,
      an_occupied_place_is_refused_even_for_the_same_frame_from_another_parent,
      bulk_mapping_stops_at_the_first_error_having_done_what_came_before, a_missing_table_says_no_memory_at_every_level,
      a_superpage_needs_records_in_its_table, superpages_are_taken_whole_or_not_at_all,
      a_third_party_with_control_of_two_spaces_maps_from_one_to_the_other,
      device_memory_can_be_mapped_and_never_granted,
      cache_attribute_and_dma_are_fixed_by_the_first_holder_and_inherited, a_look_tells_of_the_whole_subtree_once,
      nested_lookers_do_not_rob_each_other, marks_of_a_mapping_that_goes_are_left_with_its_parent,
      a_look_covers_sixty_four_pages_bit_by_bit, an_interrupted_look_tells_the_same,
      change_counters_move_when_mappings_do, revocation_is_not_outrun_by_whoever_derives_meanwhile)
