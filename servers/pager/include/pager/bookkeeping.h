/* SPDX-License-Identifier: MIT */
/*
 * Bookkeeping pages: frames that a pager maps for its own records.
 *
 * They are the only frames that a pager can read and write for longer than a moment. Each is mapped at a fixed
 * distance from its hold, so that nothing has to be remembered about it.
 */
#ifndef PAGER_BOOKKEEPING_H
#define PAGER_BOOKKEEPING_H

#include "account.h"

struct pager;

/* A mapped page of unknown contents, charged to @account. ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t bookkeeping_take(struct pager *pager, struct account *account, void **page) NACRE_MUST_CHECK;

void bookkeeping_give(struct pager *pager, struct account *account, void *page);

#endif
