/* SPDX-License-Identifier: MIT */
/*
 * The tree: a node for every path that something is said about, and for its parents.
 *
 * Owns nodes and how they are found. A node lives as long as it is permanent, has children, or
 * something is tied to it (registrations, watches, waits: names.h). Read path.h first.
 */
#ifndef NAMES_TREE_H
#define NAMES_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <nacre/abi/error.h>

#include "path.h"

struct registration;
struct wait;
struct watch;

struct node {
	/* Fixed. */
	struct node *parent; /* NULL for the root */
	uint64_t order;      /* grows with creation: cursor of listings */

	struct node *hash_next;
	TAILQ_ENTRY(node) sibling;
	TAILQ_HEAD(, node) children; /* in order of creation */

	TAILQ_HEAD(, registration) registrations; /* the newest, which counts, first */
	LIST_HEAD(, watch) watches;
	TAILQ_HEAD(, wait) waits;
	size_t ties;    /* permanence, registrations, watches, waits */
	size_t visible; /* permanences and registrations here and below: what `list` shows */

	size_t path_length;
	char path[];
};

struct tree {
	struct node *root;
	struct node **buckets;
	size_t bucket_count; /* a power of two */
	size_t node_count;
	uint64_t order;
};

NACRE_MUST_CHECK error_t tree_create(struct tree *tree);

/* Frees all nodes; nothing but permanence may be tied to them. */
void tree_destroy(struct tree *tree);

struct node *tree_find(const struct tree *tree, const char *path, size_t length);

/*
 * Finds or makes the node at @path and ties the caller to it (tree_untie). no_memory: as before.
 */
NACRE_MUST_CHECK error_t tree_tie(struct tree *tree, const struct path *path, struct node **node);

/* Takes one tie off; the node and its parents go if nothing else keeps them. */
void tree_untie(struct tree *tree, struct node *node);

/*
 * Makes the node's directory entry, and those above it, show (or not, if it was the last reason).
 */
void node_show(struct node *node);
void node_hide(struct node *node);

/* The node's last component; its length in @length. "" for the root. */
const char *node_name(const struct node *node, size_t *length);

#endif
