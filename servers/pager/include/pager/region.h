/* SPDX-License-Identifier: MIT */
/*
 * Regions: memory that several mappings can show.
 *
 * Owns where a region's pages are: zero-filled on demand and paid by its owner; a run of frames that are there (an
 * image in memory, a device); or the parent's, fetched on demand (foreign.h). A capability to a region of this pager
 * carries in its badge the part of the region and the rights it stands for, so that parts need no record of their own.
 */
#ifndef PAGER_REGION_H
#define PAGER_REGION_H

#include "instance.h"

enum region_kind {
	REGION_ANONYMOUS,
	REGION_RUN,
	REGION_FOREIGN,
};

struct region {
	struct tree_node node;   /* own: in pager->regions by id; foreign: in pager->foreign by the parent's badge */
	struct list_node owned;  /* in owner->regions; foreign: in the list of idle ones, if it is */
	struct list_node users;  /* mappings */
	struct instance *owner;  /* pays */
	struct page_index pages; /* anonymous, foreign: address of the hold by page number */
	uint64_t page_count;
	struct hold first; /* run */
	slot_t capability; /* own: what all capabilities to it derive from; foreign: to the parent's */
	enum region_kind kind : 8;
	unsigned int rights : 8; /* PAGE_* */
};

/* A capability's badge says at most so much. */
#define REGION_PAGES_MAX (UINT64_C(1) << 20)

/* Part of a region, as a capability stands for it. */
struct region_part {
	struct region *region;
	uint64_t first; /* page */
	uint64_t count; /* pages */
	unsigned int rights;
};

/* Makes a zero-filled region that @owner pays. ERROR_ARGUMENT (no pages), ERROR_RANGE (too large), ERROR_LIMIT,
 * ERROR_NO_MEMORY. */
error_t region_share(struct instance *owner, uint64_t page_count, struct region **result) NACRE_MUST_CHECK;

/* Makes a region of frames that lie there already and belong to nobody's account. */
error_t region_run(struct instance *owner, struct hold first, uint64_t page_count, unsigned int rights,
                   struct region **result) NACRE_MUST_CHECK;

/* Ends a region: its pages vanish wherever they are mapped. */
void region_destroy(struct region *region);

/* The badge of a part, and back: ERROR_CAPABILITY (it is none), ERROR_GONE (its region has ended). */
uint64_t region_part_badge(const struct region_part *part);
error_t region_part_find(struct pager *pager, uint64_t badge, struct region_part *part) NACRE_MUST_CHECK;

/* A part of a part. ERROR_RANGE, ERROR_RIGHT. */
error_t region_part_narrow(const struct region_part *part, uint64_t first, uint64_t count, unsigned int rights,
                           struct region_part *result) NACRE_MUST_CHECK;

/*
 * Finds page @page and up to @most that follow it and adjoin. The first is made or fetched if need be, the others are
 * only taken along. ERROR_RANGE, ERROR_LIMIT, ERROR_NO_MEMORY, errors of the parent.
 */
error_t region_pages(struct region *region, uint64_t page, unsigned int most, struct hold *first,
                     unsigned int *count) NACRE_MUST_CHECK;

#endif
