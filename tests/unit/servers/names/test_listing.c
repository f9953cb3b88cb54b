/* SPDX-License-Identifier: MIT */
/*
 * Listings of directories.
 */
#include "fixture.h"

struct listed {
	size_t room;
	size_t count;
	char names[512];
};

static bool listed_take(void *context, const struct listing *entry) {
	struct listed *listed = context;

	if (listed->count == listed->room) return false;
	listed->count++;
	strncat(listed->names, entry->name, entry->name_length);
	strcat(listed->names, entry->protocol ? " " : "/ ");
	return true;
}

static void expect_listed(const char *text, size_t room, const char *expected) {
	struct path path = resolved(full, text);
	struct listed listed = {.room = room};
	uint64_t cursor = 0;

	do {
		listed.count = 0;
		ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_OK);
	} while (cursor);
	ck_assert_str_eq(listed.names, expected);
}

START_TEST(listings_show_registered_names_and_the_directories_above_them) {
	given("/svc/a", 1);
	given("/svc/d/e/f", 2);
	given("/svc/g", 3);
	given_a_watch(full, "/svc/watched", 20);
	given_a_wait(full, "/svc/awaited", 21);
	for (size_t room = 1; room < 5; room++) {
		expect_listed("/svc", room, "a d/ g ");
		expect_listed("/", room, "svc/ ");
		expect_listed("/svc/d", room, "e/ ");
	}
	ck_assert_int_eq(unregistered(full, "/svc/d/e/f"), ERROR_OK);
	expect_listed("/svc", 9, "a g ");
}
END_TEST

START_TEST(a_listing_of_nothing_says_whose_the_path_is) {
	struct path path = resolved(full, "/bin");
	struct listed listed = {.room = 9};
	uint64_t cursor = 0;

	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_NOT_FOUND);
	given("/", 1);
	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_STATE);
}
END_TEST

START_TEST(an_entry_that_never_fits_ends_the_listing_with_an_error) {
	struct path path = resolved(full, "/svc");
	struct listed listed = {.room = 0};
	uint64_t cursor = 0;

	given("/svc/a", 1);
	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_RANGE);
}
END_TEST

void listing_tests_add(TCase *tests) {
	tcase_add_test(tests, listings_show_registered_names_and_the_directories_above_them);
	tcase_add_test(tests, a_listing_of_nothing_says_whose_the_path_is);
	tcase_add_test(tests, an_entry_that_never_fits_ends_the_listing_with_an_error);
}
