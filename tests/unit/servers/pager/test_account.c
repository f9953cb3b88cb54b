/* SPDX-License-Identifier: MIT */
/*
 * Accounts: every limit on the way up holds, and nothing is charged by half.
 */
#include <pager/account.h>

#include "../suite.h"

START_TEST(a_charge_counts_all_the_way_up) {
	struct account top, middle, leaf;

	account_open(&top, NULL, ACCOUNT_UNLIMITED);
	account_open(&middle, &top, 100);
	account_open(&leaf, &middle, ACCOUNT_UNLIMITED);
	ck_assert_int_eq(account_charge(&leaf, 60), ERROR_OK);
	ck_assert_int_eq(account_charge(&middle, 40), ERROR_OK);
	ck_assert_uint_eq(top.used, 100);
	ck_assert_uint_eq(middle.used, 100);
	ck_assert_uint_eq(leaf.used, 60);
	account_release(&leaf, 60);
	ck_assert_uint_eq(top.used, 40);
	ck_assert_uint_eq(leaf.used, 0);
	ck_assert_uint_eq(top.peak, 100);
}
END_TEST

static unsigned int slots_fill(struct account *account) {
	unsigned int count = 0;

	while (account_charge_slot(account) == ERROR_OK) count++;
	return count;
}

START_TEST(slots_are_shared_out_as_frames_are) {
	struct account top, rich, child, poor;

	account_open(&top, NULL, ACCOUNT_UNLIMITED);
	account_open(&rich, &top, ACCOUNT_UNLIMITED);
	account_open(&child, &rich, ACCOUNT_UNLIMITED);
	account_open(&poor, &top, ACCOUNT_UNLIMITED);
	ck_assert_int_eq(account_charge(&child, 900000), ERROR_OK);
	ck_assert_int_eq(account_charge(&poor, 100000), ERROR_OK);
	/* What the child takes is missing above. */
	ck_assert_uint_eq(slots_fill(&child), ACCOUNT_SLOTS / 10 * 9 + ACCOUNT_SLOTS % 10 * 9 / 10);
	ck_assert_uint_eq(slots_fill(&rich), 0);
	ck_assert_uint_eq(slots_fill(&poor), ACCOUNT_SLOTS / 10);
	ck_assert_uint_le(top.slots, ACCOUNT_SLOTS);
	account_release_slot(&child);
	ck_assert_uint_eq(slots_fill(&rich), 1);
}
END_TEST

START_TEST(few_frames_are_few_slots_but_not_none) {
	struct account top, leaf;

	account_open(&top, NULL, ACCOUNT_UNLIMITED);
	account_open(&leaf, &top, ACCOUNT_UNLIMITED);
	ck_assert_uint_eq(slots_fill(&leaf), ACCOUNT_SLOTS_LEAST);
	ck_assert_int_eq(account_charge(&leaf, 10), ERROR_OK);
	ck_assert_uint_eq(slots_fill(&leaf), 10 - ACCOUNT_SLOTS_LEAST);
}
END_TEST

START_TEST(a_limit_above_refuses_and_leaves_everything_as_it_was) {
	struct account top, middle, leaf;

	account_open(&top, NULL, 10);
	account_open(&middle, &top, ACCOUNT_UNLIMITED);
	account_open(&leaf, &middle, ACCOUNT_UNLIMITED);
	ck_assert_int_eq(account_charge(&leaf, 10), ERROR_OK);
	ck_assert_int_eq(account_charge(&leaf, 1), ERROR_LIMIT);
	ck_assert_uint_eq(leaf.used, 10);
	ck_assert_uint_eq(middle.used, 10);
	ck_assert_uint_eq(top.used, 10);
}
END_TEST

START_TEST(a_limit_set_below_what_is_used_gives_nothing_more) {
	struct account account;

	account_open(&account, NULL, 10);
	ck_assert_int_eq(account_charge(&account, 8), ERROR_OK);
	account.limit = 4;
	ck_assert_int_eq(account_charge(&account, 1), ERROR_LIMIT);
	account_release(&account, 5);
	ck_assert_int_eq(account_charge(&account, 1), ERROR_OK);
}
END_TEST

START_TEST(a_charge_near_the_end_of_numbers_does_not_wrap) {
	struct account account;

	account_open(&account, NULL, 10);
	ck_assert_int_eq(account_charge(&account, 5), ERROR_OK);
	ck_assert_int_eq(account_charge(&account, UINT64_MAX), ERROR_LIMIT);
	ck_assert_int_eq(account_charge(&account, UINT64_MAX - 4), ERROR_LIMIT);
}
END_TEST

SUITE("account", a_charge_counts_all_the_way_up, slots_are_shared_out_as_frames_are,
      few_frames_are_few_slots_but_not_none, a_limit_above_refuses_and_leaves_everything_as_it_was,
      a_limit_set_below_what_is_used_gives_nothing_more, a_charge_near_the_end_of_numbers_does_not_wrap)
