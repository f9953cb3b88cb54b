/* SPDX-License-Identifier: MIT */
/*
 * Mappings: what an instance has agreed to find at which addresses of its context.
 *
 * Owns the map of an instance and its changes. Nothing is in a page table because of a mapping alone: pages come by
 * faults (fault.h), and what unmapping or protecting takes away is taken away at once.
 */
#ifndef PAGER_MAPPING_H
#define PAGER_MAPPING_H

#include "instance.h"
#include "region.h"

enum mapping_kind {
	MAPPING_ANONYMOUS,     /* zero-filled pages of the instance */
	MAPPING_SHARED,        /* the region's pages */
	MAPPING_COPY_ON_WRITE, /* the region's until written to; then pages of the instance */
};

struct mapping {
	struct tree_node by_address; /* key: first address */
	struct list_node users;      /* of region; alone if there is none */
	struct instance *instance;
	struct region *region; /* NULL if anonymous; or if the region has ended, and then its pages are gone */
	uint64_t size;         /* bytes, whole pages */
	uint64_t offset;       /* of its first byte in the region */
	uint64_t bytes;        /* copy on write: how many come from the region; the rest is zero */
	enum mapping_kind kind : 8;
	unsigned int rights : 8;  /* PAGE_* now */
	unsigned int allowed : 8; /* PAGE_* it was made with */
};

/* What is asked for. Sizes and addresses are multiples of 4 KiB, but for bytes. */
struct mapping_request {
	enum mapping_kind kind;
	uint64_t address; /* 0: the pager chooses */
	uint64_t bytes;   /* rounded up to pages */
	unsigned int rights;
	struct region *region;
	uint64_t offset;
	uint64_t region_size; /* the part of it that the asker may use, from offset 0 */
};

/*
 * Adds a mapping. ERROR_ARGUMENT (no bytes), ERROR_RANGE (not aligned, not in the window, not in the region),
 * ERROR_EXISTS, ERROR_LIMIT, ERROR_NO_MEMORY.
 */
error_t mapping_add(struct instance *instance, const struct mapping_request *request,
                    uint64_t *address) NACRE_MUST_CHECK;

/* Gives all pages of an anonymous mapping frames now, and maps them. On failure some may have come. */
error_t mapping_populate(struct instance *instance, uint64_t address, uint64_t size) NACRE_MUST_CHECK;

/* The mapping that covers @address; NULL if there is none. */
struct mapping *mapping_find(struct instance *instance, uint64_t address);

/* True if any mapping reaches into the range. */
int mapping_is_in(struct instance *instance, uint64_t address, uint64_t size);

/* Removes what is in a range, holes skipped. ERROR_RANGE; ERROR_LIMIT, ERROR_NO_MEMORY if a mapping is to be divided.
 */
error_t mapping_remove(struct instance *instance, uint64_t address, uint64_t size) NACRE_MUST_CHECK;

/* Sets the rights in a range. ERROR_RANGE (not mapped throughout), ERROR_RIGHT, ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t mapping_protect(struct instance *instance, uint64_t address, uint64_t size,
                        unsigned int rights) NACRE_MUST_CHECK;

/* Forgets all mappings of an instance whose space is no more, and gives back its pages. */
void mappings_close(struct instance *instance);

#endif
