/* SPDX-License-Identifier: MIT */
/*
 * Page indexes: from a page number to one 64-bit value, for runs of any size and any sparseness.
 *
 * Owns a radix tree with 16 entries in a node, one cell each. Empty nodes go back at once. Knows not what the
 * values mean; 0 is "nothing".
 */
#ifndef PAGER_PAGE_INDEX_H
#define PAGER_PAGE_INDEX_H

#include "arena.h"

struct page_index {
	uint64_t *root;
	unsigned int height; /* levels of nodes; 0 if it is empty */
};

/* The value at @page, 0 if there is none. */
uint64_t page_index_get(const struct page_index *index, uint64_t page);

/* Sets the value at @page, not 0, with nodes from @arena. Fails only if nothing is there: ERROR_LIMIT, ERROR_NO_MEMORY.
 */
error_t page_index_put(struct page_index *index, struct arena *arena, uint64_t page, uint64_t value) NACRE_MUST_CHECK;

/* Takes the value at @page away and tells it. */
uint64_t page_index_remove(struct page_index *index, struct arena *arena, uint64_t page);

/* The first page not below *@page that has a value: 1 and *@page, *@value; else 0. */
int page_index_next(const struct page_index *index, uint64_t *page, uint64_t *value);

#endif
