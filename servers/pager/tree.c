/* SPDX-License-Identifier: MIT */
/*
 * Ordered trees. Read pager/tree.h first.
 */
#include <pager/tree.h>

static uint64_t level_of(const struct tree_node *node) { return node ? node->level : 0; }

/* A left child of the same level becomes the root of this subtree. */
static struct tree_node *tree_skew(struct tree_node *node) {
	struct tree_node *left = node->left;

	if (!left || left->level != node->level) return node;
	node->left = left->right;
	left->right = node;
	return left;
}

/* Of three nodes of one level in a row the middle one rises. */
static struct tree_node *tree_split(struct tree_node *node) {
	struct tree_node *right = node->right;

	if (!right || level_of(right->right) != node->level) return node;
	node->right = right->left;
	right->left = node;
	right->level++;
	return right;
}

static struct tree_node *insert_below(struct tree_node *root, struct tree_node *node) {
	if (!root) return node;
	if (node->key < root->key)
		root->left = insert_below(root->left, node);
	else
		root->right = insert_below(root->right, node);
	return tree_split(tree_skew(root));
}

error_t tree_insert(struct tree *tree, struct tree_node *node) {
	if (tree_find(tree, node->key)) return ERROR_EXISTS;
	node->left = NULL;
	node->right = NULL;
	node->level = 1;
	tree->root = insert_below(tree->root, node);
	return ERROR_OK;
}

/* Restores the balance of a subtree that has lost a node. */
static struct tree_node *tree_rebalance(struct tree_node *root) {
	uint64_t left = level_of(root->left);
	uint64_t right = level_of(root->right);
	uint64_t level = (left < right ? left : right) + 1;

	if (level < root->level) {
		root->level = level;
		if (root->right && right > level) root->right->level = level;
	}
	root = tree_skew(root);
	if (root->right) {
		root->right = tree_skew(root->right);
		if (root->right->right) root->right->right = tree_skew(root->right->right);
	}
	root = tree_split(root);
	if (root->right) root->right = tree_split(root->right);
	return root;
}

static struct tree_node *remove_below(struct tree_node *root, struct tree_node *node);

/* The node itself is @root: its neighbour in order takes its place. */
static struct tree_node *remove_root(struct tree_node *root) {
	struct tree_node *heir;

	if (!root->left && !root->right) return NULL;
	if (root->left) {
		for (heir = root->left; heir->right; heir = heir->right)
			;
		heir->left = remove_below(root->left, heir);
		heir->right = root->right;
	} else {
		for (heir = root->right; heir->left; heir = heir->left)
			;
		heir->right = remove_below(root->right, heir);
		heir->left = NULL;
	}
	heir->level = root->level;
	return heir;
}

static struct tree_node *remove_below(struct tree_node *root, struct tree_node *node) {
	if (root == node) {
		root = remove_root(root);
		if (!root) return NULL;
	} else if (node->key < root->key) {
		root->left = remove_below(root->left, node);
	} else {
		root->right = remove_below(root->right, node);
	}
	return tree_rebalance(root);
}

void tree_remove(struct tree *tree, struct tree_node *node) {
	tree->root = remove_below(tree->root, node);
	node->level = 0;
}

struct tree_node *tree_find(const struct tree *tree, uint64_t key) {
	struct tree_node *node = tree->root;

	while (node && node->key != key) node = key < node->key ? node->left : node->right;
	return node;
}

struct tree_node *tree_find_not_above(const struct tree *tree, uint64_t key) {
	struct tree_node *node = tree->root;
	struct tree_node *best = NULL;

	while (node) {
		if (node->key <= key) best = node;
		node = key < node->key ? node->left : node->right;
	}
	return best;
}

struct tree_node *tree_find_not_below(const struct tree *tree, uint64_t key) {
	struct tree_node *node = tree->root;
	struct tree_node *best = NULL;

	while (node) {
		if (node->key >= key) best = node;
		node = key <= node->key ? node->left : node->right;
	}
	return best;
}
