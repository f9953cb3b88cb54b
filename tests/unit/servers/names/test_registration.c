/* SPDX-License-Identifier: MIT */
/*
 * Registrations and lookups.
 */
#include "fixture.h"

START_TEST(what_is_registered_is_found_and_nothing_else) {
	given("/svc/console", 1);
	expect_found("/svc/console", 1, "");
	expect_not_found("/svc/consol");
	expect_not_found("/svc/console2");
	expect_not_found("/svc");
	expect_not_found("/");
}
END_TEST

START_TEST(the_longest_prefix_wins_and_the_rest_is_left) {
	given("/", 1);
	given("/svc/store", 2);
	given("/svc/store/a/b", 3);
	expect_found("/", 1, "");
	expect_found("/bin/hello", 1, "bin/hello");
	expect_found("/svc/store", 2, "");
	expect_found("/svc/store/a", 2, "a");
	expect_found("/svc/store/a/b", 3, "");
	expect_found("/svc/store/a/b/c/d", 3, "c/d");
	expect_found("/svc/storeroom", 1, "svc/storeroom");
}
END_TEST

START_TEST(a_taken_name_is_not_given_twice) {
	given("/svc/a", 1);
	ck_assert_int_eq(registered(full, NAMES_REGISTER, "/svc/a", 2), ERROR_EXISTS);
	expect_found("/svc/a", 1, "");
	ck_assert_uint_eq(world.released[2], 0);
}
END_TEST

START_TEST(the_name_of_a_dead_capability_is_free_again) {
	given("/svc/a", 1);
	world.dead[1] = true;
	given("/svc/a", 2);
	expect_found("/svc/a", 2, "");
	ck_assert_uint_eq(world.released[1], 1);
}
END_TEST

START_TEST(a_dead_capability_is_not_handed_out) {
	given("/", 1);
	given("/svc/a", 2);
	world.dead[2] = true;
	expect_found("/svc/a", 1, "svc/a");
	ck_assert_uint_eq(world.released[2], 1);
}
END_TEST

START_TEST(a_binding_covers_and_uncovers) {
	given("/svc/a", 1);
	ck_assert_int_eq(registered(full, NAMES_BIND, "/svc/a", 2), ERROR_OK);
	expect_found("/svc/a/x", 2, "x");
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
	expect_found("/svc/a/x", 1, "x");
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
	expect_not_found("/svc/a");
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(a_dead_binding_uncovers_what_it_covered) {
	given("/svc/a", 1);
	ck_assert_int_eq(registered(full, NAMES_BIND, "/svc/a", 2), ERROR_OK);
	world.dead[2] = true;
	expect_found("/svc/a", 1, "");
}
END_TEST

void registration_tests_add(TCase *tests) {
	tcase_add_test(tests, what_is_registered_is_found_and_nothing_else);
	tcase_add_test(tests, the_longest_prefix_wins_and_the_rest_is_left);
	tcase_add_test(tests, a_taken_name_is_not_given_twice);
	tcase_add_test(tests, the_name_of_a_dead_capability_is_free_again);
	tcase_add_test(tests, a_dead_capability_is_not_handed_out);
	tcase_add_test(tests, a_binding_covers_and_uncovers);
	tcase_add_test(tests, a_dead_binding_uncovers_what_it_covered);
}
