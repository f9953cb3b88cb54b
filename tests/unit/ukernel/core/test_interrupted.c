/* SPDX-License-Identifier: MIT */
/*
 * Long operations that are interrupted: what others do meanwhile takes nothing from what they promise.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

static struct home *home;
static struct actor *user;
static uint64_t page; /* the user's, mapped with all rights */

static void given_a_user(void) {
	user = given_somebody();
	home = user->home;
	page = given_pages(home, 1, PAGE_RIGHTS);
	home->next_page = page + 64 * PAGE_SIZE;
}

static uint64_t copy(unsigned int n) { return page + (16 + n) * PAGE_SIZE; }

static error_t maps(uint64_t from, uint64_t to) {
	return asks(user, home->own, SPACE_MAP, WORDS(from, to, 1, PAGE_RIGHTS));
}

static int can_write(uint64_t address) { return fake_access(home->space, address, PAGE_WRITE) == ACCESS_DONE; }

/* What happens at the first few interrupts. */
static void (*meanwhile)(void);
static unsigned int times_left;

static void happens(void) {
	fake_interrupt_every(0);
	times_left--;
	meanwhile();
	if (times_left) fake_interrupt_every(1);
}

static void interrupts_begin(void (*what)(void), unsigned int times) {
	meanwhile = what;
	times_left = times;
	world_on_interrupt = happens;
	fake_interrupt_every(1);
}

static void interrupts_end(void) {
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	ck_assert_uint_eq(times_left, 0);
}

/* --- Mappings ------------------------------------------------------------------------------------- */

static void the_user_maps_it_again(void) { ck_assert_uint_eq(maps(copy(0), copy(1)), ERROR_OK); }

START_TEST(what_is_mapped_again_during_protection_is_narrowed_all_the_same) {
	for (unsigned int times = 1; times < 4; times++) {
		given_a_machine();
		given_a_user();
		const uint64_t hold = ROOT_HOLDS + page_entry_frame(*table_walk(home->space, page, 1).entry).value;
		ck_assert_uint_eq(maps(page, copy(0)), ERROR_OK);
		ck_assert_uint_eq(maps(copy(0), copy(1)), ERROR_OK);
		interrupts_begin(the_user_maps_it_again, times);
		gets(&root, ROOT_SLOT_SPACE, SPACE_PROTECT, WORDS(hold, 1, PAGE_READ | MAP_CHILDREN));
		interrupts_end();
		ck_assert_int_eq(can_write(copy(0)), 0);
		ck_assert_int_eq(can_write(copy(1)), 0);
	}
}
END_TEST

static void nothing(void) {}

START_TEST(small_pages_are_unmapped_by_large_units_whatever_interrupts) {
	given_a_user();
	const uint64_t start = page & ~(LARGE_PAGE_SIZE - 1);
	const uint64_t end = start + LARGE_PAGE_SIZE;
	for (unsigned int n = 0; n < 8; n++) ck_assert_uint_eq(maps(page, copy(n)), ERROR_OK);
	interrupts_begin(nothing, 8);
	gets(user, home->own, SPACE_UNMAP, WORDS(start, 1, UNMAP_LARGE));
	interrupts_end();
	ck_assert_uint_eq(word_of(user, 0), end);
	ck_assert_uint_eq(word_of(user, 1), 0);
	ck_assert_int_eq(can_write(page), 0);
	for (unsigned int n = 0; n < 8; n++) ck_assert_int_eq(can_write(copy(n)), 0);
}
END_TEST

START_TEST(a_look_at_many_pages_gives_way_between_them) {
	given_a_user();
	ck_assert_int_eq(can_write(page), 1);
	const uint64_t before = fake_preemption_checks;
	gets(user, home->own, SPACE_LOOK, WORDS(page, 64, 0));
	ck_assert_uint_ge(fake_preemption_checks - before, 63);
	interrupts_begin(nothing, 32);
	can_write(page);
	gets(user, home->own, SPACE_LOOK, WORDS(page, 64, 0));
	interrupts_end();
	ck_assert_uint_eq(word_of(user, 1), 1);
}
END_TEST

/* --- Capabilities and objects --------------------------------------------------------------------- */

static uint32_t removed, refuge;

static void the_user_moves_it_away(void) {
	ck_assert_uint_eq(asks(user, home->own, SPACE_CAPABILITY_MOVE, WORDS(removed, refuge)), ERROR_CAPABILITY);
}

START_TEST(a_capability_that_is_being_removed_is_not_moved_away) {
	given_a_user();
	removed = given_a_capability(user, home, RIGHTS_ALL, 1);
	refuge = given_a_slot_of(home);
	for (unsigned int child = 0; child < 3; child++)
		gets(user, home->own, SPACE_CAPABILITY_DERIVE, WORDS(removed, given_a_slot_of(home), RIGHT_SEND, 0, 0));
	interrupts_begin(the_user_moves_it_away, 1);
	gets(&root, home->control, SPACE_CAPABILITY_DELETE, WORDS(removed));
	interrupts_end();
	ck_assert_uint_eq(slot_find(home->space, removed)->object, 0);
	ck_assert_uint_eq(slot_find(home->space, refuge)->object, 0);
	ck_assert_uint_eq(slot_find(home->space, refuge + 1)->object, 0);
}
END_TEST

static struct actor *first, *last;

/* Comes between the last threads of a space: one was being destroyed before. */
static void all_are_dead(void) {
	ck_assert_int_eq(first->thread->dead, 1);
	if (times_left == 0) ck_assert_int_eq(last->thread->dead, 1);
}

START_TEST(threads_of_a_dying_space_die_first_though_one_was_dying_before) {
	home = given_a_space();
	first = given_a_thread(home);
	(void)given_a_thread(home);
	last = given_a_thread(home);
	thread_mark_dead(first->thread);
	interrupts_begin(all_are_dead, 3);
	gets(&root, home->control, SPACE_DESTROY, NO_WORDS);
	interrupts_end();
}
END_TEST

SUITE("kernel interrupted operations", what_is_mapped_again_during_protection_is_narrowed_all_the_same,
      small_pages_are_unmapped_by_large_units_whatever_interrupts, a_look_at_many_pages_gives_way_between_them,
      a_capability_that_is_being_removed_is_not_moved_away,
      threads_of_a_dying_space_die_first_though_one_was_dying_before)
