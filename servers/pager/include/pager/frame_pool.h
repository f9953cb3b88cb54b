/* SPDX-License-Identifier: MIT */
/*
 * Frame pools: which of a pager's frames are free, and which of those are known to be zero.
 *
 * Owns a bitmap for each run of 512 holds (2 MiB) that any frame was added of; the bitmaps lie in the pager's own
 * arena, so that a pool has no size limit. Knows nothing of accounts, and makes no system call. The same code keeps
 * free addresses (windows to receive pages in): then a "frame" is an address with nothing at it.
 */
#ifndef PAGER_FRAME_POOL_H
#define PAGER_FRAME_POOL_H

#include "list.h"
#include "page_index.h"

/* Frames that adjoin and start at a multiple: what is fetched from, and given back to, a parent at once. */
#define GROUP_PAGES 16u

enum frame_state {
	FRAME_DIRTY,  /* contents unknown */
	FRAME_ZEROED, /* all zero */
};

struct chunk {
	struct list_node list; /* in pool->open if free_count is not 0 */
	uint64_t number;       /* address of its first hold / 2 MiB */
	uint64_t free[8];
	uint64_t zeroed[8]; /* only where free */
	uint32_t free_count;
};

struct frame_pool {
	struct arena *arena;
	struct page_index chunks; /* by number */
	struct list_node open;    /* chunks with a free frame */
	uint64_t free_count;
	struct chunk first; /* so that the first frames need no memory */
};

void frame_pool_open(struct frame_pool *pool, struct arena *arena);

/*
 * Makes room to note the frames of the 2 MiB around @hold. To be called before the first of them is given.
 * ERROR_LIMIT, ERROR_NO_MEMORY.
 */
error_t frame_pool_prepare(struct frame_pool *pool, struct hold hold) NACRE_MUST_CHECK;

/* Makes @count frames from @first free; also how frames are added. */
void frame_pool_give(struct frame_pool *pool, struct hold first, uint64_t count, enum frame_state state);

/* Takes a frame, one not known to be zero if there is a choice. ERROR_NO_MEMORY. */
error_t frame_pool_take(struct frame_pool *pool, struct hold *frame) NACRE_MUST_CHECK;

/* Takes adjoining frames, 1 to @most of them, all in @state. ERROR_NO_MEMORY: none quick to find. */
error_t frame_pool_take_run(struct frame_pool *pool, enum frame_state state, unsigned int most, struct hold *first,
                            unsigned int *count) NACRE_MUST_CHECK;

/* Takes a whole group. ERROR_NO_MEMORY: there is none. */
error_t frame_pool_take_group(struct frame_pool *pool, struct hold *first) NACRE_MUST_CHECK;

#endif
