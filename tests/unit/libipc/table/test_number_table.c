/* SPDX-License-Identifier: MIT */
/*
 * The table of numbered objects.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/number_table.h>

#define MANY 5000

static int memory_is_gone;

void *failing_calloc(size_t count, size_t size);
void *failing_calloc(size_t count, size_t size) {
	void *memory = memory_is_gone ? NULL : malloc(count * size);

	return memory ? memset(memory, 0, count * size) : NULL;
}

static struct number_table table;
static struct number_entry entries[MANY];

static void given_an_empty_table(void) {
	memory_is_gone = 0;
	memset(&table, 0, sizeof(table));
}

static void table_is_cleared(void) { number_table_clear(&table); }

START_TEST(an_empty_table_finds_nothing) {
	ck_assert_ptr_null(number_table_find(&table, 0));
	ck_assert_ptr_null(number_table_find(&table, 1));
}
END_TEST

START_TEST(every_entry_is_found_by_its_number_until_it_is_removed) {
	for (size_t index = 0; index < MANY; index++) {
		ck_assert_int_eq(number_table_add(&table, &entries[index]), ERROR_OK);
		ck_assert_uint_eq(entries[index].number, index + 1);
	}
	for (size_t index = 0; index < MANY; index += 2) number_table_remove(&table, &entries[index]);
	for (size_t index = 0; index < MANY; index++)
		ck_assert_ptr_eq(number_table_find(&table, index + 1), index % 2 ? &entries[index] : NULL);
	ck_assert_uint_eq(table.count, MANY / 2);
}
END_TEST

START_TEST(numbers_are_not_given_twice) {
	ck_assert_int_eq(number_table_add(&table, &entries[0]), ERROR_OK);
	number_table_remove(&table, &entries[0]);
	ck_assert_int_eq(number_table_add(&table, &entries[0]), ERROR_OK);
	ck_assert_uint_eq(entries[0].number, 2);
	ck_assert_ptr_null(number_table_find(&table, 1));
}
END_TEST

START_TEST(without_memory_the_first_entry_is_refused_and_later_ones_are_not) {
	memory_is_gone = 1;
	ck_assert_int_eq(number_table_add(&table, &entries[0]), ERROR_NO_MEMORY);
	memory_is_gone = 0;
	ck_assert_int_eq(number_table_add(&table, &entries[0]), ERROR_OK);
	memory_is_gone = 1;
	for (size_t index = 1; index < MANY; index++)
		ck_assert_int_eq(number_table_add(&table, &entries[index]), ERROR_OK);
	ck_assert_ptr_eq(number_table_find(&table, MANY), &entries[MANY - 1]);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc/table");
	TCase *tests = tcase_create("number_table");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, given_an_empty_table, table_is_cleared);
	tcase_add_test(tests, an_empty_table_finds_nothing);
	tcase_add_test(tests, every_entry_is_found_by_its_number_until_it_is_removed);
	tcase_add_test(tests, numbers_are_not_given_twice);
	tcase_add_test(tests, without_memory_the_first_entry_is_refused_and_later_ones_are_not);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
