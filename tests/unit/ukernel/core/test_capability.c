/* SPDX-License-Identifier: MIT */
/*
 * Capabilities: derive, share, move, delete, revoke, replace, read; badges and ceilings.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

static struct home *home;
static struct actor *user, *target;

static void given_a_user(void) {
	target = given_somebody();
	user = given_somebody();
	home = user->home;
}

static unsigned int kind_in(struct home *where, uint32_t slot) { return slot_kind(slot_find(where->space, slot)); }

static error_t derives(uint32_t from, uint32_t to, uint64_t rights, uint64_t badge, uint64_t fix) {
	return asks(user, home->own, SPACE_CAPABILITY_DERIVE, WORDS(from, to, rights, badge, fix));
}

/* A new slot with a child of @from. */
static uint32_t given_a_child(uint32_t from) {
	uint32_t slot = given_a_slot_of(home);

	ck_assert_uint_eq(derives(from, slot, RIGHTS_ALL, 0, 0), ERROR_OK);
	return slot;
}

static uint32_t given_a_share(uint32_t from) {
	uint32_t slot = given_a_slot_of(home);

	gets(user, home->own, SPACE_CAPABILITY_SHARE, WORDS(from, slot, RIGHTS_ALL));
	return slot;
}

static void deletes(uint32_t slot) { gets(user, home->own, SPACE_CAPABILITY_DELETE, WORDS(slot)); }

START_TEST(a_child_goes_with_its_parent) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t child = given_a_child(parent);
	uint32_t grandchild = given_a_child(child);
	deletes(parent);
	ck_assert_uint_eq(kind_in(home, parent), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, child), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, grandchild), KIND_EMPTY);
}
END_TEST

START_TEST(a_share_survives_its_giver_and_goes_with_the_givers_parent) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t child = given_a_child(parent);
	uint32_t share = given_a_share(child);
	deletes(child);
	ck_assert_uint_eq(kind_in(home, share), KIND_THREAD);
	deletes(parent);
	ck_assert_uint_eq(kind_in(home, share), KIND_EMPTY);
}
END_TEST

/* Siblings are linked both ways: each can go, in whatever order, and the others stay. */
START_TEST(a_share_stands_between_its_giver_and_older_siblings) {
	for (unsigned int first = 0; first < 4; first++) {
		given_a_user();
		uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
		uint32_t older = given_a_child(parent);
		uint32_t giver = given_a_child(parent);
		uint32_t share = given_a_share(giver);
		const uint32_t siblings[] = {older, share, giver, given_a_share(older)};
		deletes(siblings[first]);
		for (unsigned int index = 1; index < 4; index++) {
			ck_assert_uint_eq(kind_in(home, siblings[(first + index) % 4]), KIND_THREAD);
			deletes(siblings[(first + index) % 4]);
		}
		ck_assert_uint_eq(kind_in(home, parent), KIND_THREAD);
	}
}
END_TEST

START_TEST(revoke_takes_what_was_derived_and_leaves_the_capability) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t first = given_a_child(parent);
	uint32_t second = given_a_child(parent);
	uint32_t deep = given_a_child(second);
	uint32_t share = given_a_share(parent);
	gets(user, home->own, SPACE_CAPABILITY_REVOKE, WORDS(parent));
	ck_assert_uint_eq(kind_in(home, parent), KIND_THREAD);
	ck_assert_uint_eq(kind_in(home, share), KIND_THREAD);
	ck_assert_uint_eq(kind_in(home, first), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, second), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, deep), KIND_EMPTY);
}
END_TEST

START_TEST(a_moved_capability_keeps_its_place_in_the_tree) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t before = given_a_child(parent);
	uint32_t moved = given_a_child(parent);
	uint32_t after = given_a_child(parent);
	uint32_t child = given_a_child(moved);
	uint32_t place = given_a_slot_of(home);
	gets(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(moved, place));
	ck_assert_uint_eq(kind_in(home, moved), KIND_EMPTY);
	deletes(place);
	ck_assert_uint_eq(kind_in(home, child), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, before), KIND_THREAD);
	deletes(parent);
	ck_assert_uint_eq(kind_in(home, before), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, after), KIND_EMPTY);
}
END_TEST

