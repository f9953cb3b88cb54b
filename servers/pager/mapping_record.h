/* SPDX-License-Identifier: MIT */
/*
 * What mapping.c and mapping_change.c share.
 */
#ifndef PAGER_MAPPING_RECORD_H
#define PAGER_MAPPING_RECORD_H

#include <pager/mapping.h>

/* The mapping that covers @address, or else the next above; NULL if there is none. */
struct mapping *mapping_find_from(struct instance *instance, uint64_t address);

/* Counts a new mapping among its region's users. */
void mapping_use_region(struct mapping *mapping);

/* Removes the record of a mapping, nothing else. */
void mapping_forget(struct mapping *mapping);

#endif
