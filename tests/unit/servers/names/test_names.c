/* SPDX-License-Identifier: MIT */
/*
 * The naming server's topics: paths, registrations, lookups, waits, watches and views.
 *
 * The world outside is a table of slots that remembers what was done to each.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/name.h>

#include "names.h"

#define SLOTS 4096

/* Which of the following allocations fails; 0: none. */
static unsigned int allocation_to_fail;

/* Defined as malloc and calloc for the code under test. */
void *failing_malloc(size_t size);
void *failing_calloc(size_t count, size_t size);

static bool allocation_fails(void)
{
	return allocation_to_fail && --allocation_to_fail == 0;
}

void *failing_malloc(size_t size)
{
	return allocation_fails() ? NULL : realloc(NULL, size);
}

void *failing_calloc(size_t count, size_t size)
{
	void *memory = failing_malloc(count * size);

	return memory ? memset(memory, 0, count * size) : NULL;
}

static struct world {
	bool dead[SLOTS];
	unsigned int released[SLOTS];
	unsigned int signalled[SLOTS];
	unsigned int answered[SLOTS];
	uint32_t answer_slot;
	char answer_rest[PATH_BYTES_MAX + 1];
} world;

static bool world_slot_is_alive(void *context, uint32_t slot)
{
	return !((struct world *)context)->dead[slot];
}

static void world_slot_release(void *context, uint32_t slot)
{
	((struct world *)context)->released[slot]++;
}

static void world_signal(void *context, uint32_t slot)
{
	((struct world *)context)->signalled[slot]++;
}

static void world_answer(void *context, uint32_t reply_slot, const struct found *found)
{
	struct world *in = context;

	in->answered[reply_slot]++;
	in->answer_slot = found->slot;
	memcpy(in->answer_rest, found->rest, found->rest_length);
	in->answer_rest[found->rest_length] = '\0';
}

static const struct names_effects effects = {
	.slot_is_alive = world_slot_is_alive,
	.slot_release = world_slot_release,
	.signal = world_signal,
	.answer = world_answer,
	.context = &world,
};

static struct names names;
static struct view *full;

static void given_an_empty_tree(void)
{
	memset(&world, 0, sizeof(world));
	ck_assert_int_eq(names_create(&names, &effects), ERROR_OK);
	full = names.full_view;
}

static void tree_is_taken_down(void)
{
	names_destroy(&names);
}

static error_t registered(struct view *view, enum names_placing placing, const char *path,
                          uint32_t slot)
{
	uint64_t number;

	return names_register(&names, view, placing, path, strlen(path), 0x200 + slot, slot,
	                      &number);
}

static void given(const char *path, uint32_t slot)
{
	ck_assert_int_eq(registered(full, NAMES_REGISTER, path, slot), ERROR_OK);
}

static struct path resolved(const struct view *view, const char *text)
{
	struct path path;

	ck_assert_int_eq(path_resolve(&view->root, text, strlen(text), &path), ERROR_OK);
	return path;
}

/* The lookup of @text leads to @slot and leaves @rest. */
static void expect_found_in(const struct view *view, const char *text, uint32_t slot,
                            const char *rest)
{
	struct path path = resolved(view, text);
	struct found found;

	ck_assert_int_eq(names_lookup(&names, &path, &found), ERROR_OK);
	ck_assert_uint_eq(found.slot, slot);
	ck_assert_uint_eq(found.protocol, 0x200 + slot);
	ck_assert_uint_eq(found.rest_length, strlen(rest));
	ck_assert_mem_eq(found.rest, rest, strlen(rest));
}

static void expect_found(const char *text, uint32_t slot, const char *rest)
{
	expect_found_in(full, text, slot, rest);
}

static void expect_not_found(const char *text)
{
	struct path path = resolved(full, text);
	struct found found;

	ck_assert_int_eq(names_lookup(&names, &path, &found), ERROR_NOT_FOUND);
}

static error_t unregistered(struct view *view, const char *text)
{
	struct path path = resolved(view, text);

	return names_unregister(&names, view, &path);
}

