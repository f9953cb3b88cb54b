/* SPDX-License-Identifier: MIT */
/*
 * Bookkeeping pages. Read pager/bookkeeping.h first.
 */
#include <pager/bookkeeping.h>
#include <pager/kernel.h>
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/supply.h>

/* Makes sure that the frames around @frame can be mapped at their distance. */
static error_t bookkeeping_mirror(struct pager *pager, struct hold frame)
{
	if (frame_pool_chunk_kind(&pager->pool, frame) == CHUNK_MIRRORED)
		return ERROR_OK;
	TRY(own_tables_add(pager, frame.address + pager->mirror_distance));
	frame_pool_mirror(&pager->pool, frame);
	return ERROR_OK;
}

error_t bookkeeping_take(struct pager *pager, struct account *account, void **page)
{
	struct hold frame;
	error_t error;

	TRY(supply_take(pager, account, FRAME_FOR_BOOKKEEPING, &frame));
	error = bookkeeping_mirror(pager, frame);
	if (error == ERROR_OK)
		error = kernel_own_map(frame, frame.address + pager->mirror_distance);
	if (error != ERROR_OK) {
		supply_give(pager, account, frame, 1, FRAME_DIRTY);
		return error;
	}
	*page = (void *)(uintptr_t)(frame.address + pager->mirror_distance);
	return ERROR_OK;
}

void bookkeeping_give(struct pager *pager, struct account *account, void *page)
{
	uint64_t address = (uint64_t)(uintptr_t)page;

	kernel_own_unmap(address, 1);
	supply_give(pager, account, (struct hold){address - pager->mirror_distance}, 1, FRAME_DIRTY);
}
