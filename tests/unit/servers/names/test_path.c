/* SPDX-License-Identifier: MIT */
/*
 * Paths: what is one, and what lies below it.
 */
#include "fixture.h"

START_TEST(paths_that_are_not_plain_and_absolute_are_refused) {
	static const char *const bad[] = {"",    "a",     "//",     "/a/",   "/a//b", "/.",
	                                  "/..", "/a/..", "/a/./b", "/../a", "a/b"};
	struct path path;

	for (size_t index = 0; index < sizeof(bad) / sizeof(bad[0]); index++)
		ck_assert_int_eq(path_resolve(&full->root, bad[index], strlen(bad[index]), &path), ERROR_ARGUMENT);
	ck_assert_int_eq(path_resolve(&full->root, "/a\0b", 4, &path), ERROR_ARGUMENT);
}
END_TEST

START_TEST(components_that_begin_with_dots_are_ordinary) {
	struct path path = resolved(full, "/.../..a/.b");

	ck_assert_uint_eq(path.length, strlen("/.../..a/.b"));
	ck_assert_uint_eq(resolved(full, "/").length, 0);
}
END_TEST

START_TEST(a_component_or_a_path_that_is_too_long_is_refused) {
	char text[PATH_BYTES_MAX + 2] = "/";
	struct path path;
	struct view *view;

	memset(text + 1, 'x', PATH_BYTES_MAX);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_COMPONENT_MAX + 1, &path), ERROR_OK);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_COMPONENT_MAX + 2, &path), ERROR_RANGE);
	text[200] = '/';
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_BYTES_MAX, &path), ERROR_OK);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_BYTES_MAX + 1, &path), ERROR_RANGE);
	view = given_a_view(full, 0, "/ab");
	ck_assert_int_eq(path_resolve(&view->root, text, PATH_BYTES_MAX - 2, &path), ERROR_RANGE);
	ck_assert_int_eq(path_resolve(&view->root, text, PATH_BYTES_MAX - 3, &path), ERROR_OK);
}
END_TEST

START_TEST(a_path_is_below_itself_and_its_parents_but_not_below_a_namesake) {
	struct path path = resolved(full, "/svc/console");

	ck_assert(path_is_below(&path, "", 0));
	ck_assert(path_is_below(&path, "/svc", 4));
	ck_assert(path_is_below(&path, "/svc/console", 12));
	ck_assert(!path_is_below(&path, "/svc/con", 8));
	ck_assert(!path_is_below(&path, "/svc/console/1", 14));
}
END_TEST

void path_tests_add(TCase *tests) {
	tcase_add_test(tests, paths_that_are_not_plain_and_absolute_are_refused);
	tcase_add_test(tests, components_that_begin_with_dots_are_ordinary);
	tcase_add_test(tests, a_component_or_a_path_that_is_too_long_is_refused);
	tcase_add_test(tests, a_path_is_below_itself_and_its_parents_but_not_below_a_namesake);
}
