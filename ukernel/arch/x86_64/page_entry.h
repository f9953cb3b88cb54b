/* SPDX-License-Identifier: MIT */
/*
 * Page table entries: how mappings, holds and tables are encoded. (Intel SDM vol. 3A, 4.5; AMD APM
 * vol. 2, 5.3)
 *
 * A hold is a non-present entry whose other bits mean what they would mean in a present one, so
 * that turning a hold into a mapping of the same rights is one bit. Pure functions: the fake
 * architecture of the unit tests uses this file too.
 */
#ifndef NACRE_ARCH_PAGE_ENTRY_H
#define NACRE_ARCH_PAGE_ENTRY_H

#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>

#include "types.h"

typedef uint64_t page_entry_t;

#define ENTRY_PRESENT    (UINT64_C(1) << 0)
#define ENTRY_WRITE      (UINT64_C(1) << 1)
#define ENTRY_USER       (UINT64_C(1) << 2)
#define ENTRY_PWT_SHIFT  3
#define ENTRY_PWT        (UINT64_C(1) << ENTRY_PWT_SHIFT)
#define ENTRY_PCD        (UINT64_C(1) << 4)
#define ENTRY_ACCESSED   (UINT64_C(1) << 5)
#define ENTRY_DIRTY      (UINT64_C(1) << 6)
#define ENTRY_LARGE      (UINT64_C(1) << 7) /* in a level-2 table; in level 1 this bit would be PAT and stays 0 */
#define ENTRY_SOFT_PIN   (UINT64_C(1) << 9) /* a UTCB: not in any derivation tree; of a hold: it is being revoked */
#define ENTRY_SOFT_DMA   (UINT64_C(1) << 10)
#define ENTRY_SOFT_HOLD  (UINT64_C(1) << 11)
#define ENTRY_NO_EXECUTE (UINT64_C(1) << 63)
#define ENTRY_FRAME_MASK UINT64_C(0x000ffffffffff000)

/* What an entry is. */
enum page_entry_kind {
	PAGE_ENTRY_EMPTY,
	PAGE_ENTRY_TABLE,
	PAGE_ENTRY_HOLD,
	PAGE_ENTRY_PRESENT,
	PAGE_ENTRY_PINNED,
	PAGE_ENTRY_REVOKED, /* a hold that waits for what came from it to be removed: nothing more can be derived */
};

/* PWT and PCD select PAT entries 0..3, which arch CPU set-up makes what MEMORY_* numbers. */
static inline page_entry_t page_entry_attributes_from_type(unsigned int memory_type) {
	return (page_entry_t)(memory_type & MEMORY_TYPE_MASK) << ENTRY_PWT_SHIFT |
	       (memory_type & MEMORY_DMA ? ENTRY_SOFT_DMA : 0);
}

/* The inherited part of an entry: cache attribute and DMA. */
static inline page_entry_t page_entry_attributes(page_entry_t entry) {
	return entry & (ENTRY_PWT | ENTRY_PCD | ENTRY_SOFT_DMA);
}

static inline page_entry_t page_entry_make(struct physical_address frame, unsigned int rights, page_entry_t attributes,
                                           page_entry_t kind_bits) {
	page_entry_t entry = frame.value | attributes | kind_bits | ENTRY_USER;
	if (rights & PAGE_WRITE) entry |= ENTRY_WRITE;
	if (!(rights & PAGE_EXECUTE)) entry |= ENTRY_NO_EXECUTE;
	return entry;
}

/* @large: ENTRY_LARGE for 2 MiB, else 0. A present mapping can always be read. */
static inline page_entry_t page_entry_present(struct physical_address frame, unsigned int rights,
                                              page_entry_t attributes, page_entry_t large) {
	return page_entry_make(frame, rights, attributes, large | ENTRY_PRESENT);
}

static inline page_entry_t page_entry_hold(struct physical_address frame, unsigned int rights, page_entry_t attributes,
                                           page_entry_t large) {
	return page_entry_make(frame, rights, attributes, large | ENTRY_SOFT_HOLD);
}

static inline page_entry_t page_entry_pinned(struct physical_address frame) {
	return page_entry_make(frame, PAGE_READ | PAGE_WRITE, 0, ENTRY_PRESENT | ENTRY_SOFT_PIN);
}

static inline page_entry_t page_entry_table(struct physical_address table) {
	return table.value | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;
}

/* @level: of the table that the entry lies in (1 is the lowest). */
static inline enum page_entry_kind page_entry_kind(page_entry_t entry, unsigned int level) {
	if (entry == 0) return PAGE_ENTRY_EMPTY;
	if (level > 1 && !(entry & ENTRY_LARGE)) return PAGE_ENTRY_TABLE;
	if (entry & ENTRY_SOFT_PIN) return (entry & ENTRY_SOFT_HOLD) ? PAGE_ENTRY_REVOKED : PAGE_ENTRY_PINNED;
	return (entry & ENTRY_PRESENT) ? PAGE_ENTRY_PRESENT : PAGE_ENTRY_HOLD;
}

static inline struct physical_address page_entry_frame(page_entry_t entry) {
	return (struct physical_address){entry & ENTRY_FRAME_MASK};
}

/* PAGE_* rights; holds carry them too. */
static inline unsigned int page_entry_rights(page_entry_t entry) {
	unsigned int rights = PAGE_READ;
	if (entry & ENTRY_WRITE) rights |= PAGE_WRITE;
	if (!(entry & ENTRY_NO_EXECUTE)) rights |= PAGE_EXECUTE;
	return rights;
}

/* The same entry with rights narrowed to @rights. */
static inline page_entry_t page_entry_narrow(page_entry_t entry, unsigned int rights) {
	if (!(rights & PAGE_WRITE)) entry &= ~ENTRY_WRITE;
	if (!(rights & PAGE_EXECUTE)) entry |= ENTRY_NO_EXECUTE;
	return entry;
}

static inline unsigned int page_table_shift(unsigned int level) { return PAGE_SHIFT + 9 * (level - 1); }

static inline unsigned int page_table_index(uint64_t address, unsigned int level) {
	return (unsigned int)(address >> page_table_shift(level)) & (TABLE_ENTRIES - 1);
}

#endif
