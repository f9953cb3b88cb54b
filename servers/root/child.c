/* SPDX-License-Identifier: MIT */
/*
 * Children: the servers that root has started.
 *
 * Owns their list and their end. How one is built is loader.c, in which order boot.c.
 */
#include "root.h"

/* Windows 2..255 are for children: root's own is the first, those from 256 on belong to contexts. */
#define CHILDREN_MOST 254u

struct child *child_find(struct root *root, uint64_t number) {
	for (struct list_node *node = root->children.next; node != &root->children; node = node->next) {
		struct child *child = CONTAINER_OF(node, struct child, list);

		if (child->number == number) return child;
	}
	return NULL;
}

struct child *child_of_instance(struct root *root, const struct instance *instance) {
	for (struct list_node *node = root->children.next; node != &root->children; node = node->next) {
		struct child *child = CONTAINER_OF(node, struct child, list);

		if (instance && child->instance == instance) return child;
	}
	return NULL;
}

const char *child_start(struct root *root, const struct script_line *line, struct child **result) {
	struct child *child;
	const char *problem;
	void *object;

	if (root->child_count == CHILDREN_MOST) return "root has started as many servers as it has address windows for";
	if (arena_take(&root->pager.top.arena, CELLS_OF(struct child), &object) != ERROR_OK)
		return "out of memory: give the machine more";
	child = object;
	child->number = root->child_count + 1;
	child->line = *line;
	problem = loader_start(root, child);
	if (problem) {
		arena_give(&root->pager.top.arena, child, CELLS_OF(struct child));
		return problem;
	}
	root->child_count++;
	list_append(&root->children, &child->list);
	*result = child;
	return NULL;
}

void child_name(struct text *text, const struct child *child) {
	text_piece(text, script_line_name(&child->line));
	text_string(text, ": ");
}

void child_end(struct root *root, struct child *child) {
	offers_drop(root, child);
	instance_destroy(child->instance);
	child->instance = NULL;
	child->state = CHILD_ENDED;
}

int child_resource(const struct child *child, enum resource_kind kind, struct resource *resource) {
	struct piece word;

	for (unsigned int index = 0; script_line_resource(&child->line, index, &word); index++) {
		if (!resource_read(word, resource) && resource->kind == kind) return 1;
	}
	return 0;
}

int child_may(const struct child *child, const struct resource *wanted) {
	struct resource granted;
	struct piece word;

	for (unsigned int index = 0; script_line_resource(&child->line, index, &word); index++) {
		if (!resource_read(word, &granted) && resource_covers(&granted, wanted)) return 1;
	}
	return 0;
}
