/* SPDX-License-Identifier: MIT */
/*
 * Page tables as granted frames: finding entries, adding, splitting and removing tables.
 *
 * Owns the link between an entry, its table's descriptor and its derivation record. What entries say is
 * page_entry.h, what may be mapped is mapping.c.
 */
#ifndef NACRE_CORE_TABLE_H
#define NACRE_CORE_TABLE_H

#include "frame.h"
#include "space.h"

/* Where a walk ended. */
struct table_place {
	page_entry_t *entry;
	unsigned int level; /* of the table the entry lies in */
	enum page_entry_kind kind;
};

/* Walks to the entry for @address, a user address: the lowest that exists at @level or above. */
struct table_place table_walk(struct space *space, uint64_t address, unsigned int level);

static inline int table_is_mapping(struct table_place place) {
	return place.kind == PAGE_ENTRY_HOLD || place.kind == PAGE_ENTRY_PRESENT;
}

/* Finds the mapping or hold of DMA memory at @address: ERROR_RANGE, ERROR_NOT_FOUND, ERROR_RIGHT (no DMA). */
error_t table_find_dma(struct space *space, uint64_t address, struct table_place *place) NACRE_MUST_CHECK;

/* The record of an entry; NULL if its table was added without records. */
struct record *table_record(page_entry_t *entry);

/* The entry of a record that is not a grant's. */
page_entry_t *record_entry(const struct record *record);

/* The level of the table and the space and address of an entry. */
struct entry_address {
	struct space *space;
	struct user_address address;
	unsigned int level;
	uint32_t detached; /* not 0: in a table that its space no longer uses */
};
struct entry_address entry_address_find(const page_entry_t *entry);

/* The entry that leads to @frame, a table or a UTCB, also if the table it lies in was detached. */
page_entry_t *table_link(const struct frame *frame);

/* Maps @utcb in the empty entry @place for as long as its thread lives. */
void table_link_utcb(struct table_place place, struct frame *utcb);

/* Notes a change of the table's entries (change counter). */
void table_changed(page_entry_t *entry);

/* Makes zeroed @frame (granted, or the kernel's) a table of @level with @records[4] (or NULL) in @place. */
struct table_frames {
	struct frame *table;
	struct frame *records[TABLE_RECORD_FRAMES]; /* all or none */
};
void table_install(struct space *space, struct table_place place, const struct table_frames *frames);

/*
 * Where the table of @level for @address goes: ERROR_EXISTS if one (or a superpage) is there, ERROR_NO_MEMORY if the
 * level above is missing, ERROR_RANGE.
 */
error_t table_place_decode(struct space *space, uint64_t address, unsigned int level,
                           struct table_place *place) NACRE_MUST_CHECK;

/*
 * Turns the superpage in @place, which has nothing below it, into 512 entries: table_split_begin() once with newly
 * granted frames, then table_split() until it is done. They are prepared where nobody sees them and take the
 * superpage's place in one step; should it have changed meanwhile, they are prepared again.
 * table_is_splitting() finds a split that was interrupted.
 */
void table_split_begin(struct space *space, struct table_place place, const struct table_frames *frames);
enum step table_split(struct table_place place, struct frame *table);
int table_is_splitting(const struct space *space, const struct frame *table, struct table_place place);

/*
 * Detaches a table and removes all below it. @nested is set if a granted frame was met below; that object has
 * to be drained before calling again (drain.c).
 */
enum step table_drain(struct frame *table, struct frame **nested);

/* Gives the frames of a table that nothing leads to back: at once, for any of them may be what is revoked. */
void table_return(struct frame *table);

/* Removes what the entries of @table map and the tables below, without giving @table back: for a dying space. */
enum step table_clear(struct frame *table, struct frame **nested);

#endif
