/* SPDX-License-Identifier: MIT */
/*
 * The supply of frames: from the pool, refilled from below, each charged to an account.
 *
 * Owns when to refill, when to give back to the parent, and when frames are zeroed. A few frames are always kept
 * back for what refilling itself needs (page tables of the pager's own space).
 */
#ifndef PAGER_SUPPLY_H
#define PAGER_SUPPLY_H

#include "account.h"
#include "frame_pool.h"

struct pager;

/* What a frame is for, which decides how it is chosen. */
enum frame_use {
	FRAME_FOR_KERNEL,    /* to be granted, which zeroes it anyway; or to be overwritten as a whole */
	FRAME_FOR_ZERO_PAGE, /* must be zero */
	FRAME_FOR_OWN_TABLE, /* granted for the pager's own space: may use what is kept back */
};

/* The most frames that a refill can need for itself, with bookkeeping for it. */
#define SUPPLY_RESERVE 24u

/* ERROR_LIMIT (the account), ERROR_NO_MEMORY (the pager has no frame and gets none). */
error_t supply_take(struct pager *pager, struct account *account, enum frame_use use,
                    struct hold *frame) NACRE_MUST_CHECK;
error_t supply_take_set(struct pager *pager, struct account *account, enum frame_use use, unsigned int count,
                        struct frame_set *set) NACRE_MUST_CHECK;
/* 1 to @most adjoining frames of unknown contents, to be passed on as holds. */
error_t supply_take_run(struct pager *pager, struct account *account, unsigned int most, struct hold *first,
                        unsigned int *count) NACRE_MUST_CHECK;

void supply_give(struct pager *pager, struct account *account, struct hold first, uint64_t count,
                 enum frame_state state);
void supply_give_set(struct pager *pager, struct account *account, const struct frame_set *set, enum frame_state state);

/* Gives what the pager has too much of back to its parent. To be called after something has ended. */
void supply_settle(struct pager *pager);

#endif
