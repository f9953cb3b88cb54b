/* SPDX-License-Identifier: MIT */
/*
 * Mappings. Read mapping.h first.
 */
#include "mapping.h"

#include "drain.h"
#include "panic.h"

#define ENTRY_MARKS (ENTRY_ACCESSED | ENTRY_DIRTY)

static unsigned int entry_marks(page_entry_t entry) {
	return ((entry & ENTRY_ACCESSED) ? RECORD_ACCESSED : 0) | ((entry & ENTRY_DIRTY) ? RECORD_DIRTY : 0);
}

/* Counts a present mapping of RAM in (+1) or out (-1); other entries do not count. */
static void present_count(page_entry_t entry, int change) {
	struct frame *frame = frame_find(page_entry_frame(entry));

	if (!(entry & ENTRY_PRESENT) || !frame) return;
	if (entry & ENTRY_LARGE)
		frame_group_of(page_entry_frame(entry))->present_large += (uint32_t)change;
	else
		frame->present += (uint32_t)change;
}

/* True if any frame an entry covers is granted to the kernel or kept by it. */
static int entry_is_granted(page_entry_t entry) {
	const struct frame *frame = frame_find(page_entry_frame(entry));

	if (!frame) return 0;
	if (entry & ENTRY_LARGE) return frame_group_of(page_entry_frame(entry))->granted != 0;
	return frame->type != FRAME_USER;
}

static void flush_entry(const page_entry_t *entry) {
	struct entry_address place = entry_address_find(entry);

	if (!place.detached) arch_flush_page(place.space, place.address);
}

static error_t map_source_decode(const struct map_request *request, page_entry_t **source) {
	unsigned int level = (request->flags & MAP_LARGE) ? TABLE_LEVEL_2M : TABLE_LEVEL_4K;
	struct table_place place = table_walk(request->from, request->source, level);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);

	if (kind == PAGE_ENTRY_TABLE) return ERROR_STATE;
	if (kind != PAGE_ENTRY_HOLD && kind != PAGE_ENTRY_PRESENT) return ERROR_NOT_FOUND;
	if (place.level != level) return ERROR_STATE;
	if (entry_is_granted(*place.entry)) return ERROR_BUSY;
	*source = place.entry;
	return ERROR_OK;
}

/* An entry that is taken may only change its rights or become a hold or a mapping of the same frame. */
static error_t map_change_decode(page_entry_t old, struct record *record, const struct map_plan *plan) {
	if (old == 0) return ERROR_OK;
	if (page_entry_frame(old).value != page_entry_frame(plan->value).value || record_parent(record) != plan->parent)
		return ERROR_EXISTS;
	if (record->child && (page_entry_rights(old) & ~page_entry_rights(plan->value)) != 0) return ERROR_BUSY;
	return ERROR_OK;
}

error_t map_decode(const struct map_request *request, struct map_plan *plan) {
	unsigned int level = (request->flags & MAP_LARGE) ? TABLE_LEVEL_2M : TABLE_LEVEL_4K;
	uint64_t offset = (UINT64_C(1) << page_table_shift(level)) - 1;
	page_entry_t *source = NULL;

	if (((request->source | request->destination) & offset) != 0 || request->source >= USER_ADDRESS_END ||
	    request->destination >= USER_ADDRESS_END || request->destination + offset >= USER_ADDRESS_END)
		return ERROR_RANGE;
	if (request->rights == 0 || (request->rights & ~PAGE_RIGHTS) != 0) return ERROR_RIGHT;
	TRY(map_source_decode(request, &source));

	struct table_place place = table_walk(request->to, request->destination, level);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);
	if (kind == PAGE_ENTRY_TABLE || kind == PAGE_ENTRY_PINNED || (kind != PAGE_ENTRY_EMPTY && place.level != level))
		return ERROR_EXISTS;
	struct record *record = place.level == level ? table_record(place.entry) : NULL;
	if (!record) return ERROR_NO_MEMORY;

	page_entry_t large = level == TABLE_LEVEL_2M ? ENTRY_LARGE : 0;
	page_entry_t attributes = page_entry_attributes(*source);
	unsigned int rights = request->rights & page_entry_rights(*source);
	plan->parent = table_record(source);
	plan->source = source;
	plan->entry = place.entry;
	plan->value = (request->flags & MAP_HOLD)
	                      ? page_entry_hold(page_entry_frame(*source), rights, attributes, large)
	                      : page_entry_present(page_entry_frame(*source), rights, attributes, large);
	if (plan->parent->depth >= RECORD_DEPTH_MAX) return ERROR_TOO_DEEP;
	return map_change_decode(*place.entry, record, plan);
}

