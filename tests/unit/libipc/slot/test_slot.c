/* SPDX-License-Identifier: MIT */
/*
 * The slot allocator, alone and with several threads.
 */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/slot.h>

static unsigned int grown[SLOT_PAGES];
static unsigned int growths;
static error_t grow_result;

static error_t grow(void *context, uint32_t page) {
	ck_assert_ptr_eq(context, grown);
	if (grow_result != ERROR_OK) return grow_result;
	grown[page]++;
	growths++;
	return ERROR_OK;
}

static void given_slots(capability_t first, capability_t backed) {
	memset(grown, 0, sizeof(grown));
	growths = 0;
	grow_result = ERROR_OK;
	slots_start(first, backed, grow, grown);
}

static capability_t taken(unsigned int count) {
	capability_t slot = 0;

	ck_assert_int_eq(slot_allocate(count, &slot), ERROR_OK);
	return slot;
}

START_TEST(the_first_slots_are_never_given_out) {
	given_slots(5, 128);
	for (int i = 0; i < 123; i++) ck_assert_uint_ge(taken(1), 5);
	ck_assert_uint_eq(growths, 0);
	ck_assert_uint_ge(taken(1), 128);
	ck_assert_uint_eq(growths, 1);
	ck_assert_uint_eq(grown[1], 1);
}
END_TEST

START_TEST(a_slot_is_given_out_once_until_it_is_freed) {
	static unsigned char seen[SLOT_COUNT];
	capability_t slot;

	given_slots(3, 128);
	for (int i = 0; i < 1000; i++) {
		slot = taken(1);
		ck_assert(!seen[slot]);
		seen[slot] = 1;
	}
	slot_free(500, 1);
	while (taken(1) != 500) continue;
}
END_TEST

START_TEST(a_run_is_in_a_row_and_its_slots_are_free) {
	capability_t first;

	given_slots(1, 128);
	for (capability_t slot = 1; slot < 128; slot++) taken(1);
	slot_free(10, 1);
	slot_free(12, 4);
	slot_free(63, 2); /* across a word: no run */
	first = taken(4);
	ck_assert_uint_eq(first, 12);
	first = taken(2);
	ck_assert_uint_ge(first, 128);
	ck_assert_uint_ne(first + 2, 0);
}
END_TEST

START_TEST(the_whole_table_can_be_used_and_then_it_is_full) {
	capability_t slot = 0;
	unsigned int count = 0;

	given_slots(2, 128);
	while (slot_allocate(1, &slot) == ERROR_OK) count++;
	ck_assert_uint_eq(count, SLOT_COUNT - 2);
	ck_assert_int_eq(slot_allocate(1, &slot), ERROR_NO_MEMORY);
	slot_free(7777, 1);
	ck_assert_uint_eq(taken(1), 7777);
}
END_TEST

START_TEST(a_pager_that_refuses_is_reported_and_asked_again) {
	capability_t slot = 0;

	given_slots(2, 128);
	for (int i = 0; i < 126; i++) taken(1);
	grow_result = ERROR_LIMIT;
	ck_assert_int_eq(slot_allocate(1, &slot), ERROR_LIMIT);
	grow_result = ERROR_OK;
	ck_assert_uint_ge(taken(1), 128);
}
END_TEST

START_TEST(nobody_to_grow_means_no_memory) {
	capability_t slot;

	slots_start(1, 64, NULL, NULL);
	for (int i = 0; i < 63; i++) taken(1);
	ck_assert_int_eq(slot_allocate(1, &slot), ERROR_NO_MEMORY);
}
END_TEST

START_TEST(impossible_counts_are_refused) {
	capability_t slot;

	given_slots(1, 128);
	ck_assert_int_eq(slot_allocate(0, &slot), ERROR_RANGE);
	ck_assert_int_eq(slot_allocate(SLOT_RUN_MAX + 1, &slot), ERROR_RANGE);
	ck_assert_int_eq(slot_allocate(UINT32_MAX, &slot), ERROR_RANGE);
}
END_TEST

START_TEST(used_slots_are_counted) {
	given_slots(4, 128);
	ck_assert_uint_eq(slots_used(), 4);
	taken(3);
	ck_assert_uint_eq(slots_used(), 7);
}
END_TEST

#define THREADS 4
#define EACH    2000
static capability_t of_thread[THREADS][EACH];

static void *take_many(void *own) {
	capability_t *slots = own;

	for (int i = 0; i < EACH; i++) {
		if (slot_allocate(1, &slots[i]) != ERROR_OK) abort();
		if (i % 3 == 0) {
			slot_free(slots[i], 1);
			i--;
			if (slot_allocate(1, &slots[++i]) != ERROR_OK) abort();
		}
	}
	return NULL;
}

static error_t grow_quietly(void *context, uint32_t page) {
	(void)context;
	(void)page;
	return ERROR_OK;
}

START_TEST(threads_never_get_the_same_slot) {
	static unsigned char seen[SLOT_COUNT];
	pthread_t threads[THREADS];

	slots_start(1, 128, grow_quietly, NULL);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_many, of_thread[i]), 0);
	for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		for (int j = 0; j < EACH; j++) {
			ck_assert(!seen[of_thread[i][j]]);
			seen[of_thread[i][j]] = 1;
		}
	}
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-slot");
	TCase *cases = tcase_create("slots");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, the_first_slots_are_never_given_out);
	tcase_add_test(cases, a_slot_is_given_out_once_until_it_is_freed);
	tcase_add_test(cases, a_run_is_in_a_row_and_its_slots_are_free);
	tcase_add_test(cases, the_whole_table_can_be_used_and_then_it_is_full);
	tcase_add_test(cases, a_pager_that_refuses_is_reported_and_asked_again);
	tcase_add_test(cases, nobody_to_grow_means_no_memory);
	tcase_add_test(cases, impossible_counts_are_refused);
	tcase_add_test(cases, used_slots_are_counted);
	tcase_add_test(cases, threads_never_get_the_same_slot);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
