/* SPDX-License-Identifier: MIT */
/*
 * Arenas. Read pager/arena.h first.
 */
#include <string.h>

#include <pager/arena.h>
#include <pager/bookkeeping.h>

#define CELLS_ALL ((UINT32_C(1) << CELLS_PER_PAGE) - 1)

/* More pages are not searched for a run of cells: a new one is then cheaper. */
#define PAGES_SEARCHED 4u

struct arena_page {
	struct list_node in_pages;
	struct list_node in_open;
	struct hold frame;
	uint32_t free; /* bit n: cell n is free */
};

_Static_assert(sizeof(struct arena_page) <= CELL_BYTES, "a page's record takes one cell's place");
_Static_assert((CELLS_PER_PAGE + 1) * CELL_BYTES == PAGE_BYTES, "cells fill a page");

void arena_open(struct arena *arena, struct pager *pager, struct account *account) {
	arena->pager = pager;
	arena->account = account;
	list_initialize(&arena->pages);
	list_initialize(&arena->open);
}

static void list_head_move(struct list_node *from, struct list_node *to) {
	list_initialize(to);
	if (list_is_empty(from)) return;
	list_insert_after(from, to);
	list_remove(from);
}

void arena_move(struct arena *from, struct arena *to, struct account *account) {
	to->pager = from->pager;
	to->account = account;
	list_head_move(&from->pages, &to->pages);
	list_head_move(&from->open, &to->open);
}

static error_t arena_grow(struct arena *arena, struct arena_page **result) {
	struct arena_page *page;
	struct hold frame;
	void *memory;

	TRY(bookkeeping_take(arena->pager, arena->account, &frame, &memory));
	page = memory;
	page->frame = frame;
	page->free = CELLS_ALL;
	list_append(&arena->pages, &page->in_pages);
	list_insert_after(&arena->open, &page->in_open);
	*result = page;
	return ERROR_OK;
}

/* The lowest cell at which a run of @cells free ones starts; CELLS_PER_PAGE if there is none. */
static unsigned int run_find(uint32_t free, unsigned int cells) {
	for (unsigned int after = 1; after < cells; after++) free &= free >> 1;
	return free ? (unsigned int)__builtin_ctz(free) : CELLS_PER_PAGE;
}

static uint32_t run_mask(unsigned int first, unsigned int cells) { return ((UINT32_C(1) << cells) - 1) << first; }

static struct arena_page *page_search(struct arena *arena, unsigned int cells) {
	unsigned int searched = 0;

	for (struct list_node *node = arena->open.next; node != &arena->open; node = node->next) {
		struct arena_page *page = CONTAINER_OF(node, struct arena_page, in_open);

		if (run_find(page->free, cells) < CELLS_PER_PAGE) return page;
		if (++searched == PAGES_SEARCHED) break;
	}
	return NULL;
}

error_t arena_take(struct arena *arena, unsigned int cells, void **object) {
	struct arena_page *page = page_search(arena, cells);
	unsigned int first;

	if (!page) TRY(arena_grow(arena, &page));
	first = run_find(page->free, cells);
	page->free &= ~run_mask(first, cells);
	if (page->free == 0) list_remove(&page->in_open);
	*object = (char *)page + (first + 1) * CELL_BYTES;
	memset(*object, 0, (size_t)cells * CELL_BYTES);
	return ERROR_OK;
}

void arena_give(struct arena *arena, void *object, unsigned int cells) {
	uintptr_t offset = (uintptr_t)object % PAGE_BYTES;
	struct arena_page *page = (struct arena_page *)((char *)object - offset);

	if (page->free == 0) list_insert_after(&arena->open, &page->in_open);
	page->free |= run_mask((unsigned int)(offset / CELL_BYTES) - 1, cells);
	if (page->free != CELLS_ALL) return;
	list_remove(&page->in_open);
	list_remove(&page->in_pages);
	bookkeeping_give(arena->pager, arena->account, page->frame, page);
}

void arena_close(struct arena *arena) {
	while (!list_is_empty(&arena->pages)) {
		struct arena_page *page = CONTAINER_OF(arena->pages.next, struct arena_page, in_pages);

		list_remove(&page->in_pages);
		bookkeeping_give(arena->pager, arena->account, page->frame, page);
	}
	list_initialize(&arena->open);
}
