/* SPDX-License-Identifier: MIT */
/*
 * The source of a pager that has a parent: groups of frames. Read pager/source.h first.
 *
 * A frame's number at the parent is the page number of the address at which it is held here, so that nothing has to
 * be remembered of where it came from.
 */
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/parent.h>
#include <pager/source.h>
#include <pager/supply.h>

/*
 * More free frames than this go back. Enough that starting and ending one context after the other needs no message
 * to the parent.
 */
#define FREE_MOST 256u

/* Addresses at which nothing is held; there is one such window in a process. */
static struct frame_pool addresses;
static uint64_t address_next; /* never used yet */
static uint64_t address_end;

error_t source_parent_open(struct pager *pager, struct hold first, uint64_t base, uint64_t size) {
	frame_pool_open(&addresses, &pager->top.arena);
	address_next = base;
	address_end = base + size;
	return frame_pool_prepare(&addresses, first);
}

/* Makes 2 MiB more of the window usable. */
static error_t addresses_extend(struct pager *pager) {
	struct hold first = {address_next};

	if (address_next == address_end) return ERROR_NO_MEMORY;
	TRY(own_tables_add(pager, address_next));
	TRY(frame_pool_prepare(&addresses, first));
	TRY(frame_pool_prepare(&pager->pool, first));
	frame_pool_give(&addresses, first, LARGE_PAGE_PAGES, FRAME_DIRTY);
	address_next += LARGE_PAGE_BYTES;
	return ERROR_OK;
}

/* A group if there is one, else what adjoins, so that nothing is kept because of its neighbours. */
static error_t run_take(struct frame_pool *pool, struct hold *first, unsigned int *count) {
	*count = GROUP_PAGES;
	if (frame_pool_take_group(pool, first) == ERROR_OK) return ERROR_OK;
	if (frame_pool_take_run(pool, FRAME_DIRTY, GROUP_PAGES, first, count) == ERROR_OK) return ERROR_OK;
	return frame_pool_take_run(pool, FRAME_ZEROED, GROUP_PAGES, first, count);
}

static error_t parent_refill(struct pager *pager) {
	struct hold first;
	unsigned int count;
	unsigned int came;
	error_t error;

	if (addresses.free_count == 0) TRY(addresses_extend(pager));
	TRY(run_take(&addresses, &first, &count));
	pager->upward++;
	error = parent_take(first, count, &came);
	if (error != ERROR_OK) came = 0;
	frame_pool_give(&pager->pool, first, came, FRAME_DIRTY);
	frame_pool_give(&addresses, hold_at(first, came), count - came, FRAME_DIRTY);
	return error;
}

static void parent_settle(struct pager *pager) {
	struct hold first;
	unsigned int count;

	while (pager->pool.free_count > FREE_MOST + GROUP_PAGES) {
		if (run_take(&pager->pool, &first, &count) != ERROR_OK) return;
		pager->upward++;
		parent_give_back(first, count);
		frame_pool_give(&addresses, first, count, FRAME_DIRTY);
	}
}

static uint64_t parent_left(const struct pager *pager) {
	(void)pager;
	return 0;
}

const struct source source_parent = {
	.refill = parent_refill,
	.settle = parent_settle,
	.left = parent_left,
};
