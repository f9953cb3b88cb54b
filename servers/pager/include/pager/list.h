/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists whose nodes lie inside what they link.
 *
 * A node that is in no list points to itself, so taking it out twice does no harm.
 */
#ifndef PAGER_LIST_H
#define PAGER_LIST_H

#include "types.h"

struct list_node {
	struct list_node *next;
	struct list_node *previous;
};

static inline void list_initialize(struct list_node *node) {
	node->next = node;
	node->previous = node;
}

static inline int list_is_empty(const struct list_node *list) { return list->next == list; }

static inline void list_insert_after(struct list_node *place, struct list_node *node) {
	node->next = place->next;
	node->previous = place;
	place->next->previous = node;
	place->next = node;
}

static inline void list_append(struct list_node *list, struct list_node *node) {
	list_insert_after(list->previous, node);
}

static inline void list_remove(struct list_node *node) {
	node->previous->next = node->next;
	node->next->previous = node->previous;
	list_initialize(node);
}

#endif