static struct view *given_a_view(struct view *parent, uint32_t rights, const char *root)
{
	struct view *view;

	ck_assert_int_eq(view_create(&names, parent, rights, root, strlen(root), &view), ERROR_OK);
	return view;
}

static void given_a_wait(struct view *view, const char *text, uint32_t reply_slot)
{
	struct path path = resolved(view, text);

	ck_assert_int_eq(names_wait(&names, view, &path, reply_slot), ERROR_OK);
}

static uint64_t given_a_watch(struct view *view, const char *text, uint32_t slot)
{
	struct path path = resolved(view, text);
	uint64_t number;

	ck_assert_int_eq(names_watch(&names, view, &path, slot, &number), ERROR_OK);
	return number;
}

/* Paths */

START_TEST(paths_that_are_not_plain_and_absolute_are_refused)
{
	static const char *const bad[] = {"",    "a",     "//",     "/a/",   "/a//b", "/.",
	                                  "/..", "/a/..", "/a/./b", "/../a", "a/b"};
	struct path path;

	for (size_t index = 0; index < sizeof(bad) / sizeof(bad[0]); index++)
		ck_assert_int_eq(path_resolve(&full->root, bad[index], strlen(bad[index]), &path),
		                 ERROR_ARGUMENT);
	ck_assert_int_eq(path_resolve(&full->root, "/a\0b", 4, &path), ERROR_ARGUMENT);
}
END_TEST

START_TEST(components_that_begin_with_dots_are_ordinary)
{
	struct path path = resolved(full, "/.../..a/.b");

	ck_assert_uint_eq(path.length, strlen("/.../..a/.b"));
	ck_assert_uint_eq(resolved(full, "/").length, 0);
}
END_TEST

START_TEST(a_component_or_a_path_that_is_too_long_is_refused)
{
	char text[PATH_BYTES_MAX + 2] = "/";
	struct path path;
	struct view *view;

	memset(text + 1, 'x', PATH_BYTES_MAX);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_COMPONENT_MAX + 1, &path), ERROR_OK);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_COMPONENT_MAX + 2, &path),
	                 ERROR_RANGE);
	text[200] = '/';
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_BYTES_MAX, &path), ERROR_OK);
	ck_assert_int_eq(path_resolve(&full->root, text, PATH_BYTES_MAX + 1, &path), ERROR_RANGE);
	view = given_a_view(full, 0, "/ab");
	ck_assert_int_eq(path_resolve(&view->root, text, PATH_BYTES_MAX - 2, &path), ERROR_RANGE);
	ck_assert_int_eq(path_resolve(&view->root, text, PATH_BYTES_MAX - 3, &path), ERROR_OK);
}
END_TEST

START_TEST(a_path_is_below_itself_and_its_parents_but_not_below_a_namesake)
{
	struct path path = resolved(full, "/svc/console");

	ck_assert(path_is_below(&path, "", 0));
	ck_assert(path_is_below(&path, "/svc", 4));
	ck_assert(path_is_below(&path, "/svc/console", 12));
	ck_assert(!path_is_below(&path, "/svc/con", 8));
	ck_assert(!path_is_below(&path, "/svc/console/1", 14));
}
END_TEST

/* Registrations and lookups */

START_TEST(what_is_registered_is_found_and_nothing_else)
{
	given("/svc/console", 1);
	expect_found("/svc/console", 1, "");
	expect_not_found("/svc/consol");
	expect_not_found("/svc/console2");
	expect_not_found("/svc");
	expect_not_found("/");
}
END_TEST

