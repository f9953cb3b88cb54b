/* SPDX-License-Identifier: MIT */
/*
 * The rules of page tables, entries, derivation records and present counts.
 */
#include "invariants.h"
#include "mapping.h"
#include "table.h"

static int record_is_live(const struct record *record) {
	const struct frame *frame = invariants_frame_of(record);

	if (record_is_grant(record))
		return (const struct record *)&CONTAINER_OF(record, struct frame, grant)->grant == record;
	return frame && frame->type == FRAME_RECORDS && *record_entry(record) != 0;
}

/* What a record stands for. */
struct described {
	uint64_t start, size;
	unsigned int rights;
	page_entry_t attributes;
};

static struct described record_describe(const struct record *record) {
	if (record_is_grant(record)) {
		const struct frame *frame = CONTAINER_OF(record, struct frame, grant);
		return (struct described){frame_physical(frame).value, PAGE_SIZE, PAGE_READ | PAGE_WRITE, 0};
	}
	const page_entry_t entry = *record_entry(record);
	return (struct described){
		.start = page_entry_frame(entry).value,
		.size = (entry & ENTRY_LARGE) ? LARGE_PAGE_SIZE : PAGE_SIZE,
		.rights = page_entry_rights(entry),
		.attributes = page_entry_attributes(entry),
	};
}

static void check_siblings(const struct record *record) {
	const struct record *parent = record_parent(record);
	const struct record *next = record_next(record);
	const struct record *previous = record_from_link(record->previous);

	if (next) {
		INVARIANT(record_is_live(next), "the next sibling of a record is live", record);
		INVARIANT(record_from_link(next->previous) == record && record_parent(next) == parent,
		          "sibling records are linked both ways", record);
	}
	if (previous) {
		INVARIANT(record_is_live(previous), "the previous sibling of a record is live", record);
		INVARIANT(record_next(previous) == record && record_parent(previous) == parent,
		          "sibling records are linked both ways", record);
	} else if (parent) {
		INVARIANT(record_child(parent) == record, "a parent knows its first record", record);
	}
}

static void check_record(const struct record *record) {
	const struct record *parent = record_parent(record);
	const struct record *child = record_child(record);

	check_siblings(record);
	if (child) {
		INVARIANT(record_is_live(child), "a record's child is live", record);
		INVARIANT(record_parent(child) == record && !child->previous, "a first record knows its parent",
		          record);
	}
	if (!parent) {
		INVARIANT(!record->next && !record->previous, "a record without parent has no siblings", record);
		return;
	}
	INVARIANT(record_is_live(parent) && !record_is_grant(parent), "a record's parent is live", record);
	INVARIANT(record->depth > parent->depth, "records are deeper than their parents", record);

	const struct described above = record_describe(parent);
	const struct described below = record_describe(record);
	INVARIANT(below.start - above.start < above.size && below.size <= above.size,
	          "a mapping lies inside what it was derived from", record);
	INVARIANT((below.rights & ~above.rights) == 0, "a mapping has no more rights than its parent", record);
	INVARIANT(below.attributes == above.attributes, "memory attributes are inherited", record);
}

void invariants_check_grant(struct frame *frame) {
	const struct record *hold = record_parent(&frame->grant);

	INVARIANT(record_is_live(hold) && !record_is_grant(hold), "a granted frame's giver is live", frame);
	const page_entry_t entry = *record_entry(hold);
	INVARIANT((entry & ENTRY_SOFT_HOLD) && !(entry & (ENTRY_PRESENT | ENTRY_LARGE)),
	          "frames are granted from holds", frame);
	INVARIANT(!frame->grant.child, "nothing derives from a grant", frame);
	check_record(&frame->grant);
}

static void check_table_entry(const struct frame *table, unsigned int index, page_entry_t entry) {
	const struct frame *below = frame_find(page_entry_frame(entry));

	INVARIANT(below && below->type == FRAME_TABLE && below->level == table->level - 1,
	          "a table entry leads to a table", table);
	INVARIANT(below->above == frame_number(table) && below->index == index && below->owner == table->owner,
	          "a table knows its place", below);
	INVARIANT((below->flags & (FRAME_DETACHED | FRAME_SPLITTING)) == 0,
	          "a linked table is neither detached nor new", below);
}

static void check_pinned_entry(const page_entry_t *entry) {
	const struct frame *frame = frame_find(page_entry_frame(*entry));
	const struct entry_address place = entry_address_find(entry);

	INVARIANT(frame && (frame->type == FRAME_UTCB || frame->type == FRAME_KERNEL), "what is pinned is the kernel's",
	          entry);
	if (frame->type != FRAME_UTCB) return;
	const struct thread *thread = frame->owner;
	INVARIANT(invariants_is_object(thread, FRAME_THREAD) && (void *)thread->utcb == frame_contents(frame),
	          "a pinned UTCB has a thread", entry);
	if (!place.detached)
		INVARIANT(place.space == thread->space && place.address.value == thread->utcb_address.value,
		          "a UTCB is mapped where its thread says", entry);
}