START_TEST(a_first_child_can_be_moved_and_so_can_a_parent) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t last = given_a_child(parent);
	uint32_t first = given_a_child(parent); /* attached in front */
	uint32_t place = given_a_slot_of(home);
	uint32_t other = given_a_slot_of(home);
	gets(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(first, place));
	gets(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(parent, other));
	deletes(other);
	ck_assert_uint_eq(kind_in(home, last), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, place), KIND_EMPTY);
}
END_TEST

START_TEST(derived_rights_are_never_more_than_the_givers) {
	given_a_user();
	uint32_t send = given_an_unbadged_capability(target, home, RIGHT_SEND);
	uint32_t slot = given_a_slot_of(home);
	ck_assert_uint_eq(derives(send, slot, RIGHTS_ALL, 0, 0), ERROR_OK);
	ck_assert_uint_eq(slot_rights(slot_find(home->space, slot)), RIGHT_SEND);
	deletes(slot);
	ck_assert_uint_eq(derives(send, slot, RIGHT_SIGNAL | RIGHT_SERVE, 0, 0), ERROR_RIGHT);
	ck_assert_uint_eq(derives(send, slot, 0, 0, 0), ERROR_RIGHT);
	ck_assert_uint_eq(kind_in(home, slot), KIND_EMPTY);
}
END_TEST

START_TEST(a_badge_is_fixed_once_and_inherited) {
	given_a_user();
	uint32_t bare = given_an_unbadged_capability(target, home, RIGHT_SEND);
	uint32_t badged = given_a_slot_of(home);
	uint32_t slot = given_a_slot_of(home);
	ck_assert_uint_eq(derives(bare, badged, RIGHT_SEND, 5, 1), ERROR_OK);
	ck_assert_uint_eq(derives(badged, slot, RIGHT_SEND, 6, 1), ERROR_STATE);
	ck_assert_uint_eq(derives(badged, slot, RIGHT_SEND, 6, 0), ERROR_OK);
	receives(target);
	sends(user, slot, LABEL_ASK, NO_WORDS);
	assert_got(target, LABEL_ASK, 5);
}
END_TEST

START_TEST(zero_is_a_badge_too) {
	given_a_user();
	uint32_t bare = given_an_unbadged_capability(target, home, RIGHT_SEND);
	uint32_t zero = given_a_slot_of(home);
	uint32_t slot = given_a_slot_of(home);
	ck_assert_uint_eq(derives(bare, zero, RIGHT_SEND, 0, 1), ERROR_OK);
	ck_assert_uint_eq(derives(zero, slot, RIGHT_SEND, 6, 1), ERROR_STATE);
}
END_TEST

START_TEST(a_signal_mask_only_loses_bits) {
	given_a_user();
	uint32_t mask = given_a_capability(target, home, RIGHT_SIGNAL, 0x0f);
	uint32_t slot = given_a_slot_of(home);
	ck_assert_uint_eq(derives(mask, slot, RIGHT_SIGNAL, 0xf5, 1), ERROR_OK);
	ck_assert_uint_eq(slot_find(home->space, slot)->badge, 0x05);
	uint32_t both = given_a_capability(target, home, RIGHT_SIGNAL | RIGHT_SEND, 0x0f);
	uint32_t other = given_a_slot_of(home);
	ck_assert_uint_eq(derives(both, other, RIGHT_SIGNAL | RIGHT_SEND, 0x01, 1), ERROR_STATE);
	ck_assert_uint_eq(derives(both, other, RIGHT_SIGNAL, 0x01, 1), ERROR_OK);
}
END_TEST

