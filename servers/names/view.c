/* SPDX-License-Identifier: MIT */
/*
 * Views: whose eyes a caller sees the tree with, and what ends with them.
 *
 * Owns views, their accounts, and the server's beginning and end. Read names.h first.
 */
#include <assert.h>
#include <stdlib.h>

#include <nacre/protocol/name.h>

#include "names.h"

_Static_assert(offsetof(struct view, entry) == 0, "found by its entry");
_Static_assert(offsetof(struct watch, entry) == 0, "found by its entry");

error_t account_charge(struct view *view) {
	if (view->account->used >= view->account->limit) return ERROR_LIMIT;
	view->account->used++;
	return ERROR_OK;
}

void account_refund(struct view *view) {
	assert(view->account->used > 0);
	view->account->used--;
}

struct view *names_view(const struct names *names, uint64_t number) {
	return (struct view *)number_table_find(&names->views, number);
}

/* A view that may bind is trusted; one made from a limited view shares its account. */
static void account_choose(struct view *view) {
	view->own_account.limit = view->rights & NAME_RIGHT_BIND ? SIZE_MAX : NAMES_ACCOUNT_LIMIT;
	if (view->parent && !(view->parent->rights & NAME_RIGHT_BIND))
		view->account = view->parent->account;
	else
		view->account = &view->own_account;
}

static error_t view_make(struct names *names, struct view *parent, uint32_t rights, const struct path *root,
                         struct view **made) {
	struct view *view = calloc(1, sizeof(*view));
	error_t error;

	if (!view) return ERROR_NO_MEMORY;
	view->parent = parent;
	view->rights = rights;
	view->root = *root;
	account_choose(view);
	error = number_table_add(&names->views, &view->entry);
	if (error != ERROR_OK) {
		free(view);
		return error;
	}
	if (parent) LIST_INSERT_HEAD(&parent->views, view, of_view);
	*made = view;
	return ERROR_OK;
}

error_t view_create(struct names *names, struct view *parent, uint32_t rights, const char *path, size_t length,
                    struct view **view) {
	struct path root;
	error_t error = path_resolve(&parent->root, path, length, &root);

	if (error != ERROR_OK) return error;
	if (rights & ~parent->rights) return ERROR_RIGHT;
	error = account_charge(parent);
	if (error != ERROR_OK) return error;
	error = view_make(names, parent, rights, &root, view);
	if (error != ERROR_OK) account_refund(parent);
	return error;
}

struct view *view_find_below(const struct names *names, const struct view *view, uint64_t number) {
	struct view *found = names_view(names, number);
	const struct view *above = found ? found->parent : NULL;

	while (above && above != view) above = above->parent;
	return above ? found : NULL;
}

/* @view has no views of its own. */
static void leaf_release(struct names *names, struct view *view) {
	while (!LIST_EMPTY(&view->waits)) {
		struct wait *wait = LIST_FIRST(&view->waits);

		names->effects->slot_release(names->effects->context, wait->reply_slot);
		wait_remove(names, wait);
	}
	while (!LIST_EMPTY(&view->watches)) watch_remove(names, LIST_FIRST(&view->watches));
	while (!LIST_EMPTY(&view->registrations)) registration_remove(names, LIST_FIRST(&view->registrations));
	number_table_remove(&names->views, &view->entry);
	if (view->parent) {
		LIST_REMOVE(view, of_view);
		account_refund(view->parent);
	}
	free(view);
}

void view_release(struct names *names, struct view *view) {
	struct view *leaf = view;

	for (;;) {
		struct view *parent = leaf->parent;
		_Bool last = leaf == view;

		if (!LIST_EMPTY(&leaf->views)) {
			leaf = LIST_FIRST(&leaf->views);
			continue;
		}
		leaf_release(names, leaf);
		if (last) return;
		leaf = parent;
	}
}

/* `/svc` is there, and listed, before anything is registered in it. */
static error_t services_make(struct names *names) {
	static const struct path services = {.length = 4, .text = "/svc"};
	struct node *node;
	error_t error = tree_tie(&names->tree, &services, &node);

	if (error == ERROR_OK) node_show(node);
	return error;
}

error_t names_create(struct names *names, const struct names_effects *effects) {
	static const struct path everything = {.length = 0};
	error_t error;

	*names = (struct names){.effects = effects};
	error = tree_create(&names->tree);
	if (error != ERROR_OK) return error;
	error = services_make(names);
	if (error == ERROR_OK)
		error = view_make(names, NULL, NAME_RIGHT_REGISTER | NAME_RIGHT_BIND, &everything, &names->full_view);
	if (error != ERROR_OK) tree_destroy(&names->tree);
	return error;
}

void names_destroy(struct names *names) {
	view_release(names, names->full_view);
	number_table_clear(&names->views);
	number_table_clear(&names->watches);
	tree_destroy(&names->tree);
}
