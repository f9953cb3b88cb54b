/* SPDX-License-Identifier: MIT */
/*
 * Packed directory entries, well and badly made.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/entries.h>

static struct entry named(const char *name) {
	struct entry entry = {.size = UINT64_C(0x0123456789abcdef), .protocol = 0x102, .kind = 2};

	strcpy(entry.name, name);
	return entry;
}

START_TEST(entries_come_back_as_they_were_put) {
	uint8_t data[100];
	size_t used = 0;
	size_t position = 0;
	struct entry entry = named("hello");
	struct entry other = named("x");
	struct entry back;

	ck_assert(entries_put(data, sizeof(data), &used, &entry));
	ck_assert(entries_put(data, sizeof(data), &used, &other));
	ck_assert_uint_eq(used, 2 * ENTRY_HEADER_SIZE + 6);
	ck_assert(entries_next(data, used, &position, &back));
	ck_assert(back.size == entry.size && back.protocol == 0x102 && back.kind == 2);
	ck_assert_str_eq(back.name, "hello");
	ck_assert(entries_next(data, used, &position, &back));
	ck_assert_str_eq(back.name, "x");
	ck_assert(!entries_next(data, used, &position, &back));
	ck_assert_uint_eq(position, used);
}
END_TEST

START_TEST(an_entry_that_does_not_fit_changes_nothing) {
	uint8_t data[ENTRY_HEADER_SIZE + 5];
	size_t used = 0;
	struct entry entry = named("sixsix");

	ck_assert(!entries_put(data, sizeof(data), &used, &entry));
	ck_assert_uint_eq(used, 0);
	entry = named("fives");
	ck_assert(entries_put(data, sizeof(data), &used, &entry));
	ck_assert(!entries_put(data, sizeof(data), &used, &entry));
	ck_assert_uint_eq(used, sizeof(data));
}
END_TEST

START_TEST(an_entry_without_a_name_is_none) {
	uint8_t data[64] = {0};
	size_t used = 0;
	size_t position = 0;
	struct entry entry = named("");

	ck_assert(!entries_put(data, sizeof(data), &used, &entry));
	ck_assert(!entries_next(data, sizeof(data), &position, &entry));
}
END_TEST

START_TEST(a_listing_cut_anywhere_is_read_without_harm) {
	uint8_t data[64];
	size_t used = 0;
	struct entry entry = named("name");

	ck_assert(entries_put(data, sizeof(data), &used, &entry));
	for (size_t size = 0; size < used; size++) {
		uint8_t *cut = malloc(size ? size : 1);
		size_t position = 0;

		memcpy(cut, data, size);
		ck_assert(!entries_next(cut, size, &position, &entry));
		free(cut);
	}
}
END_TEST

START_TEST(a_name_with_a_nul_in_it_is_no_entry) {
	uint8_t data[64];
	size_t used = 0;
	size_t position = 0;
	struct entry entry = named("name");

	ck_assert(entries_put(data, sizeof(data), &used, &entry));
	data[ENTRY_HEADER_SIZE + 1] = 0;
	ck_assert(!entries_next(data, used, &position, &entry));
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-entries");
	TCase *cases = tcase_create("entries");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, entries_come_back_as_they_were_put);
	tcase_add_test(cases, an_entry_that_does_not_fit_changes_nothing);
	tcase_add_test(cases, an_entry_without_a_name_is_none);
	tcase_add_test(cases, a_listing_cut_anywhere_is_read_without_harm);
	tcase_add_test(cases, a_name_with_a_nul_in_it_is_no_entry);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