START_TEST(slots_that_are_full_or_missing_are_refused) {
	given_a_user();
	uint32_t source = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t empty = given_a_slot_of(home);
	ck_assert_uint_eq(derives(source, source, RIGHTS_ALL, 0, 0), ERROR_EXISTS);
	ck_assert_uint_eq(derives(source, 0, RIGHTS_ALL, 0, 0), ERROR_RANGE);
	ck_assert_uint_eq(derives(source, SLOT_COUNT, RIGHTS_ALL, 0, 0), ERROR_RANGE);
	ck_assert_uint_eq(derives(source, SLOTS_PER_PAGE, RIGHTS_ALL, 0, 0), ERROR_NO_MEMORY);
	ck_assert_uint_eq(derives(empty, empty, RIGHTS_ALL, 0, 0), ERROR_CAPABILITY);
	ck_assert_uint_eq(derives(SLOT_COUNT, empty, RIGHTS_ALL, 0, 0), ERROR_CAPABILITY);
	ck_assert_uint_eq(derives(SLOTS_PER_PAGE, empty, RIGHTS_ALL, 0, 0), ERROR_CAPABILITY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(source, source)), ERROR_EXISTS);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_DELETE, WORDS(SLOT_COUNT)), ERROR_CAPABILITY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_DELETE, WORDS(empty)), ERROR_OK);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_REVOKE, WORDS(empty)), ERROR_CAPABILITY);
}
END_TEST

START_TEST(replace_puts_one_capability_in_the_place_of_another) {
	given_a_user();
	struct actor *successor = given_somebody();
	uint32_t old = given_a_capability(target, home, RIGHT_SEND, 1);
	uint32_t derived = given_a_child(old);
	uint32_t new = given_a_capability(successor, home, RIGHT_SEND, 2);
	gets(user, home->own, SPACE_CAPABILITY_REPLACE, WORDS(new, old));
	ck_assert_uint_eq(kind_in(home, new), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, derived), KIND_EMPTY);
	receives(successor);
	sends(user, old, LABEL_ASK, NO_WORDS);
	assert_got(successor, LABEL_ASK, 2);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_REPLACE, WORDS(old, new)), ERROR_CAPABILITY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_REPLACE, WORDS(old, old)), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_parent_can_be_replaced_only_by_what_survives_it) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHT_SEND);
	uint32_t child = given_a_child(parent);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_REPLACE, WORDS(child, parent)), ERROR_CAPABILITY);
	child = given_a_child(parent);
	gets(user, home->own, SPACE_CAPABILITY_REPLACE, WORDS(parent, child));
	ck_assert_uint_eq(kind_in(home, parent), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, child), KIND_THREAD);
}
END_TEST

START_TEST(read_tells_kind_rights_badge_and_serial) {
	given_a_user();
	uint32_t slot = given_a_capability(target, home, RIGHT_SEND, 9);
	gets(user, home->own, SPACE_CAPABILITY_READ, WORDS(slot));
	ck_assert_uint_eq(word_of(user, 0), KIND_THREAD);
	ck_assert_uint_eq(word_of(user, 1), RIGHT_SEND);
	ck_assert_uint_eq(word_of(user, 2), 9);
	ck_assert_uint_eq(word_of(user, 3), target->thread->serial);
	gets(user, home->own, SPACE_CAPABILITY_READ, WORDS(home->own));
	ck_assert_uint_eq(word_of(user, 0), KIND_SPACE_CONTROL);
	ck_assert_uint_eq(word_of(user, 3), home->space->serial);
	gets(user, home->own, SPACE_CAPABILITY_READ, WORDS(given_a_slot_of(home)));
	ck_assert_uint_eq(word_of(user, 0), KIND_EMPTY);
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_READ, WORDS(SLOT_COUNT)), ERROR_CAPABILITY);
}
END_TEST

