/* SPDX-License-Identifier: MIT */
/*
 * The pool of free frames, and the two sources it is filled from.
 */
#include <stdlib.h>
#include <string.h>

#include "../suite.h"
#include "model.h"

#define MEBIBYTE (UINT64_C(1) << 20)

START_TEST(all_of_a_machines_memory_can_be_had_but_for_tables_and_the_reserve) {
	struct pager *pager = model_start(32 * MEBIBYTE, HOLD_LARGE);
	struct account account;
	uint64_t count = 0;
	struct hold frame;

	account_open(&account, &pager->top.account, ACCOUNT_UNLIMITED);
	while (supply_take(pager, &account, FRAME_FOR_KERNEL, &frame) == ERROR_OK) count++;
	ck_assert_int_eq(supply_take(pager, &account, FRAME_FOR_KERNEL, &frame), ERROR_NO_MEMORY);
	ck_assert_uint_eq(pager->pool.free_count, SUPPLY_RESERVE);
	/* 15 superpages were split with 5 frames each; the rest are records and tables for them. */
	ck_assert_uint_ge(count, 32 * 256 - 15 * 5 - SUPPLY_RESERVE - 40);
	ck_assert_uint_eq(pager->top.account.used + pager->pool.free_count, 32 * 256);
	model_check(pager);
}
END_TEST

START_TEST(frames_for_zero_pages_are_zero_whatever_was_in_them) {
	struct pager *pager = model_start(4 * MEBIBYTE, HOLD_SMALL);
	struct account *account = &pager->top.account;
	struct hold frames[400];

	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int index = 0; index < 400; index++) {
			ck_assert_int_eq(supply_take(pager, account, FRAME_FOR_ZERO_PAGE, &frames[index]), ERROR_OK);
			for (unsigned int word = 0; word < 512; word++)
				ck_assert_uint_eq(((uint64_t *)(uintptr_t)frames[index].address)[word], 0);
			memset((void *)(uintptr_t)frames[index].address, 0xee, PAGE_BYTES);
		}
		for (unsigned int index = 0; index < 400; index++)
			supply_give(pager, account, frames[index], 1, FRAME_DIRTY);
		model_check(pager);
	}
}
END_TEST

START_TEST(a_run_never_exceeds_what_an_account_on_the_way_up_allows) {
	struct pager *pager = model_start(4 * MEBIBYTE, HOLD_SMALL);
	struct account account;
	struct hold first;
	unsigned int count;

	account_open(&account, &pager->top.account, 5);
	ck_assert_int_eq(supply_take_run(pager, &account, 16, &first, &count), ERROR_OK);
	ck_assert_uint_eq(count, 5);
	ck_assert_uint_eq(account.used, 5);
	ck_assert_int_eq(supply_take_run(pager, &account, 16, &first, &count), ERROR_LIMIT);
	supply_give(pager, &account, first, 5, FRAME_DIRTY);
	model_check(pager);
}
END_TEST

START_TEST(runs_are_as_long_as_asked_for_when_there_is_room) {
	struct pager *pager = model_start(4 * MEBIBYTE, HOLD_SMALL);
	struct hold first;
	unsigned int count;

	ck_assert_int_eq(supply_take_run(pager, &pager->top.account, 16, &first, &count), ERROR_OK);
	ck_assert_uint_eq(count, 16);
}
END_TEST

