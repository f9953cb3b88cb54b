/* SPDX-License-Identifier: MIT */
/*
 * The source of the first pager: runs of superpages, split one at a time. Read pager/source.h first.
 */
#include <pager/kernel.h>
#include <pager/pager.h>
#include <pager/source.h>
#include <pager/supply.h>

#define SPLIT_FRAMES 5u

/* Superpages that adjoin and have not been split. */
struct run {
	struct list_node list;
	struct hold first;
	uint64_t count; /* of 2 MiB */
};

/* There is one such source in a process: the memory of its machine. */
static struct list_node runs = {&runs, &runs};
static uint64_t runs_large_count;

static error_t run_add(struct pager *pager, struct hold first, uint64_t count) {
	struct run *run;
	void *object;

	if (count == 0) return ERROR_OK;
	TRY(arena_take(&pager->top.arena, CELLS_OF(struct run), &object));
	run = object;
	run->first = first;
	run->count = count;
	list_append(&runs, &run->list);
	runs_large_count += count;
	return ERROR_OK;
}

/* Adds frames that have entries of their own. */
static error_t small_add(struct pager *pager, struct hold first, uint64_t count) {
	while (count > 0) {
		uint64_t part = LARGE_PAGE_PAGES - (first.address >> PAGE_SHIFT) % LARGE_PAGE_PAGES;

		if (part > count) part = count;
		TRY(frame_pool_prepare(&pager->pool, first));
		frame_pool_give(&pager->pool, first, part, FRAME_DIRTY);
		first = hold_at(first, part);
		count -= part;
	}
	return ERROR_OK;
}

error_t source_runs_add(struct pager *pager, struct hold first, uint64_t count, enum hold_size size) {
	uint64_t page = first.address >> PAGE_SHIFT;
	uint64_t head = (LARGE_PAGE_PAGES - page % LARGE_PAGE_PAGES) % LARGE_PAGE_PAGES;
	uint64_t large;

	if (size == HOLD_SMALL || head > count) return small_add(pager, first, count);
	large = (count - head) / LARGE_PAGE_PAGES;
	TRY(small_add(pager, first, head));
	TRY(small_add(pager, hold_at(first, head + large * LARGE_PAGE_PAGES), count - head - large * LARGE_PAGE_PAGES));
	return run_add(pager, hold_at(first, head), large);
}

static error_t runs_refill(struct pager *pager) {
	struct account *account = &pager->top.account;
	struct frame_set frames;
	struct hold large;
	struct run *run;
	error_t error;

	if (list_is_empty(&runs)) return ERROR_NO_MEMORY;
	run = CONTAINER_OF(runs.next, struct run, list);
	large = hold_at(run->first, (run->count - 1) * LARGE_PAGE_PAGES);
	TRY(frame_pool_prepare(&pager->pool, large));
	TRY(supply_take_set(pager, account, FRAME_FOR_OWN_TABLE, SPLIT_FRAMES, &frames));
	error = kernel_hold_split(large, &frames);
	if (error != ERROR_OK) {
		supply_give_set(pager, account, &frames, FRAME_DIRTY);
		return error;
	}
	frame_pool_give(&pager->pool, large, LARGE_PAGE_PAGES, FRAME_DIRTY);
	runs_large_count--;
	if (--run->count == 0) {
		list_remove(&run->list);
		arena_give(&pager->top.arena, run, CELLS_OF(struct run));
	}
	return ERROR_OK;
}

/* All memory of the machine stays here. */
static void runs_settle(struct pager *pager) { (void)pager; }

static uint64_t runs_left(const struct pager *pager) {
	(void)pager;
	return runs_large_count * LARGE_PAGE_PAGES;
}

const struct source source_runs = {
	.refill = runs_refill,
	.settle = runs_settle,
	.left = runs_left,
};