START_TEST(control_of_two_spaces_passes_capabilities_from_one_to_the_other) {
	given_a_user();
	struct home *from = given_a_space();
	struct home *to = given_a_space();
	uint32_t from_control = given_control_of_space(from, home);
	uint32_t to_control = given_control_of_space(to, home);
	uint32_t source = given_a_capability(target, from, RIGHT_SEND, 4);
	uint32_t slot = given_a_slot_of(to);

	puts_capability(user, to_control, 0, 0, 0);
	gets(user, from_control, SPACE_CAPABILITY_DERIVE, WORDS(source, slot, RIGHTS_ALL, 0, 0));
	ck_assert_uint_eq(kind_in(to, slot), KIND_THREAD);
	gets(user, from_control, SPACE_CAPABILITY_DELETE, WORDS(source));
	ck_assert_uint_eq(kind_in(to, slot), KIND_EMPTY);
	source = given_a_capability(target, from, RIGHT_SEND, 4);
	puts_capability(user, to_control, 0, 0, 0);
	gets(user, from_control, SPACE_CAPABILITY_MOVE, WORDS(source, slot));
	ck_assert_uint_eq(kind_in(to, slot), KIND_THREAD);
	puts_capability(user, given_a_capability(target, home, RIGHT_SEND, 4), 0, 0, 0);
	ck_assert_uint_eq(asks(user, from_control, SPACE_CAPABILITY_MOVE, WORDS(source, slot)), ERROR_CAPABILITY);
}
END_TEST

START_TEST(ceiling_and_cpus_of_control_are_never_raised) {
	given_a_user();
	uint32_t control = given_control_of(target, home);
	uint32_t narrow = given_a_slot_of(home);
	uint32_t wide = given_a_slot_of(home);
	const uint64_t one_cpu = UINT64_C(1) << CONTROL_CPUS_SHIFT;

	ck_assert_uint_eq(derives(control, narrow, 0, one_cpu | 50, 1), ERROR_OK);
	ck_assert_uint_eq(slot_find(home->space, narrow)->badge, one_cpu | 50);
	ck_assert_uint_eq(derives(narrow, wide, 0, CONTROL_BADGE_ALL, 1), ERROR_OK);
	ck_assert_uint_eq(slot_find(home->space, wide)->badge, one_cpu | 50);
	ck_assert_uint_eq(asks(user, narrow, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 51)), ERROR_RIGHT);
	ck_assert_uint_eq(asks(user, narrow, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 50)), ERROR_OK);
	ck_assert_uint_eq(asks(user, narrow, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 256)), ERROR_RANGE);
	ck_assert_uint_eq(asks(user, control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY)), ERROR_OK);
}
END_TEST

START_TEST(what_is_made_under_a_ceiling_has_that_ceiling) {
	given_a_user();
	struct home *child = given_a_space();
	uint32_t narrow = given_a_slot();
	uint32_t slots = given_a_slot();
	(void)given_a_slot();
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE,
	     WORDS(child->control, narrow, 0, CONTROL_BADGE_ALL << 8 | 40, 1));
	puts_pages(&root, given_frames(2), 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	accepts_slots(&root, slots, 2);
	gets(&root, narrow, SPACE_CREATE_THREAD, WORDS(child->next_utcb));
	ck_assert_uint_eq(asks(&root, slots, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 41)), ERROR_RIGHT);
	ck_assert_uint_eq(asks(&root, slots, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 40)), ERROR_OK);
	uint32_t found = given_a_slot();
	accepts_slots(&root, found, 1);
	gets(&root, child->control, SPACE_THREAD, WORDS(child->next_utcb));
	ck_assert_uint_eq(asks(&root, found, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, 41)), ERROR_RIGHT);
}
END_TEST

