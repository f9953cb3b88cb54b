/* SPDX-License-Identifier: MIT */
/*
 * Views: whose eyes see what, and what ends with them.
 */
#include <stdio.h>

#include <nacre/protocol/name.h>

#include "fixture.h"

START_TEST(an_untrusted_view_registers_below_svc_alone) {
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");

	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svc/mine", 1), ERROR_OK);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svc", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svcx/a", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/bin/ls", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_BIND, "/svc/mine", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(given_a_view(full, 0, "/"), NAMES_REGISTER, "/svc/x", 2), ERROR_RIGHT);
}
END_TEST

START_TEST(a_view_has_no_more_rights_than_its_maker) {
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *none;

	ck_assert_int_eq(view_create(&names, view, NAME_RIGHT_BIND, "/", 1, &none), ERROR_RIGHT);
	ck_assert_int_eq(view_create(&names, view, 0, "x", 1, &none), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_view_shows_its_root_as_the_root) {
	struct view *jail;

	given("/", 1);
	given("/jail/svc/a", 2);
	jail = given_a_view(full, NAME_RIGHT_REGISTER, "/jail");
	expect_found_in(jail, "/svc/a", 2, "");
	expect_found_in(jail, "/bin/ls", 1, "jail/bin/ls");
	ck_assert_int_eq(registered(jail, NAMES_REGISTER, "/svc/b", 3), ERROR_OK);
	expect_found("/jail/svc/b", 3, "");
}
END_TEST

START_TEST(one_view_cannot_take_away_what_another_registered) {
	struct view *one = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *other = given_a_view(full, NAME_RIGHT_REGISTER, "/");

	ck_assert_int_eq(registered(one, NAMES_REGISTER, "/svc/a", 1), ERROR_OK);
	ck_assert_int_eq(unregistered(other, "/svc/a"), ERROR_RIGHT);
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
}
END_TEST

START_TEST(a_released_view_takes_all_it_had_along) {
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *inner = given_a_view(view, NAME_RIGHT_REGISTER, "/");
	uint64_t number = inner->entry.number;

	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svc/a", 1), ERROR_OK);
	ck_assert_int_eq(registered(inner, NAMES_REGISTER, "/svc/b", 2), ERROR_OK);
	given_a_wait(inner, "/svc/never", 3);
	given_a_watch(view, "/svc", 4);
	ck_assert_ptr_null(view_find_below(&names, inner, view->entry.number));
	ck_assert_ptr_eq(view_find_below(&names, full, number), inner);
	view_release(&names, view);
	for (uint32_t slot = 1; slot <= 4; slot++) ck_assert_uint_eq(world.released[slot], 1);
	ck_assert_uint_eq(world.answered[3], 0);
	ck_assert_ptr_null(names_view(&names, number));
	expect_not_found("/svc/a");
	expect_not_found("/svc/b");
	ck_assert_uint_eq(names.tree.node_count, 2);
	ck_assert_uint_eq(full->account->used, 0);
}
END_TEST

START_TEST(an_untrusted_view_reaches_its_limit_and_the_others_go_on) {
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *inner = given_a_view(view, NAME_RIGHT_REGISTER, "/");
	char text[32];

	for (uint32_t index = 1; index < NAMES_ACCOUNT_LIMIT; index++) {
		snprintf(text, sizeof(text), "/svc/%u", index);
		ck_assert_int_eq(registered(index % 2 ? view : inner, NAMES_REGISTER, text, index), ERROR_OK);
	}
	ck_assert_int_eq(registered(inner, NAMES_REGISTER, "/svc/more", 300), ERROR_LIMIT);
	ck_assert_int_eq(registered(full, NAMES_REGISTER, "/svc/other", 301), ERROR_OK);
	ck_assert_int_eq(unregistered(view, "/svc/1"), ERROR_OK);
	ck_assert_int_eq(registered(inner, NAMES_REGISTER, "/svc/more", 300), ERROR_OK);
}
END_TEST

void view_tests_add(TCase *tests) {
	tcase_add_test(tests, an_untrusted_view_registers_below_svc_alone);
	tcase_add_test(tests, a_view_has_no_more_rights_than_its_maker);
	tcase_add_test(tests, a_view_shows_its_root_as_the_root);
	tcase_add_test(tests, one_view_cannot_take_away_what_another_registered);
	tcase_add_test(tests, a_released_view_takes_all_it_had_along);
	tcase_add_test(tests, an_untrusted_view_reaches_its_limit_and_the_others_go_on);
}
