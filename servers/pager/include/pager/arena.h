/* SPDX-License-Identifier: MIT */
/*
 * Arenas: memory for a pager's own records, in pages that the account of whoever needs them pays.
 *
 * Owns the division of bookkeeping pages into cells of 128 bytes. A page without a used cell goes back at once, so
 * that an account shows exactly what it uses. Where pages come from is bookkeeping.h.
 */
#ifndef PAGER_ARENA_H
#define PAGER_ARENA_H

#include "account.h"
#include "list.h"

struct pager;

#define CELL_BYTES     128u
#define CELLS_PER_PAGE 31u /* the first cell's place holds the page's own record */

struct arena {
	struct pager *pager;
	struct account *account;
	struct list_node pages; /* all */
	struct list_node open;  /* those with a free cell */
};

void arena_open(struct arena *arena, struct pager *pager, struct account *account);

/* Moves an arena to another place in memory, its account too: for what lives in its own arena. */
void arena_move(struct arena *from, struct arena *to, struct account *account);

/* @cells adjoining cells, zeroed, at most CELLS_PER_PAGE. ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t arena_take(struct arena *arena, unsigned int cells, void **object) NACRE_MUST_CHECK;

/* Gives back what arena_take() gave, with the same number of cells. */
void arena_give(struct arena *arena, void *object, unsigned int cells);

/* Gives back all pages, and so all that was taken. */
void arena_close(struct arena *arena);

/* The cells that an object of @type needs. */
#define CELLS_OF(type) ((unsigned int)((sizeof(type) + CELL_BYTES - 1) / CELL_BYTES))

#endif
