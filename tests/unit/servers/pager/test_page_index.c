/* SPDX-License-Identifier: MIT */
/*
 * Page indexes and the arenas they lie in.
 */
#include <stdlib.h>

#include "../suite.h"
#include "model.h"

#define PAGES 300u

static uint64_t pages[PAGES];
static uint64_t values[PAGES];

/* Numbers of all sizes, so that the tree gets every height. */
static void pages_choose(void) {
	for (unsigned int index = 0; index < PAGES; index++) {
		uint64_t number = ((uint64_t)rand() << 42) ^ ((uint64_t)rand() << 21) ^ (uint64_t)rand();

		pages[index] = (number >> (rand() % 64)) / PAGES * PAGES + index;
	}
	pages[0] = 0;
	pages[PAGES - 1] = UINT64_MAX;
}

static void index_check(const struct page_index *index) {
	unsigned int found = 0;
	unsigned int expected = 0;
	uint64_t page = 0;
	uint64_t value;

	for (unsigned int at = 0; at < PAGES; at++) {
		ck_assert_uint_eq(page_index_get(index, pages[at]), values[at]);
		expected += values[at] != 0;
	}
	while (page_index_next(index, &page, &value)) {
		ck_assert_uint_eq(page_index_get(index, page), value);
		found++;
		if (++page == 0) break;
	}
	ck_assert_uint_eq(found, expected);
}

START_TEST(an_index_finds_what_was_put_and_gives_all_its_memory_back) {
	struct pager *pager = model_start(UINT64_C(8) << 20, HOLD_SMALL);
	uint64_t used = pager->top.account.used;
	struct page_index index = {0};

	srand(42);
	pages_choose();
	for (unsigned int step = 0; step < 20 * PAGES; step++) {
		unsigned int at = (unsigned int)rand() % PAGES;

		if (values[at]) {
			ck_assert_uint_eq(page_index_remove(&index, &pager->top.arena, pages[at]), values[at]);
			values[at] = 0;
		} else {
			values[at] = step + 1;
			ck_assert_int_eq(page_index_put(&index, &pager->top.arena, pages[at], values[at]), ERROR_OK);
		}
		if (step % 50 == 0) index_check(&index);
	}
	for (unsigned int at = 0; at < PAGES; at++) (void)page_index_remove(&index, &pager->top.arena, pages[at]);
	ck_assert_ptr_null(index.root);
	ck_assert_uint_eq(index.height, 0);
	ck_assert_uint_eq(pager->top.account.used, used);
}
END_TEST

START_TEST(a_put_that_runs_out_of_memory_leaves_no_empty_nodes) {
	struct pager *pager = model_start(UINT64_C(8) << 20, HOLD_SMALL);
	struct account *account = &pager->top.account;
	uint64_t used;
	struct page_index index = {0};
	void *cell;

	/* Fill the open page but for some cells, then allow no other page. */
	for (unsigned int left = 0; left < 8; left++) {
		void *cells[CELLS_PER_PAGE];
		struct arena arena;

		account->limit = ACCOUNT_UNLIMITED;
		arena_open(&arena, pager, account);
		used = account->used;
		for (unsigned int at = 0; at < CELLS_PER_PAGE - left; at++)
			ck_assert_int_eq(arena_take(&arena, 1, &cells[at]), ERROR_OK);
		account->limit = account->used;
		ck_assert_int_eq(page_index_put(&index, &arena, UINT64_C(1) << 40, 1), ERROR_LIMIT);
		for (unsigned int at = 0; at < left; at++) ck_assert_int_eq(arena_take(&arena, 1, &cell), ERROR_OK);
		arena_close(&arena);
		ck_assert_uint_eq(account->used, used);
	}
}
END_TEST

START_TEST(cells_are_zeroed_and_adjoin_when_asked_for_together) {
	struct pager *pager = model_start(UINT64_C(8) << 20, HOLD_SMALL);
	struct arena arena;
	void *objects[40];

	arena_open(&arena, pager, &pager->top.account);
	for (unsigned int round = 0; round < 40; round++) {
		unsigned int cells = round % 5 + 1;

		ck_assert_int_eq(arena_take(&arena, cells, &objects[round]), ERROR_OK);
		for (unsigned int byte = 0; byte < cells * CELL_BYTES; byte++)
			ck_assert_uint_eq(((unsigned char *)objects[round])[byte], 0);
		for (unsigned int byte = 0; byte < cells * CELL_BYTES; byte++)
			((unsigned char *)objects[round])[byte] = 0xff;
	}
	for (unsigned int round = 0; round < 40; round++) arena_give(&arena, objects[round], round % 5 + 1);
	ck_assert(list_is_empty(&arena.pages));
}
END_TEST

SUITE("page index", an_index_finds_what_was_put_and_gives_all_its_memory_back,
      a_put_that_runs_out_of_memory_leaves_no_empty_nodes, cells_are_zeroed_and_adjoin_when_asked_for_together)
