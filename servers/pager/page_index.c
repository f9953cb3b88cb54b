/* SPDX-License-Identifier: MIT */
/*
 * Page indexes. Read pager/page_index.h first.
 *
 * A node is uint64_t[16]: pointers to nodes below, or values in the lowest level. All paths have the same height,
 * which only grows while the index has values.
 */
#include <pager/page_index.h>

#define NODE_BITS    4u
#define NODE_ENTRIES 16u
#define HEIGHT_MAX   16u /* 16 * 4 bits are all of a page number */

_Static_assert(NODE_ENTRIES * sizeof(uint64_t) == CELL_BYTES, "a node is one cell");

static unsigned int entry_of(uint64_t page, unsigned int level) {
	return (unsigned int)(page >> (level * NODE_BITS)) % NODE_ENTRIES;
}

/* True if a tree of @height has a place for @page. */
static int height_covers(unsigned int height, uint64_t page) {
	return height == HEIGHT_MAX || page >> (height * NODE_BITS) == 0;
}

static uint64_t *node_below(const uint64_t *node, unsigned int entry) { return (uint64_t *)(uintptr_t)node[entry]; }

uint64_t page_index_get(const struct page_index *index, uint64_t page) {
	const uint64_t *node = index->root;

	if (!node || !height_covers(index->height, page)) return 0;
	for (unsigned int level = index->height - 1; level > 0; level--) {
		node = node_below(node, entry_of(page, level));
		if (!node) return 0;
	}
	return node[entry_of(page, 0)];
}

static error_t index_raise(struct page_index *index, struct arena *arena) {
	void *cell;

	TRY(arena_take(arena, 1, &cell));
	*(uint64_t *)cell = (uint64_t)(uintptr_t)index->root;
	index->root = cell;
	index->height++;
	return ERROR_OK;
}

/* Takes the empty nodes on the path to @page away, and the root's surplus of height with the last of them. */
static void index_prune(struct page_index *index, struct arena *arena, uint64_t page) {
	uint64_t *path[HEIGHT_MAX];
	unsigned int level = index->height;

	for (uint64_t *node = index->root; node; node = node_below(node, entry_of(page, level))) {
		path[--level] = node;
		if (level == 0) break;
	}
	for (; level < index->height; level++) {
		for (unsigned int entry = 0; entry < NODE_ENTRIES; entry++) {
			if (path[level][entry]) return;
		}
		arena_give(arena, path[level], 1);
		if (level + 1 < index->height) path[level + 1][entry_of(page, level + 1)] = 0;
	}
	index->root = NULL;
	index->height = 0;
}

/* Finds the place of @page, making what is missing of the path. */
static error_t index_descend(struct page_index *index, struct arena *arena, uint64_t page, uint64_t **place) {
	uint64_t *node;

	while (index->height == 0 || !height_covers(index->height, page)) TRY(index_raise(index, arena));
	node = index->root;
	for (unsigned int level = index->height - 1; level > 0; level--) {
		uint64_t *entry = &node[entry_of(page, level)];
		void *cell;

		if (!*entry) {
			TRY(arena_take(arena, 1, &cell));
			*entry = (uint64_t)(uintptr_t)cell;
		}
		node = (uint64_t *)(uintptr_t)*entry;
	}
	*place = &node[entry_of(page, 0)];
	return ERROR_OK;
}

error_t page_index_put(struct page_index *index, struct arena *arena, uint64_t page, uint64_t value) {
	uint64_t *place;
	error_t error = index_descend(index, arena, page, &place);

	if (error == ERROR_OK)
		*place = value;
	else if (index->height > 0)
		index_prune(index, arena, height_covers(index->height, page) ? page : 0);
	return error;
}

uint64_t page_index_remove(struct page_index *index, struct arena *arena, uint64_t page) {
	uint64_t value = page_index_get(index, page);
	uint64_t *place;

	/* The path is there, so that nothing has to be made. */
	if (value && index_descend(index, arena, page, &place) == ERROR_OK) {
		*place = 0;
		index_prune(index, arena, page);
	}
	return value;
}

int page_index_next(const struct page_index *index, uint64_t *page, uint64_t *value) {
	uint64_t at = *page;

	while (index->root && height_covers(index->height, at)) {
		const uint64_t *node = index->root;
		unsigned int level = index->height - 1;

		while (level > 0 && node[entry_of(at, level)]) node = node_below(node, entry_of(at, level--));
		if (level == 0 && node[entry_of(at, 0)]) {
			*page = at;
			*value = node[entry_of(at, 0)];
			return 1;
		}
		/* Past the empty entry; a carry moves on in the nodes above. */
		at = ((at >> (level * NODE_BITS)) + 1) << (level * NODE_BITS);
		if (at == 0) return 0;
	}
	return 0;
}
