/* SPDX-License-Identifier: MIT */
/*
 * Sources: where a pager's frames come from.
 *
 * Owns the two kinds there are. Root's is runs of memory held as superpages, split one at a time. A pager server's is
 * its parent, asked for a group at a time and given back what is too much.
 */
#ifndef PAGER_SOURCE_H
#define PAGER_SOURCE_H

#include "list.h"
#include "types.h"

struct pager;

struct source {
	/* Adds frames to the pool: ERROR_NO_MEMORY if there are no more. May use what the supply keeps back. */
	error_t (*refill)(struct pager *pager);
	/* Gives back what is too much in the pool. */
	void (*settle)(struct pager *pager);
	/* Frames that refill() could still add, as far as known. */
	uint64_t (*left)(const struct pager *pager);
};

/* --- Root: runs of superpages */

extern const struct source source_runs;

/*
 * Adds @count frames that the own space holds from @first on: whole superpages as such (if @large says that the
 * kernel holds them so), the rest one by one.
 */
enum hold_size {
	HOLD_SMALL, /* every frame has an entry of its own */
	HOLD_LARGE, /* what is aligned to 2 MiB is one entry */
};
error_t source_runs_add(struct pager *pager, struct hold first, uint64_t count, enum hold_size size) NACRE_MUST_CHECK;

/* --- A pager server: its parent */

extern const struct source source_parent;

/*
 * Addresses of the own space at which frames from the parent may be held: multiples of 2 MiB. @first: where the pager's
 * first frames are, which came from the parent too. ERROR_LIMIT, ERROR_NO_MEMORY.
 */
error_t source_parent_open(struct pager *pager, struct hold first, uint64_t base, uint64_t size) NACRE_MUST_CHECK;

#endif
