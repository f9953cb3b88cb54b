/* SPDX-License-Identifier: MIT */
/*
 * Opening a pager. Read pager/pager.h first.
 */
#include <pager/bookkeeping.h>
#include <pager/pager.h>
#include <pager/supply.h>

static error_t top_open(struct pager *pager, const struct pager_setup *setup) {
	struct instance *top = &pager->top;

	top->pager = pager;
	top->space = setup->own_space;
	top->ceiling = setup->ceiling;
	top->by_serial.key = pager->serial_last;
	account_open(&top->account, NULL, ACCOUNT_UNLIMITED);
	arena_open(&top->arena, pager, &top->account);
	list_initialize(&top->siblings);
	list_initialize(&top->children);
	list_initialize(&top->regions);
	return tree_insert(&pager->instances, &top->by_serial);
}

/* Before the reserve is kept, so that what the first frames are for can be made of them. */
error_t pager_open(struct pager *pager, const struct pager_setup *setup) {
	*pager = (struct pager){
		.source = setup->source,
		.serial_last = 1,
	};
	frame_pool_open(&pager->pool, &pager->top.arena);
	TRY(frame_pool_prepare(&pager->pool, setup->first));
	frame_pool_give(&pager->pool, setup->first, setup->first_count, FRAME_DIRTY);
	TRY(top_open(pager, setup));
	TRY(bookkeeping_open(pager, setup->bookkeeping_base, setup->bookkeeping_base + setup->bookkeeping_size));
	foreign_open(pager, setup->foreign_base, setup->foreign_size);
	pager->reserve = SUPPLY_RESERVE;
	return ERROR_OK;
}