static void check_mapping_entry(page_entry_t *entry, unsigned int level) {
	const struct record *record = table_record(entry);
	const uint64_t size = UINT64_C(1) << page_table_shift(level);
	const struct frame *frame = frame_find(page_entry_frame(*entry));

	INVARIANT(level <= TABLE_LEVEL_2M && record, "mappings lie where records are", entry);
	INVARIANT(((*entry & ENTRY_LARGE) != 0) == (level == TABLE_LEVEL_2M), "an entry says its size", entry);
	INVARIANT(page_entry_frame(*entry).value % size == 0, "a mapping is aligned", entry);
	INVARIANT(!(*entry & ENTRY_PRESENT) != !(*entry & ENTRY_SOFT_HOLD), "an entry is present or a hold", entry);
	if (frame && (*entry & ENTRY_PRESENT) && level == TABLE_LEVEL_4K)
		INVARIANT(frame->type == FRAME_USER, "no present mapping of the kernel's frames exists", entry);
	check_record(record);
}

static void check_empty_entry(page_entry_t *entry) {
	const struct record *record = table_record(entry);

	if (record)
		INVARIANT(!record->parent && !record->child && !record->next && !record->previous &&
		                  !record->marks_own && !record->marks_up,
		          "an empty entry has an empty record", entry);
}

static void check_table_frame(const struct frame *table) {
	INVARIANT(table->level >= TABLE_LEVEL_4K && table->level <= TABLE_LEVEL_TOP, "a table has a level", table);
	for (unsigned int quarter = 0; quarter < TABLE_RECORD_FRAMES; quarter++) {
		uint32_t number = table->records[quarter];
		INVARIANT(!number == !table->records[0], "a table has all its records or none", table);
		INVARIANT(!number || (frame_table[number].type == FRAME_RECORDS && frame_table[number].table == table &&
		                      frame_table[number].level == quarter),
		          "a table's records know it", table);
	}
	if (table->flags & FRAME_DETACHED) return;
	const int is_top = table->level == TABLE_LEVEL_TOP;
	/* What hangs below a detached table can outlive the space. */
	if (is_top || !entry_address_find(table_link(table)).detached)
		INVARIANT(invariants_is_object(table->owner, FRAME_SPACE), "a table's space is alive", table);
	if (is_top) return;
	const struct frame *above = &frame_table[table->above];
	INVARIANT(above->type == FRAME_TABLE && above->level == table->level + 1 && above->owner == table->owner,
	          "a table hangs in the one above", table);
	const page_entry_t *entries = frame_contents(above);
	/* The CPU marks the entries of tables that it walks. */
	INVARIANT((entries[table->index] & ~ENTRY_ACCESSED) == page_entry_table(frame_physical(table)),
	          "the table above leads to this one", table);
}

void invariants_check_table(struct frame *table) {
	page_entry_t *entries = frame_contents(table);
	const unsigned int end = table->level == TABLE_LEVEL_TOP ? TABLE_ENTRIES / 2 : TABLE_ENTRIES;

	/* Being prepared for a split: nobody else can see it. */
	if (table->flags & FRAME_SPLITTING) return;
	check_table_frame(table);
	for (unsigned int index = 0; index < end; index++) {
		switch (page_entry_kind(entries[index], table->level)) {
		case PAGE_ENTRY_EMPTY: check_empty_entry(&entries[index]); break;
		case PAGE_ENTRY_TABLE: check_table_entry(table, index, entries[index]); break;
		case PAGE_ENTRY_PINNED: check_pinned_entry(&entries[index]); break;
		case PAGE_ENTRY_HOLD:
		case PAGE_ENTRY_REVOKED:
		case PAGE_ENTRY_PRESENT: check_mapping_entry(&entries[index], table->level); break;
		}
	}
}

/* Adds @change to the count of each present mapping, in frames and groups. */
static void present_counts_change(uint32_t change) {
	for (uint64_t number = 0; number < frame_count; number++) {
		const struct frame *table = &frame_table[number];
		if (table->type != FRAME_TABLE || table->level > TABLE_LEVEL_2M || (table->flags & FRAME_SPLITTING))
			continue;
		const page_entry_t *entries = frame_contents(table);
		for (unsigned int index = 0; index < TABLE_ENTRIES; index++) {
			if (page_entry_kind(entries[index], table->level) != PAGE_ENTRY_PRESENT) continue;
			struct frame *frame = frame_find(page_entry_frame(entries[index]));
			if (frame && table->level == TABLE_LEVEL_2M)
				frame_group_of(page_entry_frame(entries[index]))->present_large += change;
			else if (frame)
				frame->present += change;
		}
	}
}

/* Counts down to zero and up again: needs no memory of its own. */
void invariants_check_present_counts(void) {
	const uint64_t frames_per_group = LARGE_PAGE_SIZE / PAGE_SIZE;

	present_counts_change((uint32_t)-1);
	for (uint64_t number = 0; number < frame_count; number++) {
		INVARIANT(frame_table[number].type != FRAME_USER || frame_table[number].present == 0,
		          "present mappings of a frame are counted", number << PAGE_SHIFT);
		INVARIANT(frame_groups[number / frames_per_group].present_large == 0,
		          "present mappings of a superpage are counted", number << PAGE_SHIFT);
	}
	present_counts_change(1);
}
