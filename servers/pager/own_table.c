/* SPDX-License-Identifier: MIT */
/*
 * Page tables of the own space. Read pager/own_table.h first.
 *
 * Nothing is remembered of them: callers ask once for each 2 MiB, and the kernel knows what is there.
 */
#include <nacre/abi/label.h>

#include <pager/kernel.h>
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/supply.h>

unsigned int table_frames(unsigned int level) {
	/* Only the lowest needs records: no pager maps superpages. */
	return level == TABLE_LEVEL_4K ? 1 + TABLE_RECORD_FRAMES : 1;
}

/* ERROR_NO_MEMORY also if the table above is missing. */
static error_t table_try(struct pager *pager, uint64_t address, unsigned int level) {
	struct account *account = &pager->top.account;
	struct frame_set frames;
	error_t error;

	TRY(supply_take_set(pager, account, FRAME_FOR_OWN_TABLE, table_frames(level), &frames));
	error = kernel_table_add(pager->top.space, address, level, &frames);
	if (error != ERROR_OK) supply_give_set(pager, account, &frames, FRAME_DIRTY);
	return error == ERROR_EXISTS ? ERROR_OK : error;
}

error_t own_tables_add(struct pager *pager, uint64_t address) {
	unsigned int level = TABLE_LEVEL_4K;

	/* Up to the first table that fits below one that is there... */
	while (table_try(pager, address, level) != ERROR_OK) {
		if (++level == TABLE_LEVEL_TOP) return ERROR_NO_MEMORY;
	}
	/* ...and down again. */
	while (level > TABLE_LEVEL_4K) TRY(table_try(pager, address, --level));
	return ERROR_OK;
}
