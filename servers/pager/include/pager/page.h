/* SPDX-License-Identifier: MIT */
/*
 * Pages of an instance's own: zero-filled ones and copies.
 *
 * Owns instance->pages. A value there is the address of the page's hold, or PAGE_SHOWS_REGION: copy on write, and the
 * region's page has been given out for reading.
 */
#ifndef PAGER_PAGE_H
#define PAGER_PAGE_H

#include "instance.h"

#define PAGE_SHOWS_REGION UINT64_C(1)

/* The own page at @address: HOLD_NONE if there is none. */
struct hold page_find(const struct instance *instance, uint64_t address);

/* Makes a zero page at @address, which has none. ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t page_make(struct instance *instance, uint64_t address, struct hold *frame) NACRE_MUST_CHECK;

/* Makes a copy of the first @bytes of @original, the rest zero; takes the original out of the context's sight. */
error_t page_copy(struct instance *instance, uint64_t address, struct hold original, uint64_t bytes,
                  struct hold *frame) NACRE_MUST_CHECK;

/* Notes that the context sees the region's page at @address. */
error_t page_show_region(struct instance *instance, uint64_t address) NACRE_MUST_CHECK;

/* Gives back all pages, and leaves the index to the end of the arena that it lies in. */
void pages_close(struct instance *instance);

/* Gives back the pages of a range, which nothing maps any more. */
void pages_give(struct instance *instance, uint64_t address, uint64_t size);

#endif