void map_commit(const struct map_plan *plan) {
	struct record *record = table_record(plan->entry);
	page_entry_t old = __atomic_exchange_n(plan->entry, plan->value, __ATOMIC_ACQ_REL);

	present_count(plan->value, 1);
	present_count(old, -1);
	if (old == 0)
		record_attach(plan->parent, record);
	else
		record_mark(record, entry_marks(old));
	if (old & ENTRY_PRESENT) flush_entry(plan->entry);
	table_changed(plan->entry);
}

void mapping_remove(page_entry_t *entry) {
	struct record *record = table_record(entry);
	page_entry_t old = __atomic_exchange_n(entry, 0, __ATOMIC_ACQ_REL);

	KERNEL_ASSERT(!record->child);
	present_count(old, -1);
	if (old & ENTRY_PRESENT) flush_entry(entry);
	record_mark(record, entry_marks(old));
	record_detach(record);
	*record = (struct record){0};
	table_changed(entry);
}

/* A present superpage counts in its group, what it is split into in each frame. */
static void present_split(page_entry_t large) {
	struct frame *frame = frame_find(page_entry_frame(large));

	if (!(large & ENTRY_PRESENT) || !frame) return;
	frame_group_of(page_entry_frame(large))->present_large--;
	for (unsigned int index = 0; index < TABLE_ENTRIES; index++) frame[index].present++;
}

void mapping_split(page_entry_t *entry, struct frame *table) {
	struct record *old = table_record(entry);
	struct record *parent = record_parent(old);
	page_entry_t *entries = frame_contents(table);
	const page_entry_t large = *entry;

	KERNEL_ASSERT(!old->child);
	present_split(large);
	record_detach(old);
	*old = (struct record){0};
	if (parent)
		record_attach_siblings(parent, table_record(&entries[0]), table_record(&entries[TABLE_ENTRIES - 1]));
	__atomic_store_n(entry, page_entry_table(frame_physical(table)), __ATOMIC_RELEASE);
	if (large & ENTRY_PRESENT) flush_entry(entry);
	table_changed(entry);
}

enum step mapping_clear(struct record *record, struct frame **nested) {
	struct record *child;

	while ((child = record_child(record)) != NULL) {
		if (record_is_grant(child)) {
			*nested = CONTAINER_OF(child, struct frame, grant);
			return STEP_DONE;
		}
		if (child->child)
			record_hoist(record, child);
		else
			mapping_remove(record_entry(child));
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

error_t map_range_decode(uint64_t address, uint64_t count, unsigned int shift, struct map_range *range) {
	uint64_t size = UINT64_C(1) << shift;

	if (address % size != 0 || address >= USER_ADDRESS_END ||
	    count > (USER_ADDRESS_END - address + size - 1) >> shift)
		return ERROR_RANGE;
	*range = (struct map_range){.address = address, .count = count << (shift - PAGE_SHIFT)};
	return ERROR_OK;
}

static void map_range_advance(struct map_range *range, uint64_t bytes) {
	uint64_t pages = (bytes - (range->address & (bytes - 1))) >> PAGE_SHIFT;

	pages = pages < range->count ? pages : range->count;
	range->address += pages << PAGE_SHIFT;
	range->count -= pages;
}

/* The entry at the start of @range, or NULL if there is none or it is not to be touched (then @range moves past it). */
static page_entry_t *map_range_entry(struct space *space, struct map_range *range, uint64_t *size, error_t *error) {
	struct table_place place = table_walk(space, range->address, TABLE_LEVEL_4K);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);

	*error = ERROR_OK;
	*size = UINT64_C(1) << page_table_shift(place.level);
	if (kind == PAGE_ENTRY_HOLD || kind == PAGE_ENTRY_PRESENT) {
		if (range->address % *size == 0 && range->count >= *size >> PAGE_SHIFT) return place.entry;
		*error = ERROR_STATE;
		return NULL;
	}
	map_range_advance(range, *size);
	return NULL;
}

enum step mapping_unmap(struct space *space, struct map_range *range, unsigned int flags, error_t *error) {
	uint64_t size;
	page_entry_t *entry = map_range_entry(space, range, &size, error);