START_TEST(no_stale_capability_works_when_its_object_is_gone_and_its_frames_are_reused) {
	given_a_user();
	uint32_t slot = given_a_capability(target, home, RIGHT_SEND, 1);
	uint32_t control = given_control_of(target, home);
	uint64_t serial = target->thread->serial;
	gets(&root, target->control, THREAD_DESTROY, NO_WORDS);
	struct actor *next = given_somebody();
	ck_assert_uint_ne(next->thread->serial, serial);
	calls(user, slot, LABEL_ASK, NO_WORDS);
	assert_failed(user, ERROR_CAPABILITY);
	calls(user, control, THREAD_STATE, NO_WORDS);
	assert_failed(user, ERROR_CAPABILITY);
}
END_TEST

START_TEST(thousands_of_children_move_and_go_with_their_parent) {
	given_a_user();
	uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	uint32_t place = given_a_slot_of(home);
	uint32_t first = given_a_slot_of(home);
	enum { CHILDREN = 2000 };

	world_check_every(500);
	for (uint32_t child = 0; child < CHILDREN; child++) {
		uint32_t slot = child == 0 ? first : given_a_slot_of(home);
		ck_assert_uint_eq(derives(parent, slot, RIGHTS_ALL, 0, 0), ERROR_OK);
	}
	gets(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(parent, place));
	fake_interrupt_every(3);
	gets(user, home->own, SPACE_CAPABILITY_DELETE, WORDS(place));
	fake_interrupt_every(0);
	world_check();
	for (uint32_t child = 0; child < CHILDREN; child++) ck_assert_uint_eq(kind_in(home, first + child), KIND_EMPTY);
}
END_TEST

static uint32_t outrunner; /* a capability below the one that is being removed */
static unsigned int derived;

static void the_user_derives_more(void) {
	fake_interrupt_every(0);
	if (derived < 32 && derives(outrunner, given_a_slot_of(home), RIGHTS_ALL, 0, 0) == ERROR_OK) derived++;
	fake_interrupt_every(1);
}

START_TEST(revocation_is_not_outrun_by_whoever_derives_meanwhile) {
	given_a_user();
	const uint32_t parent = given_an_unbadged_capability(target, home, RIGHTS_ALL);
	outrunner = given_a_slot_of(home);
	ck_assert_uint_eq(derives(parent, outrunner, RIGHTS_ALL, 0, 0), ERROR_OK);
	for (unsigned int child = 0; child < 6; child++)
		ck_assert_uint_eq(derives(outrunner, given_a_slot_of(home), RIGHTS_ALL, 0, 0), ERROR_OK);
	derived = 0;
	world_on_interrupt = the_user_derives_more;
	fake_interrupt_every(1);
	gets(&root, home->control, SPACE_CAPABILITY_DELETE, WORDS(parent));
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	ck_assert_uint_le(derived, 2);
	ck_assert_uint_eq(kind_in(home, outrunner), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(home, parent), KIND_EMPTY);
}
END_TEST

SUITE("kernel capability", a_child_goes_with_its_parent, a_share_survives_its_giver_and_goes_with_the_givers_parent,
      a_share_stands_between_its_giver_and_older_siblings, revoke_takes_what_was_derived_and_leaves_the_capability,
      a_moved_capability_keeps_its_place_in_the_tree, a_first_child_can_be_moved_and_so_can_a_parent,
      derived_rights_are_never_more_than_the_givers, a_badge_is_fixed_once_and_inherited, zero_is_a_badge_too,
      a_signal_mask_only_loses_bits, slots_that_are_full_or_missing_are_refused,
      replace_puts_one_capability_in_the_place_of_another, a_parent_can_be_replaced_only_by_what_survives_it,
      read_tells_kind_rights_badge_and_serial, control_of_two_spaces_passes_capabilities_from_one_to_the_other,
      ceiling_and_cpus_of_control_are_never_raised, what_is_made_under_a_ceiling_has_that_ceiling,
      no_stale_capability_works_when_its_object_is_gone_and_its_frames_are_reused,
      thousands_of_children_move_and_go_with_their_parent, revocation_is_not_outrun_by_whoever_derives_meanwhile)
