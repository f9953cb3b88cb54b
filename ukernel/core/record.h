/* SPDX-License-Identifier: MIT */
/*
 * Derivation records: which mapping came from which.
 *
 * Owns struct record, the trees made of it, and the accessed and dirty marks kept in it. Knows nothing of page
 * tables: mapping.c ties records to entries, frame.c to grants. Same shape as the trees of capability.h, other size.
 */
#ifndef NACRE_CORE_RECORD_H
#define NACRE_CORE_RECORD_H

#include "arch.h"

/* Links are physical addresses / 8 (the records in frame descriptors are aligned no better), so RAM below 2^46 is
 * covered; 0 is none. */
#define RECORD_SHIFT     3
#define RECORD_LINK_MASK ((UINT64_C(1) << 43) - 1)
#define RECORD_DEPTH_MAX ((1u << 21) - 1)

/* Accessed and dirty marks: not yet told to a looker at this record, and not yet passed to the parent. */
#define RECORD_ACCESSED 1u
#define RECORD_DIRTY    2u
#define RECORD_MARKS    3u

struct record {
	uint64_t parent : 43, depth : 21;
	uint64_t child : 43, marks_own : 2, marks_up : 2, : 17;
	uint64_t next : 43, : 21;
	uint64_t previous : 43, : 21;
};

_Static_assert(sizeof(struct record) == 32, "four record frames serve one table of 512 entries");

static inline struct record *record_from_link(uint64_t link) {
	return link ? arch_direct((struct physical_address){link << RECORD_SHIFT}) : NULL;
}

/* Mask the result with RECORD_LINK_MASK where it is stored, so that the compiler sees that it fits. */
static inline uint64_t record_to_link(const struct record *record) {
	return record ? arch_physical(record).value >> RECORD_SHIFT : 0;
}

static inline struct record *record_parent(const struct record *record) { return record_from_link(record->parent); }

static inline struct record *record_child(const struct record *record) { return record_from_link(record->child); }

static inline struct record *record_next(const struct record *record) { return record_from_link(record->next); }

/* Counts all changes of the trees' shape: while it stays the same, a pointer to a record is good. */
extern uint64_t record_changes;

/* Makes @child (in no tree, without children) the first child of @parent, or a root if @parent is NULL. */
void record_attach(struct record *parent, struct record *child);

/* Makes the siblings from @first to @last, linked to each other and naming @parent, its first children. */
void record_attach_siblings(struct record *parent, struct record *first, struct record *last);

/* Takes @record, whose children it keeps, from its parent's list; its marks go to the parent. */
void record_detach(struct record *record);

/* The first child of @child, which has one, becomes the first child of @record: one step of clearing below @record. */
void record_hoist(struct record *record, struct record *child);

/* Adds @marks that the hardware or a child has left. */
void record_mark(struct record *record, unsigned int marks);

/* Passes marks that the parent has not seen on to it. */
void record_pass_marks(struct record *record);

#endif
