/* SPDX-License-Identifier: MIT */
/*
 * Mappings: map, unmap, protect, look.
 *
 * Owns the rules of who may map what where, and keeps entries, records, present counts and translations in
 * step. Tables are table.h, records record.h.
 */
#ifndef NACRE_CORE_MAPPING_H
#define NACRE_CORE_MAPPING_H

#include "table.h"

/* One page to map, as asked for. */
struct map_request {
	struct space *from;
	struct space *to;
	uint64_t source;      /* address in from */
	uint64_t destination; /* address in to */
	unsigned int rights;  /* PAGE_* */
	unsigned int flags;   /* MAP_HOLD, MAP_LARGE */
};

/* One page to map, checked. */
struct map_plan {
	struct record *parent;
	page_entry_t *source;
	page_entry_t *entry;
	page_entry_t value;
};

/*
 * Checks a request: ERROR_RANGE (misaligned, outside user addresses), ERROR_NOT_FOUND (nothing there to give),
 * ERROR_STATE (of another size), ERROR_RIGHT, ERROR_BUSY (frame granted to the kernel; or rights would be taken from an
 * entry that has children: protect it instead), ERROR_NO_MEMORY (no table at the destination), ERROR_EXISTS,
 * ERROR_TOO_DEEP.
 */
error_t map_decode(const struct map_request *request, struct map_plan *plan) NACRE_MUST_CHECK;

/* Cannot fail; nothing may have changed since the check. */
void map_commit(const struct map_plan *plan);

/* Removes everything below @record; stops at a granted frame, which becomes *@nested. */
enum step mapping_clear(struct record *record, struct frame **nested);

/* Removes one entry that has nothing below it. */
void mapping_remove(page_entry_t *entry);

/* The prepared entries of @table take the place of the superpage at @entry, which has nothing below it. */
void mapping_split(page_entry_t *entry, struct frame *table);

/* log2 of the bytes that one page has, with or without MAP_LARGE. */
static inline unsigned int map_shift(uint64_t flags) { return (flags & MAP_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT; }

/* A range of pages on which an operation makes progress. */
struct map_range {
	struct space *space;
	uint64_t address;
	uint64_t count; /* of 4 KiB */
	uint64_t step;  /* bytes up to the next entry that exists */
};

/* From address and count (of pages as @flags say): ERROR_RANGE unless aligned and inside user addresses. */
error_t map_range_decode(struct space *space, const uint64_t words[2], uint64_t flags,
                         struct map_range *range) NACRE_MUST_CHECK;

/*
 * The mapping or hold at the start of @range; NULL if there is none, or, with *@error set to ERROR_STATE, if it is a
 * superpage that does not lie in @range as a whole. Then map_range_advance() goes past what was found.
 */
page_entry_t *map_range_entry(struct map_range *range, error_t *error);
void map_range_advance(struct map_range *range);

/* What is done to one mapping. STEP_AGAIN: an interrupt waits, call again; it may set *@error instead. */
typedef enum step page_operation(page_entry_t *entry, uint64_t flags, error_t *error);

/* Removes what derives from it, and (without MAP_CHILDREN) itself. */
page_operation mapping_unmap;
/*
 * Takes all rights but those in @flags from what derives from it, and (without MAP_CHILDREN) from itself: ERROR_BUSY
 * while a frame of it is granted.
 */
page_operation mapping_protect;
/* Fixes cache attribute and DMA (MEMORY_*) of a hold without parent: ERROR_RIGHT for others, ERROR_BUSY if something
 * derives from it. */
page_operation mapping_set_type;

/* Collects the marks of the subtree of the page at @address: RECORD_* bits. */
enum step mapping_look(struct space *space, uint64_t address, unsigned int *marks);

#endif
