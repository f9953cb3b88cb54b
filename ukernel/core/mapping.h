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

/* A range of pages on which an operation makes progress. */
struct map_range {
	uint64_t address;
	uint64_t count; /* of 4 KiB */
};

/* ERROR_RANGE unless aligned and inside user addresses. */
error_t map_range_decode(uint64_t address, uint64_t count, unsigned int shift,
                         struct map_range *range) NACRE_MUST_CHECK;

/*
 * Each takes one step forward in @range and says in *@error what it met; STEP_AGAIN: an interrupt waits. The
 * caller repeats while count is not 0. A superpage is taken whole or ERROR_STATE.
 */
enum step mapping_unmap(struct space *space, struct map_range *range, unsigned int flags, error_t *error);
enum step mapping_protect(struct space *space, struct map_range *range, unsigned int rights, error_t *error);
/* Fixes cache attribute and DMA (MEMORY_*) of holds without parent: ERROR_RIGHT for others, ERROR_BUSY if something
 * derives from one. */
enum step mapping_set_type(struct space *space, struct map_range *range, unsigned int type, error_t *error);

/* Collects the marks of the subtree of the page at @address: RECORD_* bits. */
enum step mapping_look(struct space *space, uint64_t address, unsigned int *marks);

#endif
