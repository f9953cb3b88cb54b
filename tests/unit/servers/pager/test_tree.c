/* SPDX-License-Identifier: MIT */
/*
 * Ordered trees against a sorted list of what was put in, and the balance they promise.
 */
#include <stdlib.h>

#include <pager/tree.h>

#include "../suite.h"

#define NODES 120u

static struct tree_node nodes[NODES];
static int is_in[NODES];

/* Levels fall towards the leaves as in any AA tree; returns the number of nodes. */
static unsigned int tree_check(const struct tree_node *node) {
	if (!node) return 0;
	ck_assert_uint_ge(node->level, 1);
	ck_assert_uint_eq(node->left ? node->left->level : 0, node->level - 1);
	if (node->right) {
		ck_assert_uint_ge(node->right->level, node->level - 1);
		ck_assert_uint_le(node->right->level, node->level);
		if (node->right->right) ck_assert_uint_lt(node->right->right->level, node->level);
	} else {
		ck_assert_uint_eq(node->level, 1);
	}
	return 1 + tree_check(node->left) + tree_check(node->right);
}

/* Keys are even, so that there is something between them. */
static void finds_check(const struct tree *tree) {
	for (uint64_t key = 0; key < 2 * NODES; key++) {
		const struct tree_node *below = NULL;
		const struct tree_node *above = NULL;

		for (unsigned int index = 0; index < NODES; index++) {
			if (is_in[index] && nodes[index].key <= key && (!below || nodes[index].key > below->key))
				below = &nodes[index];
			if (is_in[index] && nodes[index].key >= key && (!above || nodes[index].key < above->key))
				above = &nodes[index];
		}
		ck_assert_ptr_eq(tree_find_not_above(tree, key), below);
		ck_assert_ptr_eq(tree_find_not_below(tree, key), above);
		ck_assert_ptr_eq(tree_find(tree, key), below == above ? below : NULL);
	}
}

START_TEST(a_tree_stays_balanced_and_finds_neighbours_whatever_is_added_and_removed) {
	struct tree tree = {0};
	unsigned int count = 0;

	srand(4711);
	for (unsigned int step = 0; step < 20 * NODES; step++) {
		unsigned int index = (unsigned int)rand() % NODES;

		if (is_in[index]) {
			tree_remove(&tree, &nodes[index]);
			count--;
		} else {
			nodes[index].key = 2 * index;
			ck_assert_int_eq(tree_insert(&tree, &nodes[index]), ERROR_OK);
			count++;
		}
		is_in[index] = !is_in[index];
		ck_assert_uint_eq(tree_check(tree.root), count);
		if (step % NODES == 0) finds_check(&tree);
	}
}
END_TEST

START_TEST(a_key_is_taken_once) {
	struct tree tree = {0};
	struct tree_node first = {.key = 7};
	struct tree_node second = {.key = 7};

	ck_assert_int_eq(tree_insert(&tree, &first), ERROR_OK);
	ck_assert_int_eq(tree_insert(&tree, &second), ERROR_EXISTS);
	ck_assert_ptr_eq(tree_find(&tree, 7), &first);
}
END_TEST

SUITE("tree", a_tree_stays_balanced_and_finds_neighbours_whatever_is_added_and_removed, a_key_is_taken_once)
