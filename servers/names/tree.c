/* SPDX-License-Identifier: MIT */
/*
 * Nodes, found through a hash of their whole path. Read tree.h first.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define BUCKETS_FIRST 64

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t path_hash(const char *path, size_t length) {
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t index = 0; index < length; index++)
		hash = (hash ^ (unsigned char)path[index]) * UINT64_C(0x100000001b3);
	return hash ^ (hash >> 32);
}

static struct node **bucket_of(struct node **buckets, size_t count, const char *path, size_t length) {
	return &buckets[path_hash(path, length) & (count - 1)];
}

/* Doubles the buckets. Without memory for it the chains grow longer, which is slower but right. */
static void buckets_grow(struct tree *tree) {
	size_t count = tree->bucket_count ? 2 * tree->bucket_count : BUCKETS_FIRST;
	struct node **buckets = calloc(count, sizeof(*buckets));

	if (!buckets) return;
	for (size_t index = 0; index < tree->bucket_count; index++) {
		while (tree->buckets[index]) {
			struct node *node = tree->buckets[index];
			struct node **bucket = bucket_of(buckets, count, node->path, node->path_length);

			tree->buckets[index] = node->hash_next;
			node->hash_next = *bucket;
			*bucket = node;
		}
	}
	free(tree->buckets);
	tree->buckets = buckets;
	tree->bucket_count = count;
}

static struct node *node_create(struct tree *tree, struct node *parent, const char *path, size_t length) {
	struct node *node = malloc(sizeof(*node) + length);
	struct node **bucket;

	if (!node) return NULL;
	memset(node, 0, sizeof(*node));
	memcpy(node->path, path, length);
	node->path_length = length;
	node->parent = parent;
	node->order = ++tree->order;
	TAILQ_INIT(&node->children);
	TAILQ_INIT(&node->registrations);
	LIST_INIT(&node->watches);
	TAILQ_INIT(&node->waits);
	if (tree->node_count >= tree->bucket_count) buckets_grow(tree);
	bucket = bucket_of(tree->buckets, tree->bucket_count, path, length);
	node->hash_next = *bucket;
	*bucket = node;
	tree->node_count++;
	if (parent) TAILQ_INSERT_TAIL(&parent->children, node, sibling);
	return node;
}

static void node_destroy(struct tree *tree, struct node *node) {
	struct node **link = bucket_of(tree->buckets, tree->bucket_count, node->path, node->path_length);

	while (*link != node) link = &(*link)->hash_next;
	*link = node->hash_next;
	tree->node_count--;
	if (node->parent) TAILQ_REMOVE(&node->parent->children, node, sibling);
	free(node);
}

/* Destroys @node and the parents that are left without a reason to be. */
static void node_prune(struct tree *tree, struct node *node) {
	while (node && node->ties == 0 && TAILQ_EMPTY(&node->children)) {
		struct node *parent = node->parent;

		node_destroy(tree, node);
		node = parent;
	}
}

error_t tree_create(struct tree *tree) {
	*tree = (struct tree){0};
	buckets_grow(tree);
	if (!tree->buckets) return ERROR_NO_MEMORY;
	tree->root = node_create(tree, NULL, "", 0);
	if (!tree->root) {
		free(tree->buckets);
		return ERROR_NO_MEMORY;
	}
	tree->root->ties = 1;
	node_show(tree->root);
	return ERROR_OK;
}

void tree_destroy(struct tree *tree) {
	for (size_t index = 0; index < tree->bucket_count; index++) {
		while (tree->buckets[index]) {
			struct node *node = tree->buckets[index];

			assert(TAILQ_EMPTY(&node->registrations) && LIST_EMPTY(&node->watches) &&
			       TAILQ_EMPTY(&node->waits));
			tree->buckets[index] = node->hash_next;
			free(node);
		}
	}
	free(tree->buckets);
	*tree = (struct tree){0};
}

struct node *tree_find(const struct tree *tree, const char *path, size_t length) {
	struct node *node = *bucket_of(tree->buckets, tree->bucket_count, path, length);

	while (node && (node->path_length != length || memcmp(node->path, path, length) != 0)) node = node->hash_next;
	return node;
}

/* Finds the deepest node there is on the way to @path. */
static struct node *deepest_find(const struct tree *tree, const struct path *path) {
	size_t length = path->length;
	struct node *node;

	while (!(node = tree_find(tree, path->text, length))) length = path_parent_length(path->text, length);
	return node;
}

error_t tree_tie(struct tree *tree, const struct path *path, struct node **node) {
	struct node *deepest = deepest_find(tree, path);

	while (deepest->path_length < path->length) {
		size_t start = deepest->path_length + 1;
		const char *slash = memchr(path->text + start, '/', path->length - start);
		size_t length = slash ? (size_t)(slash - path->text) : path->length;
		struct node *child = node_create(tree, deepest, path->text, length);

		if (!child) {
			node_prune(tree, deepest);
			return ERROR_NO_MEMORY;
		}
		deepest = child;
	}
	deepest->ties++;
	*node = deepest;
	return ERROR_OK;
}

void tree_untie(struct tree *tree, struct node *node) {
	assert(node->ties > 0);
	node->ties--;
	node_prune(tree, node);
}

void node_show(struct node *node) {
	for (; node; node = node->parent) node->visible++;
}

void node_hide(struct node *node) {
	for (; node; node = node->parent) {
		assert(node->visible > 0);
		node->visible--;
	}
}

const char *node_name(const struct node *node, size_t *length) {
	size_t parent = path_parent_length(node->path, node->path_length);

	if (node->path_length == 0) {
		*length = 0;
		return node->path;
	}
	*length = node->path_length - parent - 1;
	return node->path + parent + 1;
}
