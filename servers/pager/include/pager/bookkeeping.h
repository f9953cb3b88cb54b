/* SPDX-License-Identifier: MIT */
/*
 * Bookkeeping pages: frames that a pager maps for its own records.
 *
 * Owns the addresses at which they are mapped. They are the only frames that a pager can read and write for longer than
 * a moment.
 */
#ifndef PAGER_BOOKKEEPING_H
#define PAGER_BOOKKEEPING_H

#include "account.h"

struct pager;

/* Prepares addresses from @base to @end (multiples of 2 MiB): ERROR_NO_MEMORY. */
error_t bookkeeping_open(struct pager *pager, uint64_t base, uint64_t end) NACRE_MUST_CHECK;

/* A mapped page of unknown contents, charged to @account. ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t bookkeeping_take(struct pager *pager, struct account *account, struct hold *frame,
                         void **page) NACRE_MUST_CHECK;

void bookkeeping_give(struct pager *pager, struct account *account, struct hold frame, void *page);

#endif
