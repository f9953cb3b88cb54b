/* SPDX-License-Identifier: MIT */
/*
 * Foreign regions: those of the parent's pager, with the pages of them that were fetched.
 *
 * Owns the cache: one region for each of the parent's, told apart by badge, kept for a while after its last mapping has
 * gone so that the next run of a program finds its image there. Fetched pages are held at addresses set aside for them.
 */
#ifndef PAGER_FOREIGN_H
#define PAGER_FOREIGN_H

#include "frame_pool.h"
#include "region.h"

/* Regions without a mapping that are kept. */
#define FOREIGN_IDLE_MOST 32u

struct foreign {
	struct tree regions;   /* by the parent's badge */
	struct list_node idle; /* the one idle longest first */
	unsigned int idle_count;
	struct frame_pool addresses; /* free ones */
	uint64_t address_next;       /* never used yet */
	uint64_t address_end;
};

void foreign_open(struct pager *pager, uint64_t base, uint64_t size);

/*
 * The region that the capability in @slot stands for; the slot is used up. ERROR_CAPABILITY unless it is one of the
 * parent's; ERROR_LIMIT, ERROR_NO_MEMORY.
 */
error_t foreign_find(struct pager *pager, slot_t slot, struct region **result) NACRE_MUST_CHECK;

/* A mapping has come, or the last one has gone. */
void foreign_use(struct region *region);
void foreign_idle(struct region *region);

/* Fetches page @page and some that follow. */
error_t foreign_fetch(struct region *region, uint64_t page) NACRE_MUST_CHECK;

#endif
