/* SPDX-License-Identifier: MIT */
/*
 * What /ic and /icf show: contexts and factories as files.
 *
 * Owns the tree's shape and the files' contents; everything can be read, nothing written. /ic has a
 * directory for each context, named by its number; /icf has a file for each factory. Read vic.h
 * first.
 */
#ifndef VIC_DIRECTORY_H
#define VIC_DIRECTORY_H

#include "vic.h"

#define NODE_TEXT_MAX 1024

enum node_tree {
	NODE_CONTEXTS,
	NODE_FACTORIES,
};

/*
 * A node of either tree. number 0: the tree's root; file 0: a directory, of a context. The nodes of
 * factories are files, with file 1.
 */
struct node {
	enum node_tree tree;
	uint32_t file;
	uint64_t number;
};

/* Nodes travel in badges: 48 bits are free there. */
uint64_t node_pack(const struct node *node);
struct node node_unpack(uint64_t object);

_Bool node_is_directory(const struct node *node);

/* Whether what the node stands for is still there. */
_Bool node_exists(struct vic *vic, const struct node *node);

/*
 * Walks from @from along @path ("" is @from itself).
 * not_found: nothing there; state: a component above the last is a file.
 */
NACRE_MUST_CHECK error_t node_lookup(struct vic *vic, const struct node *from, const char *path, struct node *found);

/* What a directory holds. */
struct node_entry {
	struct node node;
	char name[VIC_NAME_MAX + 1];
};

/* The entry after @cursor (0: the first), which it moves on. False at the end. */
_Bool node_next(struct vic *vic, const struct node *directory, uint64_t *cursor, struct node_entry *entry);

/* Memory in use by a context, in bytes: asked of its pager. */
typedef uint64_t (*memory_used_t)(void *world, const struct context *context);

/* Writes the contents of a file that exists; returns its length in bytes. */
size_t node_text(struct vic *vic, const struct node *node, memory_used_t memory_used, char text[NODE_TEXT_MAX]);

#endif
