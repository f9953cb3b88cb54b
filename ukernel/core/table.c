/* SPDX-License-Identifier: MIT */
/*
 * Page tables as granted frames. Read table.h first.
 */
#include "table.h"

#include "mapping.h"

#define RECORDS_PER_FRAME (PAGE_SIZE / sizeof(struct record))
#define ENTRIES_PER_STEP  64u /* empty ones that are looked at between two preemption points */

static unsigned int entry_index(const page_entry_t *entry) {
	return (unsigned int)(((uintptr_t)entry % PAGE_SIZE) / sizeof(*entry));
}

struct table_place table_walk(struct space *space, uint64_t address, unsigned int level) {
	struct table_place place = {.level = TABLE_LEVEL_TOP};
	page_entry_t *table = space->top_table;

	for (;;) {
		place.entry = &table[page_table_index(address, place.level)];
		place.kind = page_entry_kind(*place.entry, place.level);
		if (place.level <= level || place.kind != PAGE_ENTRY_TABLE) return place;
		table = arch_direct(page_entry_frame(*place.entry));
		place.level--;
	}
}

error_t table_find_dma(struct space *space, uint64_t address, struct table_place *place) {
	if (address >= USER_ADDRESS_END) return ERROR_RANGE;
	*place = table_walk(space, address, TABLE_LEVEL_4K);
	if (!table_is_mapping(*place)) return ERROR_NOT_FOUND;
	return *place->entry & ENTRY_SOFT_DMA ? ERROR_OK : ERROR_RIGHT;
}

struct record *table_record(page_entry_t *entry) {
	const struct frame *table = frame_of(entry);
	unsigned int index = entry_index(entry);
	uint32_t number = table->records[index / RECORDS_PER_FRAME];

	if (!number) return NULL;
	struct record *records = frame_contents(&frame_table[number]);
	return &records[index % RECORDS_PER_FRAME];
}

page_entry_t *record_entry(const struct record *record) {
	const struct frame *quarter = frame_of(record);
	page_entry_t *entries = frame_contents(quarter->table);
	uint64_t index = ((uintptr_t)record % PAGE_SIZE) / sizeof(*record);

	return &entries[quarter->level * RECORDS_PER_FRAME + index];
}

struct entry_address entry_address_find(const page_entry_t *entry) {
	const struct frame *table = frame_of(entry);
	struct entry_address found = {.space = table->owner, .level = table->level};
	uint64_t index = entry_index(entry);

	for (;;) {
		found.address.value |= index << page_table_shift(table->level);
		if (table->flags & FRAME_DETACHED) found.detached = 1;
		if (table->level == TABLE_LEVEL_TOP || found.detached) break;
		index = table->index;
		table = &frame_table[table->above];
	}
	/* The space of a detached table may be gone. */
	if (!found.detached && (found.space->flags & SPACE_UNUSED)) found.detached = 1;
	return found;
}

page_entry_t *table_link(const struct frame *frame) {
	page_entry_t *entries = frame_contents(&frame_table[frame->above]);

	return &entries[frame->index];
}

void table_link_utcb(struct table_place place, struct frame *utcb) {
	utcb->above = (uint32_t)frame_number(frame_of(place.entry));
	utcb->index = (uint16_t)entry_index(place.entry);
	*place.entry = page_entry_pinned(frame_physical(utcb));
	table_changed(place.entry);
}

void table_changed(page_entry_t *entry) {
	const struct frame *table = frame_of(entry);

	if (table->records[0]) frame_table[table->records[0]].changes++;
}

error_t table_place_decode(struct space *space, uint64_t address, unsigned int level, struct table_place *place) {
	if (level < TABLE_LEVEL_4K || level >= TABLE_LEVEL_TOP || address >= USER_ADDRESS_END) return ERROR_RANGE;
	*place = table_walk(space, address, level + 1);
	if (place->kind != PAGE_ENTRY_EMPTY) return ERROR_EXISTS;
	return place->level == level + 1 ? ERROR_OK : ERROR_NO_MEMORY;
}

static void table_describe(struct space *space, struct table_place place, const struct table_frames *frames) {
	struct frame *table = frames->table;

	table->owner = space;
	table->level = (uint8_t)(place.level - 1);
	table->index = (uint16_t)entry_index(place.entry);
	table->above = (uint32_t)frame_number(frame_of(place.entry));
	for (unsigned int quarter = 0; quarter < TABLE_RECORD_FRAMES; quarter++) {
		struct frame *records = frames->records[quarter];
		if (!records) continue;
		table->records[quarter] = (uint32_t)frame_number(records);
		records->table = table;
		records->level = (uint8_t)quarter;
		records->changes = 0;
	}
}

void table_install(struct space *space, struct table_place place, const struct table_frames *frames) {
	table_describe(space, place, frames);
	__atomic_store_n(place.entry, page_entry_table(frame_physical(frames->table)), __ATOMIC_RELEASE);
	table_changed(place.entry);
}

