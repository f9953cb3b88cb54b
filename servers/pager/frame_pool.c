/* SPDX-License-Identifier: MIT */
/*
 * Frame pools. Read pager/frame_pool.h first.
 *
 * A chunk that gains frames goes to the front of its list, so that frames given back last are taken first and
 * chunks at the back have the chance to become free as a whole.
 */
#include <pager/frame_pool.h>

#define BITS       64u
#define BITMAPS    (LARGE_PAGE_PAGES / BITS)
#define GROUP_MASK ((UINT64_C(1) << GROUP_PAGES) - 1)

static uint64_t chunk_number(struct hold hold) { return hold.address >> LARGE_PAGE_SHIFT; }

static unsigned int chunk_page(struct hold hold) {
	return (unsigned int)(hold.address >> PAGE_SHIFT) % LARGE_PAGE_PAGES;
}

static struct hold chunk_hold(const struct chunk *chunk, unsigned int page) {
	return (struct hold){(chunk->number << LARGE_PAGE_SHIFT) + ((uint64_t)page << PAGE_SHIFT)};
}

/* @count bits from @first, all within one word; @count may be 64. */
static uint64_t bits_mask(unsigned int first, unsigned int count) { return (UINT64_MAX >> (BITS - count)) << first; }

void frame_pool_open(struct frame_pool *pool, struct arena *arena) {
	*pool = (struct frame_pool){.arena = arena};
	list_initialize(&pool->open);
	list_initialize(&pool->first.list);
}

/* Number 0 is never a chunk's: hold 0 is no hold. So an unused first chunk is told by it. */
static struct chunk *chunk_find(struct frame_pool *pool, struct hold hold) {
	uint64_t number = chunk_number(hold);

	if (pool->first.number == number) return &pool->first;
	return (struct chunk *)(uintptr_t)page_index_get(&pool->chunks, number);
}

static error_t chunk_make(struct frame_pool *pool, uint64_t number) {
	struct chunk *chunk;
	void *object;
	error_t error;

	TRY(arena_take(pool->arena, CELLS_OF(struct chunk), &object));
	chunk = object;
	list_initialize(&chunk->list);
	chunk->number = number;
	error = page_index_put(&pool->chunks, pool->arena, number, (uint64_t)(uintptr_t)chunk);
	if (error != ERROR_OK) arena_give(pool->arena, chunk, CELLS_OF(struct chunk));
	return error;
}

error_t frame_pool_prepare(struct frame_pool *pool, struct hold hold) {
	if (pool->first.number == 0) pool->first.number = chunk_number(hold);
	return chunk_find(pool, hold) ? ERROR_OK : chunk_make(pool, chunk_number(hold));
}

/* Frees bits of one word of @chunk. */
static void chunk_give(struct frame_pool *pool, struct chunk *chunk, unsigned int page, unsigned int count,
                       enum frame_state state) {
	uint64_t mask = bits_mask(page % BITS, count);

	chunk->free[page / BITS] |= mask;
	if (state == FRAME_ZEROED) chunk->zeroed[page / BITS] |= mask;
	chunk->free_count += count;
	pool->free_count += count;
	list_remove(&chunk->list);
	list_insert_after(&pool->open, &chunk->list);
}

void frame_pool_give(struct frame_pool *pool, struct hold first, uint64_t count, enum frame_state state) {
	while (count > 0) {
		unsigned int page = chunk_page(first);
		unsigned int part = BITS - page % BITS;

		if (part > count) part = (unsigned int)count;
		chunk_give(pool, chunk_find(pool, first), page, part, state);
		first = hold_at(first, part);
		count -= part;
	}
}

/* Takes bits of one word of @chunk, all free. */
static void chunk_take(struct frame_pool *pool, struct chunk *chunk, unsigned int page, unsigned int count) {
	uint64_t mask = bits_mask(page % BITS, count);

	chunk->free[page / BITS] &= ~mask;
	chunk->zeroed[page / BITS] &= ~mask;
	chunk->free_count -= count;
	pool->free_count -= count;
	if (chunk->free_count == 0) list_remove(&chunk->list);
}

/* The lowest page of @chunk that is free and, if it says so, in @state; LARGE_PAGE_PAGES if there is none. */
static unsigned int chunk_search(const struct chunk *chunk, const enum frame_state *state) {
	for (unsigned int word = 0; word < BITMAPS; word++) {
		uint64_t found = chunk->free[word];

		if (state) found &= *state == FRAME_ZEROED ? chunk->zeroed[word] : ~chunk->zeroed[word];
		if (found) return word * BITS + (unsigned int)__builtin_ctzll(found);
	}
	return LARGE_PAGE_PAGES;
}

/* Only the chunk at the front is looked at: that is quick. */
static struct chunk *front_chunk(struct frame_pool *pool) {
	return list_is_empty(&pool->open) ? NULL : CONTAINER_OF(pool->open.next, struct chunk, list);
}

error_t frame_pool_take(struct frame_pool *pool, struct hold *frame) {
	static const enum frame_state dirty = FRAME_DIRTY;
	struct chunk *chunk = front_chunk(pool);
	unsigned int page;

	if (!chunk) return ERROR_NO_MEMORY;
	page = chunk_search(chunk, &dirty);
	if (page == LARGE_PAGE_PAGES) page = chunk_search(chunk, NULL);
	chunk_take(pool, chunk, page, 1);
	*frame = chunk_hold(chunk, page);
	return ERROR_OK;
}

error_t frame_pool_take_run(struct frame_pool *pool, enum frame_state state, unsigned int most, struct hold *first,
                            unsigned int *count) {
	struct chunk *chunk = front_chunk(pool);
	unsigned int page = chunk ? chunk_search(chunk, &state) : LARGE_PAGE_PAGES;
	uint64_t same;
	unsigned int length;

	if (page == LARGE_PAGE_PAGES) return ERROR_NO_MEMORY;
	same = chunk->free[page / BITS] &
	       (state == FRAME_ZEROED ? chunk->zeroed[page / BITS] : ~chunk->zeroed[page / BITS]);
	same = ~(same >> (page % BITS));
	length = same ? (unsigned int)__builtin_ctzll(same) : BITS;
	if (length > most) length = most;
	chunk_take(pool, chunk, page, length);
	*first = chunk_hold(chunk, page);
	*count = length;
	return ERROR_OK;
}

static int chunk_take_group(struct frame_pool *pool, struct chunk *chunk, struct hold *first) {
	for (unsigned int page = 0; page < LARGE_PAGE_PAGES; page += GROUP_PAGES) {
		if (((chunk->free[page / BITS] >> (page % BITS)) & GROUP_MASK) != GROUP_MASK) continue;
		chunk_take(pool, chunk, page, GROUP_PAGES);
		*first = chunk_hold(chunk, page);
		return 1;
	}
	return 0;
}

error_t frame_pool_take_group(struct frame_pool *pool, struct hold *first) {
	for (struct list_node *node = pool->open.next; node != &pool->open; node = node->next) {
		if (chunk_take_group(pool, CONTAINER_OF(node, struct chunk, list), first)) return ERROR_OK;
	}
	return ERROR_NO_MEMORY;
}
