/* SPDX-License-Identifier: MIT */
/*
 * Trees of 100,000: however deep or wide, they are made, walked and removed in steps with the preemption point between.
 */
#include "suite.h"

#define MANY       UINT64_C(100000)
#define PLACE      UINT64_C(0x8000000000)
#define MEGABYTES  24u
#define NO_CHECKS  UINT32_MAX /* a check walks the whole tree: only at the end of each part */
#define SLOTS_MANY (SLOTS_PER_PAGE * 390u)

static struct home *home;
static struct actor *watch;

/* The longest way between two preemption points that a test notices: by how often the fake machine was asked. */
static uint64_t points_during(error_t (*operation)(void)) {
	const uint64_t before = fake_preemption_checks;

	ck_assert_uint_eq(operation(), ERROR_OK);
	return fake_preemption_checks - before;
}

/* --- Mappings ------------------------------------------------------------------------------------- */

static void given_room_for_mappings(void) {
	given_a_machine_with(MEGABYTES);
	world_check_every(NO_CHECKS);
	home = given_a_space();
	for (uint64_t page = 0; page <= MANY; page += TABLE_ENTRIES)
		given_tables(home, PLACE + page * PAGE_SIZE, TABLE_LEVEL_4K);
	given_mapping(home, given_a_frame(), 1, PAGE_RIGHTS);
}

static error_t first_maps(uint64_t source, uint64_t destination, uint64_t count) {
	return asks(&root, home->control, SPACE_MAP, WORDS(source, destination, count, PAGE_RIGHTS));
}

/* Each page is mapped from the one before it. */
static error_t makes_a_chain(void) {
	ck_assert_uint_eq(first_maps(home->next_page - PAGE_SIZE, PLACE, 1), ERROR_OK);
	return first_maps(PLACE, PLACE + PAGE_SIZE, MANY);
}

static error_t unmaps_all_below(void) {
	return asks(&root, home->control, SPACE_UNMAP, WORDS(home->next_page - PAGE_SIZE, 1, UNMAP_CHILDREN));
}

static error_t protects_all(void) {
	return asks(&root, home->control, SPACE_PROTECT, WORDS(home->next_page - PAGE_SIZE, 1, PAGE_READ));
}

static error_t looks_at_all(void) {
	return asks(&root, home->control, SPACE_LOOK, WORDS(home->next_page - PAGE_SIZE, 1, 0));
}

static void assert_mapped(uint64_t expected) {
	ck_assert_uint_eq(present_mappings_counted(), expected);
	world_check();
}

static void walks_and_unmaps(uint64_t mapped_before) {
	fake_access(home->space, PLACE + (MANY - 1) * PAGE_SIZE, PAGE_WRITE);
	ck_assert_uint_ge(points_during(looks_at_all), MANY);
	ck_assert_uint_eq(word_of(&root, 1), 1);
	ck_assert_uint_ge(points_during(protects_all), MANY);
	ck_assert_int_eq(fake_access(home->space, PLACE + (MANY - 1) * PAGE_SIZE, PAGE_WRITE), ACCESS_FAULT);
	world_check();
	/* Unmapping keeps its progress: an interrupt now and then delays it and nothing else. */
	fake_interrupt_every(997);
	ck_assert_uint_ge(points_during(unmaps_all_below), MANY);
	fake_interrupt_every(0);
	assert_mapped(mapped_before);
}

START_TEST(a_chain_of_100000_mappings_is_made_and_unmapped_in_steps) {
	given_room_for_mappings();
	const uint64_t before = present_mappings_counted();
	ck_assert_uint_ge(points_during(makes_a_chain), MANY - 1);
	assert_mapped(before + MANY + 1);
	walks_and_unmaps(before);
}
END_TEST

START_TEST(a_tree_100000_mappings_wide_is_made_and_unmapped_in_steps) {
	given_room_for_mappings();
	const uint64_t before = present_mappings_counted();
	for (uint64_t page = 0; page < MANY; page++)
		ck_assert_uint_eq(first_maps(home->next_page - PAGE_SIZE, PLACE + page * PAGE_SIZE, 1), ERROR_OK);
	assert_mapped(before + MANY);
	walks_and_unmaps(before);
}
END_TEST

/* --- Capabilities: a space has 60,000 slots, so two of them ---------------------------------------- */

static struct home *second;

