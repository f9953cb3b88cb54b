/* SPDX-License-Identifier: MIT */
/*
 * Who is told of changes, and of which.
 *
 * Owns watches. A watch sits at a node; a change at a node is signalled to the watches there and at
 * every node above. Read names.h first.
 */
#include <stdlib.h>

#include "names.h"

static error_t watch_place(struct names *names, const struct path *path, struct watch *watch) {
	error_t error = number_table_add(&names->watches, &watch->entry);

	if (error != ERROR_OK) return error;
	error = tree_tie(&names->tree, path, &watch->node);
	if (error != ERROR_OK) number_table_remove(&names->watches, &watch->entry);
	return error;
}

error_t names_watch(struct names *names, struct view *view, const struct path *path, uint32_t slot, uint64_t *number) {
	struct watch *watch = calloc(1, sizeof(*watch));
	error_t error;

	if (!watch) return ERROR_NO_MEMORY;
	error = account_charge(view);
	if (error == ERROR_OK) {
		error = watch_place(names, path, watch);
		if (error != ERROR_OK) account_refund(view);
	}
	if (error != ERROR_OK) {
		free(watch);
		return error;
	}
	watch->slot = slot;
	watch->view = view;
	LIST_INSERT_HEAD(&watch->node->watches, watch, at_node);
	LIST_INSERT_HEAD(&view->watches, watch, of_view);
	*number = watch->entry.number;
	return ERROR_OK;
}

error_t names_unwatch(struct names *names, const struct view *view, uint64_t number) {
	/* The entry is the watch's first member. */
	struct watch *watch = (struct watch *)number_table_find(&names->watches, number);

	if (!watch || watch->view != view) return ERROR_NOT_FOUND;
	watch_remove(names, watch);
	return ERROR_OK;
}

void watch_remove(struct names *names, struct watch *watch) {
	struct node *node = watch->node;

	LIST_REMOVE(watch, at_node);
	LIST_REMOVE(watch, of_view);
	number_table_remove(&names->watches, &watch->entry);
	account_refund(watch->view);
	names->effects->slot_release(names->effects->context, watch->slot);
	free(watch);
	tree_untie(&names->tree, node);
}

void watches_signal(const struct names *names, const struct node *node) {
	const struct watch *watch;

	for (; node; node = node->parent)
		LIST_FOREACH(watch, &node->watches, at_node)
			names->effects->signal(names->effects->context, watch->slot);
}
