/* SPDX-License-Identifier: MIT */
/*
 * Page tables of the pager's own space, for the addresses at which it holds and maps frames.
 */
#ifndef PAGER_OWN_TABLE_H
#define PAGER_OWN_TABLE_H

#include "types.h"

struct pager;

/* Adds the page tables that @address needs, as far as they are missing; the pager itself pays. ERROR_NO_MEMORY. */
error_t own_tables_add(struct pager *pager, uint64_t address) NACRE_MUST_CHECK;

/* Frames that a table of @level takes. */
unsigned int table_frames(unsigned int level);

#endif
