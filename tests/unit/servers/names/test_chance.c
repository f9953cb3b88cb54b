/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out, and long random histories against a naive model.
 */
#include <stdlib.h>

#include <nacre/protocol/name.h>

#include "fixture.h"

static error_t all_operations(struct view *view) {
	struct path path = resolved(full, "/svc/p/q");
	struct view *inner;
	uint64_t number;
	error_t error = registered(view, NAMES_REGISTER, "/svc/x/y", 1);

	if (error == ERROR_OK) error = names_wait(&names, view, &path, 2);
	if (error == ERROR_OK) error = names_watch(&names, view, &path, 3, &number);
	if (error == ERROR_OK) error = view_create(&names, view, 0, "/", 1, &inner);
	return error;
}

START_TEST(whichever_allocation_fails_nothing_is_left_behind) {
	for (unsigned int nth = 1;; nth++) {
		struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
		error_t error;

		allocation_to_fail = nth;
		error = all_operations(view);
		if (error == ERROR_OK) ck_assert_uint_gt(allocation_to_fail, 0);
		allocation_to_fail = 0;
		view_release(&names, view);
		ck_assert_uint_eq(names.tree.node_count, 2);
		ck_assert_uint_eq(names.views.count, 1);
		ck_assert_uint_eq(names.watches.count, 0);
		ck_assert_uint_eq(full->account->used, 0);
		if (error == ERROR_OK) break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
}
END_TEST

START_TEST(a_server_without_memory_does_not_start) {
	struct names other;

	for (unsigned int nth = 1;; nth++) {
		error_t error;

		allocation_to_fail = nth;
		error = names_create(&other, &effects);
		allocation_to_fail = 0;
		if (error == ERROR_OK) break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
	names_destroy(&other);
}
END_TEST

#define MODEL_PATHS 12

/* What the longest prefix among @slots must be, found the slow way. */
static uint32_t model_lookup(const char *const paths[], const uint32_t slots[], const char *text) {
	struct path path = resolved(full, text);
	size_t best_length = 0;
	uint32_t best = 0;

	for (size_t index = 0; index < MODEL_PATHS; index++) {
		size_t length = strcmp(paths[index], "/") == 0 ? 0 : strlen(paths[index]);

		if (slots[index] && path_is_below(&path, paths[index], length) && (!best || length >= best_length)) {
			best = slots[index];
			best_length = length;
		}
	}
	return best;
}

START_TEST(a_long_random_history_agrees_with_a_naive_model) {
	static const char *const paths[MODEL_PATHS] = {
		"/",      "/a",      "/a/b",   "/a/b/c", "/a/bc",    "/svc/a",
		"/svc/b", "/svc/ab", "/b/a/c", "/b",     "/b/a/c/d", "/c/c/c/c",
	};
	uint32_t slots[MODEL_PATHS] = {0};

	srand(4711);
	for (uint32_t round = 1; round < 20000; round++) {
		size_t index = (size_t)rand() % MODEL_PATHS;
		uint32_t slot = round % (SLOTS - 1) + 1;
		struct path path = resolved(full, paths[index]);
		struct found found;

		if (rand() % 3 == 0) {
			ck_assert_int_eq(unregistered(full, paths[index]), slots[index] ? ERROR_OK : ERROR_NOT_FOUND);
			slots[index] = 0;
		} else if (rand() % 8 == 0 && slots[index]) {
			world.dead[slots[index]] = true;
			slots[index] = 0;
			ck_assert_int_eq(unregistered(full, paths[index]), ERROR_OK);
		} else {
			world.dead[slot] = false;
			ck_assert_int_eq(registered(full, NAMES_REGISTER, paths[index], slot),
			                 slots[index] ? ERROR_EXISTS : ERROR_OK);
			slots[index] = slots[index] ? slots[index] : slot;
		}
		path = resolved(full, paths[(size_t)rand() % MODEL_PATHS]);
		memcpy(path.text + path.length, "/x", 2);
		path.length += 2;
		path.text[path.length] = '\0';
		slot = model_lookup(paths, slots, path.text);
		ck_assert_int_eq(names_lookup(&names, &path, &found), slot ? ERROR_OK : ERROR_NOT_FOUND);
		if (slot) ck_assert_uint_eq(found.slot, slot);
	}
}
END_TEST

void chance_tests_add(TCase *tests) {
	tcase_add_test(tests, whichever_allocation_fails_nothing_is_left_behind);
	tcase_add_test(tests, a_server_without_memory_does_not_start);
	tcase_add_test(tests, a_long_random_history_agrees_with_a_naive_model);
}