START_TEST(a_pager_asks_its_parent_for_groups_and_gives_back_what_is_too_much) {
	struct pager *pager = model_start_with_parent(4096);
	struct account *account = &pager->top.account;
	static struct hold frames[3000];
	unsigned int at_parent;

	for (unsigned int index = 0; index < 3000; index++)
		ck_assert_int_eq(supply_take(pager, account, FRAME_FOR_KERNEL, &frames[index]), ERROR_OK);
	ck_assert_uint_lt(model_frames_at_parent(), 1096);
	ck_assert_uint_gt(pager->upward, 3000 / GROUP_PAGES);
	for (unsigned int index = 0; index < 3000; index++) supply_give(pager, account, frames[index], 1, FRAME_DIRTY);
	supply_settle(pager);
	ck_assert_uint_gt(model_frames_at_parent(), 4096 - 450);
	model_check(pager);
	at_parent = model_frames_at_parent();
	for (unsigned int index = 0; index < 3000; index++)
		ck_assert_int_eq(supply_take(pager, account, FRAME_FOR_KERNEL, &frames[index]), ERROR_OK);
	for (unsigned int index = 0; index < 3000; index++) supply_give(pager, account, frames[index], 1, FRAME_DIRTY);
	supply_settle(pager);
	ck_assert_uint_eq(model_frames_at_parent(), at_parent);
}
END_TEST

START_TEST(the_first_frames_go_back_to_the_parent_like_any_other) {
	struct pager *pager = model_start_with_parent(2000);
	struct account *account = &pager->top.account;
	static struct hold frames[2100];
	unsigned int count = 0;

	while (supply_take(pager, account, FRAME_FOR_KERNEL, &frames[count]) == ERROR_OK) count++;
	ck_assert_uint_eq(model_frames_at_parent(), 0);
	while (count-- > 0) supply_give(pager, account, frames[count], 1, FRAME_DIRTY);
	supply_settle(pager);
	ck_assert_uint_lt(pager->pool.free_count, 300);
	model_check(pager);
	for (count = 0; count < 1000; count++)
		ck_assert_int_eq(supply_take(pager, account, FRAME_FOR_KERNEL, &frames[count]), ERROR_OK);
	model_check(pager);
}
END_TEST

START_TEST(a_pager_whose_parent_has_no_more_says_so_and_keeps_its_reserve) {
	struct pager *pager = model_start_with_parent(100);
	struct hold frame;
	error_t error;

	do {
		error = supply_take(pager, &pager->top.account, FRAME_FOR_KERNEL, &frame);
	} while (error == ERROR_OK);
	ck_assert_int_eq(error, ERROR_LIMIT);
	ck_assert_uint_eq(model_frames_at_parent(), 0);
	ck_assert_uint_eq(pager->pool.free_count, SUPPLY_RESERVE);
	model_check(pager);
}
END_TEST

START_TEST(a_pool_matches_a_plain_list_of_free_frames) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_SMALL);
	struct account *account = &pager->top.account;
	static struct hold mine[1500];
	unsigned int count = 0;

	srand(7);
	for (unsigned int step = 0; step < 20000; step++) {
		if (count < 1500 && rand() % 2) {
			ck_assert_int_eq(supply_take(pager, account,
			                             rand() % 2 ? FRAME_FOR_KERNEL : FRAME_FOR_ZERO_PAGE, &mine[count]),
			                 ERROR_OK);
			/* A frame given twice would have this mark already. */
			ck_assert_uint_ne(*(uint64_t *)(uintptr_t)mine[count].address, 0x4d494e45);
			*(uint64_t *)(uintptr_t)mine[count++].address = 0x4d494e45;
		} else if (count > 0) {
			unsigned int which = (unsigned int)rand() % count;

			*(uint64_t *)(uintptr_t)mine[which].address = 1;
			supply_give(pager, account, mine[which], 1, FRAME_DIRTY);
			mine[which] = mine[--count];
		}
		if (step % 1000 == 0) model_check(pager);
	}
}
END_TEST

SUITE("supply", all_of_a_machines_memory_can_be_had_but_for_tables_and_the_reserve,
      frames_for_zero_pages_are_zero_whatever_was_in_them, a_run_never_exceeds_what_an_account_on_the_way_up_allows,
      runs_are_as_long_as_asked_for_when_there_is_room,
      a_pager_asks_its_parent_for_groups_and_gives_back_what_is_too_much,
      the_first_frames_go_back_to_the_parent_like_any_other,
      a_pager_whose_parent_has_no_more_says_so_and_keeps_its_reserve, a_pool_matches_a_plain_list_of_free_frames)