	if (!entry) return step_next();
	TRY_STEP(drain_record(table_record(entry)));
	if (!(flags & UNMAP_CHILDREN)) mapping_remove(entry);
	map_range_advance(range, size);
	return step_next();
}

static void entry_narrow(page_entry_t *entry, unsigned int rights) {
	page_entry_t narrowed = page_entry_narrow(*entry, rights);

	if (narrowed == *entry) return;
	if (!(rights & PAGE_WRITE)) __atomic_fetch_and(entry, ~ENTRY_WRITE, __ATOMIC_ACQ_REL);
	if (!(rights & PAGE_EXECUTE)) __atomic_fetch_or(entry, ENTRY_NO_EXECUTE, __ATOMIC_ACQ_REL);
	if (*entry & ENTRY_PRESENT) flush_entry(entry);
	table_changed(entry);
}

enum step mapping_protect(struct space *space, struct map_range *range, unsigned int rights, error_t *error) {
	uint64_t size;
	page_entry_t *entry = map_range_entry(space, range, &size, error);

	if (!entry) return step_next();
	struct record *top = table_record(entry);
	if (!(rights & MAP_CHILDREN)) entry_narrow(entry, rights);
	for (struct record *record = record_walk(top, top); record; record = record_walk(top, record)) {
		if (!record_is_grant(record)) entry_narrow(record_entry(record), rights);
		TRY_STEP(step_next());
	}
	map_range_advance(range, size);
	return step_next();
}

enum step mapping_set_type(struct space *space, struct map_range *range, unsigned int type, error_t *error) {
	uint64_t size;
	page_entry_t *entry = map_range_entry(space, range, &size, error);

	if (!entry) {
		*error = *error == ERROR_OK ? ERROR_NOT_FOUND : *error;
		return STEP_DONE;
	}
	const struct record *record = table_record(entry);
	if (record->parent || (*entry & ENTRY_PRESENT))
		*error = ERROR_RIGHT;
	else if (record->child || entry_is_granted(*entry))
		*error = ERROR_BUSY;
	if (*error != ERROR_OK) return STEP_DONE;
	*entry = (*entry & ~page_entry_attributes(~UINT64_C(0))) | page_entry_attributes_from_type(type);
	table_changed(entry);
	map_range_advance(range, size);
	return step_next();
}

/* Takes the hardware's marks of one entry into its record. */
static void record_harvest(struct record *record) {
	if (record_is_grant(record)) return;
	page_entry_t *entry = record_entry(record);
	if (!(*entry & ENTRY_PRESENT) || !(*entry & ENTRY_MARKS)) return;
	page_entry_t old = __atomic_fetch_and(entry, ~ENTRY_MARKS, __ATOMIC_ACQ_REL);
	record_mark(record, entry_marks(old));
	flush_entry(entry);
}

/* The first record of a subtree in an order that has children before parents. */
static enum step record_descend(struct record **record) {
	while ((*record)->child) {
		*record = record_child(*record);
		KERNEL_ASSERT(*record);
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

enum step mapping_look(struct space *space, uint64_t address, unsigned int *marks) {
	struct table_place place = table_walk(space, address, TABLE_LEVEL_4K);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);

	struct record *top = table_record(place.entry);
	struct record *record = top;

	*marks = 0;
	if ((kind != PAGE_ENTRY_HOLD && kind != PAGE_ENTRY_PRESENT) || !top) return STEP_DONE;
	TRY_STEP(record_descend(&record));
	while (record != top) {
		record_harvest(record);
		record_pass_marks(record);
		if (record->next) {
			record = record_next(record);
			TRY_STEP(record_descend(&record));
		} else {
			record = record_parent(record);
		}
		TRY_STEP(step_next());
	}
	record_harvest(top);
	*marks = top->marks_own;
	top->marks_own = 0;
	record_pass_marks(top);
	return STEP_DONE;
}