static void given_room_for_capabilities(void) {
	given_a_machine_with(MEGABYTES);
	world_check_every(NO_CHECKS);
	watch = given_somebody();
	home = given_a_space();
	second = given_a_space();
	for (unsigned int page = 1; page <= SLOTS_MANY / SLOTS_PER_PAGE + 1; page++) {
		struct home *homes[] = {home, second};
		for (unsigned int index = 0; index < 2; index++) {
			puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
			gets(&root, homes[index]->control, SPACE_ADD_SLOTS, WORDS(page));
		}
	}
	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE,
	     WORDS(watch->capability, SLOTS_PER_PAGE, RIGHT_SEND, 77, 1));
}

/* Number @index of all: from SLOTS_PER_PAGE on, first in one space, then in the other. */
static struct home *home_of(uint64_t index) { return index < SLOTS_MANY ? home : second; }
static uint64_t slot_of(uint64_t index) { return SLOTS_PER_PAGE + index % SLOTS_MANY; }

static void derives(uint64_t from, uint64_t index) {
	if (home_of(from) != home_of(index)) puts_capability(&root, home_of(index)->control, ITEM_DERIVE, 0, 0);
	gets(&root, home_of(from)->control, SPACE_CAPABILITY_DERIVE,
	     WORDS(slot_of(from), slot_of(index), RIGHT_SEND, 0, 0));
}

#define CAPABILITIES (2 * (uint64_t)SLOTS_MANY)

static error_t revokes_all(void) { return asks(&root, home->control, SPACE_CAPABILITY_REVOKE, WORDS(SLOTS_PER_PAGE)); }

static error_t destroys_what_they_name(void) { return asks(&root, watch->control, THREAD_DESTROY, NO_WORDS); }

static void assert_capability(uint64_t index, uint64_t kind) {
	gets(&root, home_of(index)->control, SPACE_CAPABILITY_READ, WORDS(slot_of(index)));
	ck_assert_uint_eq(word_of(&root, 0), kind);
}

static void given_a_chain_of_capabilities(void) {
	given_room_for_capabilities();
	for (uint64_t index = 1; index < CAPABILITIES; index++) derives(index - 1, index);
	assert_capability(CAPABILITIES - 1, KIND_THREAD);
	ck_assert_uint_eq(word_of(&root, 2), 77);
	world_check();
}

START_TEST(a_chain_of_almost_100000_capabilities_is_revoked_in_steps) {
	given_a_chain_of_capabilities();
	fake_interrupt_every(997);
	ck_assert_uint_ge(points_during(revokes_all), CAPABILITIES - 2);
	fake_interrupt_every(0);
	assert_capability(CAPABILITIES - 1, KIND_EMPTY);
	assert_capability(1, KIND_EMPTY);
	assert_capability(0, KIND_THREAD);
	world_check();
}
END_TEST

START_TEST(a_tree_almost_100000_capabilities_wide_goes_with_its_object_in_steps) {
	given_room_for_capabilities();
	for (uint64_t index = 1; index < CAPABILITIES; index++) derives(0, index);
	world_check();
	fake_interrupt_every(997);
	ck_assert_uint_ge(points_during(destroys_what_they_name), CAPABILITIES - 2);
	fake_interrupt_every(0);
	assert_capability(CAPABILITIES - 1, KIND_EMPTY);
	assert_capability(0, KIND_EMPTY);
	world_check();
}
END_TEST

START_TEST(a_space_at_the_root_of_a_chain_of_almost_100000_capabilities_goes_in_steps) {
	given_a_chain_of_capabilities();
	const uint64_t granted = frames_granted();
	const uint64_t before = fake_preemption_checks;
	fake_interrupt_every(997);
	gets(&root, home->control, SPACE_DESTROY, NO_WORDS);
	fake_interrupt_every(0);
	ck_assert_uint_ge(fake_preemption_checks - before, CAPABILITIES - 2);
	ck_assert_uint_lt(frames_granted(), granted - SLOTS_MANY / SLOTS_PER_PAGE);
	assert_capability(CAPABILITIES - 1, KIND_EMPTY);
	world_check();
}
END_TEST

SUITE("kernel bounded steps", a_chain_of_100000_mappings_is_made_and_unmapped_in_steps,
      a_tree_100000_mappings_wide_is_made_and_unmapped_in_steps,
      a_chain_of_almost_100000_capabilities_is_revoked_in_steps,
      a_tree_almost_100000_capabilities_wide_goes_with_its_object_in_steps,
      a_space_at_the_root_of_a_chain_of_almost_100000_capabilities_goes_in_steps)
