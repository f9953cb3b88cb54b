/* SPDX-License-Identifier: MIT */
/*
 * Ordered trees whose nodes lie inside what they order, keyed by a 64-bit number.
 *
 * Owns the links and the balance (an AA tree: Andersson, "Balanced search trees made simple", 1993), so that
 * nobody can make a pager slow by the order in which he asks for things. Allocates nothing.
 */
#ifndef PAGER_TREE_H
#define PAGER_TREE_H

#include "types.h"

struct tree_node {
	struct tree_node *left;
	struct tree_node *right;
	uint64_t key;
	uint64_t level; /* 1 for a leaf; 0 in no tree */
};

struct tree {
	struct tree_node *root;
};

/* Adds @node, whose key is set. ERROR_EXISTS if the key is taken. */
error_t tree_insert(struct tree *tree, struct tree_node *node) NACRE_MUST_CHECK;

/* Takes @node, which is in @tree, out. */
void tree_remove(struct tree *tree, struct tree_node *node);

/* The node with exactly @key, or the nearest with a key not above, or not below, it; NULL if there is none. */
struct tree_node *tree_find(const struct tree *tree, uint64_t key);
struct tree_node *tree_find_not_above(const struct tree *tree, uint64_t key);
struct tree_node *tree_find_not_below(const struct tree *tree, uint64_t key);

static inline int tree_is_empty(const struct tree *tree) { return tree->root == NULL; }

#endif
