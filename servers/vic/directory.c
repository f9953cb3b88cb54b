/* SPDX-License-Identifier: MIT */
/*
 * The shape of /ic and /icf. Read directory.h first; the contents are in directory_text.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory.h"
#include "directory_text.h"
#include "factory.h"
#include "life.h"

#define TREE_SHIFT  47
#define FILE_SHIFT  40
#define FILE_MASK   0x7fu
#define NUMBER_MASK ((UINT64_C(1) << FILE_SHIFT) - 1)

uint64_t node_pack(const struct node *node) {
	return (uint64_t)node->tree << TREE_SHIFT | (uint64_t)node->file << FILE_SHIFT | node->number;
}

struct node node_unpack(uint64_t object) {
	return (struct node){
		.tree = object >> TREE_SHIFT & 1 ? NODE_FACTORIES : NODE_CONTEXTS,
		.file = object >> FILE_SHIFT & FILE_MASK,
		.number = object & NUMBER_MASK,
	};
}

_Bool node_is_directory(const struct node *node) { return node->file == 0; }

_Bool node_exists(struct vic *vic, const struct node *node) {
	if (node->number == 0) return 1;
	if (node->tree == NODE_FACTORIES) return vic_factory_find(vic, node->number) != NULL;
	return vic_context_find(vic, node->number) != NULL;
}

/*
 * The number that a component spells, without signs, blanks or leading zeros; 0 if it spells none.
 */
static uint64_t component_number(const char *name, size_t length) {
	uint64_t number = 0;

	if (length == 0 || length > 12 || name[0] == '0') return 0;
	for (size_t index = 0; index < length; index++) {
		if (name[index] < '0' || name[index] > '9') return 0;
		number = 10 * number + (uint64_t)(name[index] - '0');
	}
	return number <= NUMBER_MASK ? number : 0;
}

static error_t factory_step(struct vic *vic, const char *name, size_t length, struct node *node) {
	char text[VIC_NAME_MAX + 1] = "";
	const struct factory *factory;

	if (length > VIC_NAME_MAX) return ERROR_NOT_FOUND;
	memcpy(text, name, length);
	factory = vic_factory_named(vic, text);
	if (!factory) return ERROR_NOT_FOUND;
	node->number = factory->entry.number;
	node->file = 1;
	return ERROR_OK;
}

static error_t context_step(struct vic *vic, const char *name, size_t length, struct node *node) {
	if (node->number == 0) {
		node->number = component_number(name, length);
		return node->number && vic_context_find(vic, node->number) ? ERROR_OK : ERROR_NOT_FOUND;
	}
	node->file = context_file_named(name, length);
	return node->file ? ERROR_OK : ERROR_NOT_FOUND;
}

error_t node_lookup(struct vic *vic, const struct node *from, const char *path, struct node *found) {
	struct node node = *from;

	while (*path) {
		size_t length = strcspn(path, "/");
		error_t error;

		if (!node_is_directory(&node)) return ERROR_STATE;
		if (node.tree == NODE_FACTORIES)
			error = factory_step(vic, path, length, &node);
		else
			error = context_step(vic, path, length, &node);
		if (error != ERROR_OK) return error;
		path += length;
		path += *path == '/';
	}
	*found = node;
	return ERROR_OK;
}

static _Bool contexts_next(struct vic *vic, uint64_t *cursor, struct node_entry *entry) {
	const struct context *context = vic_context_next(vic, &vic->top, *cursor);

	if (!context) return 0;
	*cursor = context->entry.number;
	entry->node = (struct node){.tree = NODE_CONTEXTS, .number = context->entry.number};
	snprintf(entry->name, sizeof(entry->name), "%" PRIu64, context->entry.number);
	return 1;
}

static _Bool factories_next(struct vic *vic, uint64_t *cursor, struct node_entry *entry) {
	const struct factory *factory = vic_factory_next(vic, *cursor);

	if (!factory) return 0;
	*cursor = factory->entry.number;
	entry->node = (struct node){.tree = NODE_FACTORIES, .file = 1, .number = factory->entry.number};
	memcpy(entry->name, factory->name, sizeof(entry->name));
	return 1;
}

static _Bool files_next(const struct node *directory, uint64_t *cursor, struct node_entry *entry) {
	const char *name = context_file_name(*cursor + 1);

	if (!name) return 0;
	++*cursor;
	entry->node = (struct node){
		.tree = NODE_CONTEXTS,
		.file = (uint32_t)*cursor,
		.number = directory->number,
	};
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	return 1;
}

_Bool node_next(struct vic *vic, const struct node *directory, uint64_t *cursor, struct node_entry *entry) {
	if (directory->tree == NODE_FACTORIES) return factories_next(vic, cursor, entry);
	if (directory->number == 0) return contexts_next(vic, cursor, entry);
	return files_next(directory, cursor, entry);
}
