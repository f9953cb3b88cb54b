/* SPDX-License-Identifier: MIT */
/*
 * Doubly linked circular lists, linked through the objects themselves.
 *
 * A head is a node of its own. A node in no list points to itself, so removing it twice is harmless.
 */
#ifndef NACRE_CORE_LIST_H
#define NACRE_CORE_LIST_H

#include "types.h"

struct list_node {
	struct list_node *next;
	struct list_node *previous;
};

static inline void list_initialize(struct list_node *node) {
	node->next = node;
	node->previous = node;
}

static inline int list_is_empty(const struct list_node *head) { return head->next == head; }

static inline void list_insert_after(struct list_node *place, struct list_node *node) {
	node->next = place->next;
	node->previous = place;
	place->next->previous = node;
	place->next = node;
}

static inline void list_append(struct list_node *head, struct list_node *node) {
	list_insert_after(head->previous, node);
}

static inline void list_remove(struct list_node *node) {
	node->next->previous = node->previous;
	node->previous->next = node->next;
	list_initialize(node);
}

/* Moves all of @from to the end of @to; @from is empty afterwards. O(1). */
static inline void list_splice(struct list_node *to, struct list_node *from) {
	if (list_is_empty(from)) return;
	from->next->previous = to->previous;
	to->previous->next = from->next;
	from->previous->next = to;
	to->previous = from->previous;
	list_initialize(from);
}

#endif
