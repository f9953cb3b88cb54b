/* SPDX-License-Identifier: MIT */
/*
 * The world of the naming server's tests. Read fixture.h first.
 */
#include <stdlib.h>

#include "fixture.h"

unsigned int allocation_to_fail;

/* Defined as malloc and calloc for the code under test. */
void *failing_malloc(size_t size);
void *failing_calloc(size_t count, size_t size);

static bool allocation_fails(void) { return allocation_to_fail && --allocation_to_fail == 0; }

void *failing_malloc(size_t size) { return allocation_fails() ? NULL : realloc(NULL, size); }

void *failing_calloc(size_t count, size_t size) {
	void *memory = failing_malloc(count * size);

	return memory ? memset(memory, 0, count * size) : NULL;
}

struct world world;

static bool world_slot_is_alive(void *context, uint32_t slot) { return !((struct world *)context)->dead[slot]; }

static void world_slot_release(void *context, uint32_t slot) { ((struct world *)context)->released[slot]++; }

static void world_signal(void *context, uint32_t slot) { ((struct world *)context)->signalled[slot]++; }

static void world_answer(void *context, uint32_t reply_slot, const struct found *found) {
	struct world *in = context;

	in->answered[reply_slot]++;
	in->answer_slot = found->slot;
	memcpy(in->answer_rest, found->rest, found->rest_length);
	in->answer_rest[found->rest_length] = '\0';
}

const struct names_effects effects = {
	.slot_is_alive = world_slot_is_alive,
	.slot_release = world_slot_release,
	.signal = world_signal,
	.answer = world_answer,
	.context = &world,
};

struct names names;
struct view *full;

void given_an_empty_tree(void) {
	memset(&world, 0, sizeof(world));
	ck_assert_int_eq(names_create(&names, &effects), ERROR_OK);
	full = names.full_view;
}

void tree_is_taken_down(void) { names_destroy(&names); }

error_t registered(struct view *view, enum names_placing placing, const char *path, uint32_t slot) {
	uint64_t number;

	return names_register(&names, view, placing, path, strlen(path), 0x200 + slot, slot, &number);
}

void given(const char *path, uint32_t slot) {
	ck_assert_int_eq(registered(full, NAMES_REGISTER, path, slot), ERROR_OK);
}

struct path resolved(const struct view *view, const char *text) {
	struct path path;

	ck_assert_int_eq(path_resolve(&view->root, text, strlen(text), &path), ERROR_OK);
	return path;
}

void expect_found_in(const struct view *view, const char *text, uint32_t slot, const char *rest) {
	struct path path = resolved(view, text);
	struct found found;

	ck_assert_int_eq(names_lookup(&names, &path, &found), ERROR_OK);
	ck_assert_uint_eq(found.slot, slot);
	ck_assert_uint_eq(found.protocol, 0x200 + slot);
	ck_assert_uint_eq(found.rest_length, strlen(rest));
	ck_assert_mem_eq(found.rest, rest, strlen(rest));
}

void expect_found(const char *text, uint32_t slot, const char *rest) { expect_found_in(full, text, slot, rest); }

void expect_not_found(const char *text) {
	struct path path = resolved(full, text);
	struct found found;

	ck_assert_int_eq(names_lookup(&names, &path, &found), ERROR_NOT_FOUND);
}

error_t unregistered(struct view *view, const char *text) {
	struct path path = resolved(view, text);

	return names_unregister(&names, view, &path);
}

struct view *given_a_view(struct view *parent, uint32_t rights, const char *root) {
	struct view *view;

	ck_assert_int_eq(view_create(&names, parent, rights, root, strlen(root), &view), ERROR_OK);
	return view;
}

void given_a_wait(struct view *view, const char *text, uint32_t reply_slot) {
	struct path path = resolved(view, text);

	ck_assert_int_eq(names_wait(&names, view, &path, reply_slot), ERROR_OK);
}

uint64_t given_a_watch(struct view *view, const char *text, uint32_t slot) {
	struct path path = resolved(view, text);
	uint64_t number;

	ck_assert_int_eq(names_watch(&names, view, &path, slot, &number), ERROR_OK);
	return number;
}
