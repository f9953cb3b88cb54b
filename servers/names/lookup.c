/* SPDX-License-Identifier: MIT */
/*
 * Finding what a path leads to, now or later, and what is below it.
 *
 * Owns lookups, waits and listings. Read names.h first.
 */
#include <stdlib.h>

#include "names.h"

struct registration *node_registration(struct names *names, struct node *node) {
	struct registration *registration = TAILQ_FIRST(&node->registrations);

	while (registration) {
		struct registration *covered = TAILQ_NEXT(registration, at_node);

		if (names->effects->slot_is_alive(names->effects->context, registration->slot)) return registration;
		/* May destroy the node, but not if something covered is left. */
		registration_remove(names, registration);
		registration = covered;
	}
	return NULL;
}

static void found_fill(struct found *found, const struct registration *registration, const char *path, size_t length,
                       size_t prefix_length) {
	/* The slash between prefix and rest belongs to neither. */
	size_t start = prefix_length < length ? prefix_length + 1 : length;

	*found = (struct found){
		.protocol = registration->protocol,
		.slot = registration->slot,
		.rest = path + start,
		.rest_length = length - start,
	};
}

/* Looks at prefixes of @path down to @shortest bytes. */
static error_t prefix_lookup(struct names *names, const struct path *path, size_t shortest, struct found *found) {
	size_t length = path->length;

	for (;;) {
		struct node *node = tree_find(&names->tree, path->text, length);
		struct registration *registration = node ? node_registration(names, node) : NULL;

		if (registration) {
			found_fill(found, registration, path->text, path->length, length);
			return ERROR_OK;
		}
		if (length <= shortest) return ERROR_NOT_FOUND;
		length = path_parent_length(path->text, length);
		if (length < shortest) return ERROR_NOT_FOUND;
	}
}

error_t names_lookup(struct names *names, const struct path *path, struct found *found) {
	return prefix_lookup(names, path, 0, found);
}

error_t names_lookup_awaited(struct names *names, const struct path *path, struct found *found) {
	return prefix_lookup(names, path, path->length > 0 ? 1 : 0, found);
}

error_t names_wait(struct names *names, struct view *view, const struct path *path, uint32_t reply_slot) {
	struct wait *wait = calloc(1, sizeof(*wait));
	error_t error;

	if (!wait) return ERROR_NO_MEMORY;
	error = account_charge(view);
	if (error == ERROR_OK) {
		error = tree_tie(&names->tree, path, &wait->node);
		if (error != ERROR_OK) account_refund(view);
	}
	if (error != ERROR_OK) {
		free(wait);
		return error;
	}
	wait->reply_slot = reply_slot;
	wait->view = view;
	TAILQ_INSERT_TAIL(&wait->node->waits, wait, at_node);
	LIST_INSERT_HEAD(&view->waits, wait, of_view);
	return ERROR_OK;
}

void wait_remove(struct names *names, struct wait *wait) {
	struct node *node = wait->node;

	TAILQ_REMOVE(&node->waits, wait, at_node);
	LIST_REMOVE(wait, of_view);
	account_refund(wait->view);
	free(wait);
	tree_untie(&names->tree, node);
}

error_t names_list(struct names *names, const struct path *path, uint64_t *cursor,
                   _Bool (*take)(void *context, const struct listing *entry), void *context) {
	struct node *node = tree_find(&names->tree, path->text, path->length);
	struct node *child;
	struct found found;
	uint64_t last = 0;

	if (!node || node->visible == 0)
		return names_lookup(names, path, &found) == ERROR_OK ? ERROR_STATE : ERROR_NOT_FOUND;
	TAILQ_FOREACH(child, &node->children, sibling) {
		struct registration *registration = TAILQ_FIRST(&child->registrations);
		struct listing entry = {.protocol = registration ? registration->protocol : 0};

		if (child->order <= *cursor || child->visible == 0) continue;
		entry.name = node_name(child, &entry.name_length);
		if (!take(context, &entry)) {
			*cursor = last;
			return last ? ERROR_OK : ERROR_RANGE;
		}
		last = child->order;
	}
	*cursor = 0;
	return ERROR_OK;
}