void table_split_begin(struct space *space, struct table_place place, const struct table_frames *frames) {
	table_describe(space, place, frames);
	frames->table->flags |= FRAME_SPLITTING;
}

int table_is_splitting(const struct space *space, const struct frame *table, struct table_place place) {
	return table->type == FRAME_TABLE && (table->flags & FRAME_SPLITTING) && table->owner == space &&
	       table->above == frame_number(frame_of(place.entry)) && table->index == entry_index(place.entry);
}

/* One of 512 entries that mean together what the superpage means, and its record. */
static void split_prepare(struct frame *table, unsigned int index, page_entry_t large, const struct record *old) {
	page_entry_t *entry = (page_entry_t *)frame_contents(table) + index;
	struct record *record = table_record(entry);

	*entry = (large & ~ENTRY_LARGE) + ((uint64_t)index << PAGE_SHIFT);
	*record = (struct record){.parent = old->parent, .depth = old->depth, .marks_own = old->marks_own};
	if (!old->parent) return;
	if (index > 0) record->previous = record_to_link(table_record(entry - 1)) & RECORD_LINK_MASK;
	if (index < TABLE_ENTRIES - 1) record->next = record_to_link(table_record(entry + 1)) & RECORD_LINK_MASK;
}

/* True if what was prepared is what the superpage says now. */
static int split_is_current(const struct frame *table, page_entry_t large, const struct record *old) {
	page_entry_t *entry = frame_contents(table);
	const struct record *record = table_record(entry);

	return *entry == (large & ~ENTRY_LARGE) && record->parent == old->parent && record->depth == old->depth &&
	       record->marks_own == old->marks_own;
}

enum step table_split(struct table_place place, struct frame *table) {
	const struct record *old = table_record(place.entry);

	if (table->progress != 0 && !split_is_current(table, *place.entry, old)) table->progress = 0;
	while (table->progress < TABLE_ENTRIES) {
		split_prepare(table, table->progress, *place.entry, old);
		table->progress++;
		TRY_STEP(step_next());
	}
	table->flags &= ~(uint32_t)FRAME_SPLITTING;
	table->progress = 0;
	mapping_split(place.entry, table);
	return STEP_DONE;
}

static void table_detach(struct frame *table) {
	page_entry_t *entry = table_link(table);
	struct entry_address place = entry_address_find(entry);

	table->flags |= FRAME_DETACHED;
	__atomic_store_n(entry, 0, __ATOMIC_RELEASE);
	table_changed(entry);
	if (!place.detached) arch_flush_space(place.space);
}

/* Removes one entry that is not empty. */
static enum step table_clear_entry(page_entry_t *entry, unsigned int level, struct frame **nested) {
	struct frame *frame = frame_find(page_entry_frame(*entry));
	const enum page_entry_kind kind = page_entry_kind(*entry, level);

	if (kind == PAGE_ENTRY_TABLE || (kind == PAGE_ENTRY_PINNED && frame->type == FRAME_UTCB)) {
		*nested = frame;
	} else if (kind == PAGE_ENTRY_PINNED) {
		*entry = 0;
	} else {
		TRY_STEP(mapping_clear(table_record(entry), nested));
		if (!*nested) mapping_remove(entry);
	}
	return STEP_DONE;
}

enum step table_clear(struct frame *table, struct frame **nested) {
	page_entry_t *entries = frame_contents(table);
	unsigned int end = table->level == TABLE_LEVEL_TOP ? TABLE_ENTRIES / 2 : TABLE_ENTRIES;

	while (table->progress < end) {
		page_entry_t *entry = &entries[table->progress];
		const int is_used = *entry != 0;
		if (is_used) TRY_STEP(table_clear_entry(entry, table->level, nested));
		if (*nested) return STEP_DONE;
		table->progress++;
		if (is_used || table->progress % ENTRIES_PER_STEP == 0) TRY_STEP(step_next());
	}
	return STEP_DONE;
}

/*
 * A table in use is detached first: nothing is added to it while it is cleared. One below another that is cleared
 * keeps its place meanwhile, which is how an interrupted clearing finds it again.
 */
static enum step table_unlink(struct frame *table, struct frame **nested) {
	if (!(table->flags & FRAME_DETACHED) && !entry_address_find(table_link(table)).detached) table_detach(table);
	TRY_STEP(table_clear(table, nested));
	if (*nested) return STEP_DONE;
	TRY_STEP(step_next());
	if (!(table->flags & FRAME_DETACHED)) table_detach(table);
	return STEP_DONE;
}

void table_return(struct frame *table) {
	for (unsigned int quarter = 0; quarter < TABLE_RECORD_FRAMES; quarter++) {
		if (table->records[quarter]) frame_return(&frame_table[table->records[quarter]]);
		table->records[quarter] = 0;
	}
	frame_return(table);
}

enum step table_drain(struct frame *table, struct frame **nested) {
	if (!(table->flags & FRAME_SPLITTING)) TRY_STEP(table_unlink(table, nested));
	if (*nested) return STEP_DONE;
	table_return(table);
	return STEP_DONE;
}
