/* SPDX-License-Identifier: MIT */
/*
 * Waits and watches: those who want to know.
 */
#include "fixture.h"

START_TEST(a_wait_ends_with_the_registration_it_is_for) {
	given_a_wait(full, "/svc/a", 10);
	given("/svc/b", 1);
	ck_assert_uint_eq(world.answered[10], 0);
	given("/svc/a", 2);
	ck_assert_uint_eq(world.answered[10], 1);
	ck_assert_uint_eq(world.answer_slot, 2);
	ck_assert_str_eq(world.answer_rest, "");
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
	given("/svc/a", 3);
	ck_assert_uint_eq(world.answered[10], 1);
}
END_TEST

START_TEST(a_registration_ends_all_waits_at_it_and_below) {
	given_a_wait(full, "/svc/a", 10);
	given_a_wait(full, "/svc/a", 11);
	given_a_wait(full, "/svc/a/b/c", 12);
	given_a_wait(full, "/svc/a/b/d", 13);
	given_a_wait(full, "/svc/ab", 14);
	given("/svc/a", 1);
	for (uint32_t slot = 10; slot <= 13; slot++) ck_assert_uint_eq(world.answered[slot], 1);
	ck_assert_str_eq(world.answer_rest, "b/d");
	ck_assert_uint_eq(world.answered[14], 0);
}
END_TEST

START_TEST(the_fallback_at_the_root_ends_no_wait_but_its_own) {
	struct path path = resolved(full, "/svc/a");
	struct found found;

	given_a_wait(full, "/svc/a", 10);
	given_a_wait(full, "/", 11);
	given("/", 1);
	ck_assert_uint_eq(world.answered[10], 0);
	ck_assert_uint_eq(world.answered[11], 1);
	ck_assert_int_eq(names_lookup_awaited(&names, &path, &found), ERROR_NOT_FOUND);
	given("/svc/a", 2);
	ck_assert_int_eq(names_lookup_awaited(&names, &path, &found), ERROR_OK);
	path = resolved(full, "/");
	ck_assert_int_eq(names_lookup_awaited(&names, &path, &found), ERROR_OK);
}
END_TEST

START_TEST(a_watch_is_signalled_for_changes_at_and_below_its_path) {
	uint64_t number;

	given_a_watch(full, "/svc", 20);
	number = given_a_watch(full, "/svc/a", 21);
	given("/svc/a", 1);
	given("/svc/a/b", 2);
	given("/svc/c", 3);
	given("/icf", 4);
	ck_assert_uint_eq(world.signalled[20], 3);
	ck_assert_uint_eq(world.signalled[21], 2);
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
	ck_assert_uint_eq(world.signalled[21], 3);
	ck_assert_int_eq(names_unwatch(&names, full, number), ERROR_OK);
	ck_assert_int_eq(names_unwatch(&names, full, number), ERROR_NOT_FOUND);
	ck_assert_uint_eq(world.released[21], 1);
}
END_TEST

START_TEST(a_watch_of_another_view_cannot_be_ended) {
	uint64_t number = given_a_watch(full, "/svc", 20);
	struct view *view = given_a_view(full, 0, "/");

	ck_assert_int_eq(names_unwatch(&names, view, number), ERROR_NOT_FOUND);
}
END_TEST

void wait_tests_add(TCase *tests) {
	tcase_add_test(tests, a_wait_ends_with_the_registration_it_is_for);
	tcase_add_test(tests, a_registration_ends_all_waits_at_it_and_below);
	tcase_add_test(tests, the_fallback_at_the_root_ends_no_wait_but_its_own);
	tcase_add_test(tests, a_watch_is_signalled_for_changes_at_and_below_its_path);
	tcase_add_test(tests, a_watch_of_another_view_cannot_be_ended);
}
