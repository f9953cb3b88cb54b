/* SPDX-License-Identifier: MIT */
/*
 * All that the pager library asks of the pager below, its parent.
 *
 * Like kernel.h a contract: the pager server's parent.c answers it by messages; root, which has no pager below it,
 * by saying so (ERROR_NO_MEMORY, ERROR_CAPABILITY, ERROR_NOT_FOUND).
 */
#ifndef PAGER_PARENT_H
#define PAGER_PARENT_H

#include "status.h"
#include "types.h"

/* What a received capability turned out to be, if it is one of the parent's. */
struct parent_region {
	uint64_t badge; /* tells regions of the parent apart */
};

/* Takes a group of frames, numbered from @first's address on, as holds at @first. *@count: how many came. */
error_t parent_take(struct hold first, unsigned int count, unsigned int *came) NACRE_MUST_CHECK;
void parent_give_back(struct hold first, unsigned int count);

/* ERROR_CAPABILITY unless @capability is to a region that the parent itself serves, so that calling it is safe. */
error_t parent_region_identify(slot_t capability, struct parent_region *region) NACRE_MUST_CHECK;
error_t parent_region_size(slot_t capability, uint64_t *bytes, unsigned int *rights) NACRE_MUST_CHECK;
/* Fetches pages of a region as holds at @first. *@came: how many came. */
error_t parent_region_pages(slot_t capability, uint64_t offset, unsigned int count, unsigned int rights,
                            struct hold first, unsigned int *came) NACRE_MUST_CHECK;

error_t parent_status(uint64_t level, struct pager_status *status) NACRE_MUST_CHECK;

#endif