START_TEST(the_longest_prefix_wins_and_the_rest_is_left)
{
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

START_TEST(a_taken_name_is_not_given_twice)
{
	given("/svc/a", 1);
	ck_assert_int_eq(registered(full, NAMES_REGISTER, "/svc/a", 2), ERROR_EXISTS);
	expect_found("/svc/a", 1, "");
	ck_assert_uint_eq(world.released[2], 0);
}
END_TEST

START_TEST(the_name_of_a_dead_capability_is_free_again)
{
	given("/svc/a", 1);
	world.dead[1] = true;
	given("/svc/a", 2);
	expect_found("/svc/a", 2, "");
	ck_assert_uint_eq(world.released[1], 1);
}
END_TEST

START_TEST(a_dead_capability_is_not_handed_out)
{
	given("/", 1);
	given("/svc/a", 2);
	world.dead[2] = true;
	expect_found("/svc/a", 1, "svc/a");
	ck_assert_uint_eq(world.released[2], 1);
}
END_TEST

START_TEST(a_binding_covers_and_uncovers)
{
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

START_TEST(a_dead_binding_uncovers_what_it_covered)
{
	given("/svc/a", 1);
	ck_assert_int_eq(registered(full, NAMES_BIND, "/svc/a", 2), ERROR_OK);
	world.dead[2] = true;
	expect_found("/svc/a", 1, "");
}
END_TEST

/* Views */

START_TEST(an_untrusted_view_registers_below_svc_alone)
{
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");

	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svc/mine", 1), ERROR_OK);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svc", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/svcx/a", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/bin/ls", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_REGISTER, "/", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(view, NAMES_BIND, "/svc/mine", 2), ERROR_RIGHT);
	ck_assert_int_eq(registered(given_a_view(full, 0, "/"), NAMES_REGISTER, "/svc/x", 2),
	                 ERROR_RIGHT);
}
END_TEST

START_TEST(a_view_has_no_more_rights_than_its_maker)
{
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *none;

	ck_assert_int_eq(view_create(&names, view, NAME_RIGHT_BIND, "/", 1, &none), ERROR_RIGHT);
	ck_assert_int_eq(view_create(&names, view, 0, "x", 1, &none), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_view_shows_its_root_as_the_root)
{
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

START_TEST(one_view_cannot_take_away_what_another_registered)
{
	struct view *one = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *other = given_a_view(full, NAME_RIGHT_REGISTER, "/");

	ck_assert_int_eq(registered(one, NAMES_REGISTER, "/svc/a", 1), ERROR_OK);
	ck_assert_int_eq(unregistered(other, "/svc/a"), ERROR_RIGHT);
	ck_assert_int_eq(unregistered(full, "/svc/a"), ERROR_OK);
}
END_TEST

START_TEST(a_released_view_takes_all_it_had_along)
{
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
	for (uint32_t slot = 1; slot <= 4; slot++)
		ck_assert_uint_eq(world.released[slot], 1);
	ck_assert_uint_eq(world.answered[3], 0);
	ck_assert_ptr_null(names_view(&names, number));
	expect_not_found("/svc/a");
	expect_not_found("/svc/b");
	ck_assert_uint_eq(names.tree.node_count, 2);
	ck_assert_uint_eq(full->account->used, 0);
}
END_TEST

START_TEST(an_untrusted_view_reaches_its_limit_and_the_others_go_on)
{
	struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
	struct view *inner = given_a_view(view, NAME_RIGHT_REGISTER, "/");
	char text[32];

	for (uint32_t index = 1; index < NAMES_ACCOUNT_LIMIT; index++) {
		snprintf(text, sizeof(text), "/svc/%u", index);
		ck_assert_int_eq(registered(index % 2 ? view : inner, NAMES_REGISTER, text, index),
		                 ERROR_OK);
	}
	ck_assert_int_eq(registered(inner, NAMES_REGISTER, "/svc/more", 300), ERROR_LIMIT);
	ck_assert_int_eq(registered(full, NAMES_REGISTER, "/svc/other", 301), ERROR_OK);
	ck_assert_int_eq(unregistered(view, "/svc/1"), ERROR_OK);
	ck_assert_int_eq(registered(inner, NAMES_REGISTER, "/svc/more", 300), ERROR_OK);
}
END_TEST

/* Waits */

START_TEST(a_wait_ends_with_the_registration_it_is_for)
{
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

START_TEST(a_registration_ends_all_waits_at_it_and_below)
{
	given_a_wait(full, "/svc/a", 10);
	given_a_wait(full, "/svc/a", 11);
	given_a_wait(full, "/svc/a/b/c", 12);
	given_a_wait(full, "/svc/a/b/d", 13);
	given_a_wait(full, "/svc/ab", 14);
	given("/svc/a", 1);
	for (uint32_t slot = 10; slot <= 13; slot++)
		ck_assert_uint_eq(world.answered[slot], 1);
	ck_assert_str_eq(world.answer_rest, "b/d");
	ck_assert_uint_eq(world.answered[14], 0);
}
END_TEST

START_TEST(the_fallback_at_the_root_ends_no_wait_but_its_own)
{
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

/* Watches */

START_TEST(a_watch_is_signalled_for_changes_at_and_below_its_path)
{
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

START_TEST(a_watch_of_another_view_cannot_be_ended)
{
	uint64_t number = given_a_watch(full, "/svc", 20);
	struct view *view = given_a_view(full, 0, "/");

	ck_assert_int_eq(names_unwatch(&names, view, number), ERROR_NOT_FOUND);
}
END_TEST

/* Listings */

struct listed {
	size_t room;
	size_t count;
	char names[512];
};

static bool listed_take(void *context, const struct listing *entry)
{
	struct listed *listed = context;

	if (listed->count == listed->room)
		return false;
	listed->count++;
	strncat(listed->names, entry->name, entry->name_length);
	strcat(listed->names, entry->protocol ? " " : "/ ");
	return true;
}

static void expect_listed(const char *text, size_t room, const char *expected)
{
	struct path path = resolved(full, text);
	struct listed listed = {.room = room};
	uint64_t cursor = 0;

	do {
		listed.count = 0;
		ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed),
		                 ERROR_OK);
	} while (cursor);
	ck_assert_str_eq(listed.names, expected);
}

START_TEST(listings_show_registered_names_and_the_directories_above_them)
{
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

START_TEST(a_listing_of_nothing_says_whose_the_path_is)
{
	struct path path = resolved(full, "/bin");
	struct listed listed = {.room = 9};
	uint64_t cursor = 0;

	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_NOT_FOUND);
	given("/", 1);
	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_STATE);
}
END_TEST

START_TEST(an_entry_that_never_fits_ends_the_listing_with_an_error)
{
	struct path path = resolved(full, "/svc");
	struct listed listed = {.room = 0};
	uint64_t cursor = 0;

	given("/svc/a", 1);
	ck_assert_int_eq(names_list(&names, &path, &cursor, listed_take, &listed), ERROR_RANGE);
}
END_TEST

/* Exhaustion and chance */

static error_t all_operations(struct view *view)
{
	struct path path = resolved(full, "/svc/p/q");
	struct view *inner;
	uint64_t number;
	error_t error = registered(view, NAMES_REGISTER, "/svc/x/y", 1);

	if (error == ERROR_OK)
		error = names_wait(&names, view, &path, 2);
	if (error == ERROR_OK)
		error = names_watch(&names, view, &path, 3, &number);
	if (error == ERROR_OK)
		error = view_create(&names, view, 0, "/", 1, &inner);
	return error;
}

START_TEST(whichever_allocation_fails_nothing_is_left_behind)
{
	for (unsigned int nth = 1;; nth++) {
		struct view *view = given_a_view(full, NAME_RIGHT_REGISTER, "/");
		error_t error;

		allocation_to_fail = nth;
		error = all_operations(view);
		if (error == ERROR_OK)
			ck_assert_uint_gt(allocation_to_fail, 0);
		allocation_to_fail = 0;
		view_release(&names, view);
		ck_assert_uint_eq(names.tree.node_count, 2);
		ck_assert_uint_eq(names.views.count, 1);
		ck_assert_uint_eq(names.watches.count, 0);
		ck_assert_uint_eq(full->account->used, 0);
		if (error == ERROR_OK)
			break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
}
END_TEST

START_TEST(a_server_without_memory_does_not_start)
{
	struct names other;

	for (unsigned int nth = 1;; nth++) {
		error_t error;

		allocation_to_fail = nth;
		error = names_create(&other, &effects);
		allocation_to_fail = 0;
		if (error == ERROR_OK)
			break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
	names_destroy(&other);
}
END_TEST

#define MODEL_PATHS 12

/* What the longest prefix among @slots must be, found the slow way. */
static uint32_t model_lookup(const char *const paths[], const uint32_t slots[], const char *text)
{
	struct path path = resolved(full, text);
	size_t best_length = 0;
	uint32_t best = 0;

	for (size_t index = 0; index < MODEL_PATHS; index++) {
		size_t length = strcmp(paths[index], "/") == 0 ? 0 : strlen(paths[index]);

		if (slots[index] && path_is_below(&path, paths[index], length) &&
		    (!best || length >= best_length)) {
			best = slots[index];
			best_length = length;
		}
	}
	return best;
}

START_TEST(a_long_random_history_agrees_with_a_naive_model)
{
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
			ck_assert_int_eq(unregistered(full, paths[index]),
			                 slots[index] ? ERROR_OK : ERROR_NOT_FOUND);
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
		ck_assert_int_eq(names_lookup(&names, &path, &found),
		                 slot ? ERROR_OK : ERROR_NOT_FOUND);
		if (slot)
			ck_assert_uint_eq(found.slot, slot);
	}
}
END_TEST

static Suite *names_suite(void)
{
	Suite *suite = suite_create("servers/names");
	TCase *tests = tcase_create("names");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, given_an_empty_tree, tree_is_taken_down);
	tcase_add_test(tests, paths_that_are_not_plain_and_absolute_are_refused);
	tcase_add_test(tests, components_that_begin_with_dots_are_ordinary);
	tcase_add_test(tests, a_component_or_a_path_that_is_too_long_is_refused);
	tcase_add_test(tests, a_path_is_below_itself_and_its_parents_but_not_below_a_namesake);
	tcase_add_test(tests, what_is_registered_is_found_and_nothing_else);
	tcase_add_test(tests, the_longest_prefix_wins_and_the_rest_is_left);
	tcase_add_test(tests, a_taken_name_is_not_given_twice);
	tcase_add_test(tests, the_name_of_a_dead_capability_is_free_again);
	tcase_add_test(tests, a_dead_capability_is_not_handed_out);
	tcase_add_test(tests, a_binding_covers_and_uncovers);
	tcase_add_test(tests, a_dead_binding_uncovers_what_it_covered);
	tcase_add_test(tests, an_untrusted_view_registers_below_svc_alone);
	tcase_add_test(tests, a_view_has_no_more_rights_than_its_maker);
	tcase_add_test(tests, a_view_shows_its_root_as_the_root);
	tcase_add_test(tests, one_view_cannot_take_away_what_another_registered);
	tcase_add_test(tests, a_released_view_takes_all_it_had_along);
	tcase_add_test(tests, an_untrusted_view_reaches_its_limit_and_the_others_go_on);
	tcase_add_test(tests, a_wait_ends_with_the_registration_it_is_for);
	tcase_add_test(tests, a_registration_ends_all_waits_at_it_and_below);
	tcase_add_test(tests, the_fallback_at_the_root_ends_no_wait_but_its_own);
	tcase_add_test(tests, a_watch_is_signalled_for_changes_at_and_below_its_path);
	tcase_add_test(tests, a_watch_of_another_view_cannot_be_ended);
	tcase_add_test(tests, listings_show_registered_names_and_the_directories_above_them);
	tcase_add_test(tests, a_listing_of_nothing_says_whose_the_path_is);
	tcase_add_test(tests, an_entry_that_never_fits_ends_the_listing_with_an_error);
	tcase_add_test(tests, whichever_allocation_fails_nothing_is_left_behind);
	tcase_add_test(tests, a_server_without_memory_does_not_start);
	tcase_add_test(tests, a_long_random_history_agrees_with_a_naive_model);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(names_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
