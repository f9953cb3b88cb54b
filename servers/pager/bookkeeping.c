/* SPDX-License-Identifier: MIT */
/*
 * Bookkeeping pages. Read pager/bookkeeping.h first.
 *
 * The record of free addresses lies in a bookkeeping page itself. So it is extended while there are still a few.
 */
#include <pager/bookkeeping.h>
#include <pager/kernel.h>
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/supply.h>

/* What extending can need: a page for the record, one for the index that finds it. */
#define ADDRESSES_KEPT 4u

/* Makes 2 MiB more usable. */
static error_t addresses_extend(struct pager *pager) {
	struct frame_pool *addresses = &pager->bookkeeping.addresses;
	struct hold first = {pager->bookkeeping.next};

	if (first.address == pager->bookkeeping.end) return ERROR_NO_MEMORY;
	TRY(own_tables_add(pager, first.address));
	TRY(frame_pool_prepare(addresses, first));
	frame_pool_give(addresses, first, LARGE_PAGE_PAGES, FRAME_DIRTY);
	pager->bookkeeping.next += LARGE_PAGE_BYTES;
	return ERROR_OK;
}

error_t bookkeeping_open(struct pager *pager, uint64_t base, uint64_t end) {
	frame_pool_open(&pager->bookkeeping.addresses, &pager->top.arena);
	pager->bookkeeping.next = base;
	pager->bookkeeping.end = end;
	return addresses_extend(pager);
}

static error_t address_take(struct pager *pager, struct hold *address) {
	struct bookkeeping *bookkeeping = &pager->bookkeeping;

	if (bookkeeping->addresses.free_count <= ADDRESSES_KEPT && !bookkeeping->is_extending) {
		error_t error;

		bookkeeping->is_extending = 1;
		error = addresses_extend(pager);
		bookkeeping->is_extending = 0;
		TRY(error);
	}
	return frame_pool_take(&bookkeeping->addresses, address);
}

static error_t frame_map(struct pager *pager, struct hold frame, void **page) {
	struct hold address;
	error_t error;

	TRY(address_take(pager, &address));
	error = kernel_own_map(frame, address.address);
	if (error == ERROR_OK)
		*page = (void *)(uintptr_t)address.address;
	else
		frame_pool_give(&pager->bookkeeping.addresses, address, 1, FRAME_DIRTY);
	return error;
}

error_t bookkeeping_take(struct pager *pager, struct account *account, struct hold *frame, void **page) {
	error_t error;

	TRY(supply_take(pager, account, FRAME_FOR_KERNEL, frame));
	error = frame_map(pager, *frame, page);
	if (error != ERROR_OK) supply_give(pager, account, *frame, 1, FRAME_DIRTY);
	return error;
}

void bookkeeping_give(struct pager *pager, struct account *account, struct hold frame, void *page) {
	struct hold address = {(uint64_t)(uintptr_t)page};

	kernel_own_unmap(address.address, 1);
	frame_pool_give(&pager->bookkeeping.addresses, address, 1, FRAME_DIRTY);
	supply_give(pager, account, frame, 1, FRAME_DIRTY);
}
