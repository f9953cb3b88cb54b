/* SPDX-License-Identifier: MIT */
/*
 * Putting capabilities into the tree and taking them out.
 *
 * Owns registrations: who may make them, and whom each change concerns. Read names.h first.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/name.h>

#include "names.h"

#define SERVICES "/svc"

/* In the view's own terms: a view of `/jail` registers below `/jail/svc`. */
static error_t right_check(const struct view *view, enum names_placing placing, const struct path *path) {
	struct path services = view->root;

	if (view->rights & NAME_RIGHT_BIND) return ERROR_OK;
	if (placing == NAMES_BIND || !(view->rights & NAME_RIGHT_REGISTER)) return ERROR_RIGHT;
	if (sizeof(SERVICES) - 1 > PATH_BYTES_MAX - services.length) return ERROR_RIGHT;
	memcpy(services.text + services.length, SERVICES, sizeof(SERVICES) - 1);
	services.length += sizeof(SERVICES) - 1;
	if (path->length == services.length || !path_is_below(path, services.text, services.length)) return ERROR_RIGHT;
	return ERROR_OK;
}

/* Answers the waits at @node and below: the registration at @registered ends them. */
static void waits_answer(struct names *names, struct node *node, const struct node *registered,
                         const struct registration *registration) {
	size_t start = registered->path_length < node->path_length ? registered->path_length + 1 : node->path_length;
	struct found found = {
		.protocol = registration->protocol,
		.slot = registration->slot,
		.rest = node->path + start,
		.rest_length = node->path_length - start,
	};
	struct node *child, *next;

	/* Kept while its waits and children go. */
	node->ties++;
	while (!TAILQ_EMPTY(&node->waits)) {
		struct wait *wait = TAILQ_FIRST(&node->waits);

		names->effects->answer(names->effects->context, wait->reply_slot, &found);
		wait_remove(names, wait);
	}
	for (child = TAILQ_FIRST(&node->children); child && registered->parent; child = next) {
		next = TAILQ_NEXT(child, sibling);
		waits_answer(names, child, registered, registration);
	}
	tree_untie(&names->tree, node);
}

static error_t registration_place(struct names *names, enum names_placing placing, const struct path *path,
                                  struct registration *registration) {
	struct node *node;
	error_t error = tree_tie(&names->tree, path, &node);

	if (error != ERROR_OK) return error;
	if (placing == NAMES_REGISTER && node_registration(names, node)) {
		tree_untie(&names->tree, node);
		return ERROR_EXISTS;
	}
	registration->node = node;
	TAILQ_INSERT_HEAD(&node->registrations, registration, at_node);
	node_show(node);
	return ERROR_OK;
}

static error_t registration_create(struct names *names, struct view *view, enum names_placing placing,
                                   const struct path *path, struct registration **made) {
	struct registration *registration = calloc(1, sizeof(*registration));
	error_t error;

	if (!registration) return ERROR_NO_MEMORY;
	error = account_charge(view);
	if (error == ERROR_OK) {
		error = registration_place(names, placing, path, registration);
		if (error != ERROR_OK) account_refund(view);
	}
	if (error != ERROR_OK) {
		free(registration);
		return error;
	}
	registration->number = ++names->registrations_made;
	registration->view = view;
	LIST_INSERT_HEAD(&view->registrations, registration, of_view);
	*made = registration;
	return ERROR_OK;
}

error_t names_register(struct names *names, struct view *view, enum names_placing placing, const char *text,
                       size_t length, uint32_t protocol, uint32_t slot, uint64_t *number) {
	struct registration *registration = NULL;
	struct path path;
	error_t error = path_resolve(&view->root, text, length, &path);

	if (error == ERROR_OK) error = right_check(view, placing, &path);
	if (error == ERROR_OK) error = registration_create(names, view, placing, &path, &registration);
	if (error != ERROR_OK) return error;
	registration->protocol = protocol;
	registration->slot = slot;
	*number = registration->number;
	waits_answer(names, registration->node, registration->node, registration);
	watches_signal(names, registration->node);
	return ERROR_OK;
}

/* Whether what @owner made may be taken away through @view: its own, or of a view made from it. */
static _Bool view_controls(const struct view *view, const struct view *owner) {
	while (owner && owner != view) owner = owner->parent;
	return owner == view;
}

error_t names_unregister(struct names *names, struct view *view, const struct path *path) {
	struct node *node = tree_find(&names->tree, path->text, path->length);
	struct registration *registration;

	if (!node || TAILQ_EMPTY(&node->registrations)) return ERROR_NOT_FOUND;
	TAILQ_FOREACH(registration, &node->registrations, at_node) {
		if (view_controls(view, registration->view)) {
			registration_remove(names, registration);
			return ERROR_OK;
		}
	}
	return ERROR_RIGHT;
}

void registration_remove(struct names *names, struct registration *registration) {
	struct node *node = registration->node;

	TAILQ_REMOVE(&node->registrations, registration, at_node);
	LIST_REMOVE(registration, of_view);
	account_refund(registration->view);
	names->effects->slot_release(names->effects->context, registration->slot);
	free(registration);
	watches_signal(names, node);
	node_hide(node);
	tree_untie(&names->tree, node);
}
