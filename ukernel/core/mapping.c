/* SPDX-License-Identifier: MIT */
/*
 * Mappings. Read mapping.h first.
 */
#include "mapping.h"

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

	if (place.kind == PAGE_ENTRY_TABLE) return ERROR_STATE;
	if (!table_is_mapping(place)) return ERROR_NOT_FOUND;
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
	if (place.kind != PAGE_ENTRY_EMPTY && (!table_is_mapping(place) || place.level != level)) return ERROR_EXISTS;
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

	/* A walk that narrows what is below has to come here again, though the tree may be the same. */
	record_changes++;
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

/* What is to be removed with all that came from it gives nothing more meanwhile: so that comes to an end. */
static void entry_revoke(page_entry_t *entry) {
	page_entry_t old = __atomic_fetch_and(entry, ~ENTRY_PRESENT, __ATOMIC_ACQ_REL);

	__atomic_fetch_or(entry, ENTRY_SOFT_HOLD | ENTRY_SOFT_PIN, __ATOMIC_ACQ_REL);
	present_count(old, -1);
	if (old & ENTRY_PRESENT) flush_entry(entry);
	table_changed(entry);
}

enum step mapping_clear(struct record *record, struct frame **nested) {
	struct record *child;

	while ((child = record_child(record)) != NULL) {
		if (record_is_grant(child)) {
			*nested = CONTAINER_OF(child, struct frame, grant);
			return STEP_DONE;
		}
		if (child->child) {
			entry_revoke(record_entry(child));
			record_hoist(record, child);
		} else {
			mapping_remove(record_entry(child));
		}
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

error_t map_range_decode(struct space *space, const uint64_t words[2], uint64_t flags, struct map_range *range) {
	const unsigned int shift = map_shift(flags);
	const uint64_t size = UINT64_C(1) << shift;

	if (words[0] % size != 0 || words[0] >= USER_ADDRESS_END ||
	    words[1] > (USER_ADDRESS_END - words[0] + size - 1) >> shift)
		return ERROR_RANGE;
	*range = (struct map_range){.space = space, .address = words[0], .count = words[1] << (shift - PAGE_SHIFT)};
	return ERROR_OK;
}

void map_range_advance(struct map_range *range) {
	uint64_t pages = range->step >> PAGE_SHIFT;

	pages = pages < range->count ? pages : range->count;
	range->address += pages << PAGE_SHIFT;
	range->count -= pages;
}

page_entry_t *map_range_entry(struct map_range *range, error_t *error) {
	struct table_place place = table_walk(range->space, range->address, TABLE_LEVEL_4K);
	uint64_t size = UINT64_C(1) << page_table_shift(place.level);

	range->step = size - range->address % size;
	if (!table_is_mapping(place) && place.kind != PAGE_ENTRY_REVOKED) return NULL;
	if (range->step == size && range->count >= size >> PAGE_SHIFT) return place.entry;
	*error = ERROR_STATE;
	return NULL;
}

enum step mapping_unmap(page_entry_t *entry, uint64_t flags, error_t *error) {
	(void)error;
	if (!(flags & MAP_CHILDREN)) entry_revoke(entry);
	TRY_STEP(drain_record(table_record(entry)));
	if (!(flags & MAP_CHILDREN)) mapping_remove(entry);
	return STEP_DONE;
}

/* A walk that was interrupted: it goes on there if no tree has changed meanwhile, else from its beginning. */
struct walk {
	const struct record *top;
	struct record *record;
	unsigned int keep;
	int is_new; /* not come back to from its children */
	uint64_t changes;
};

static struct walk walk_left;

/*
 * Visits all records below @top whose entries have a right that is not in @keep, children before their parents. So
 * none ever has rights that its parent has lost, and what is below one that was narrowed already is not walked again.
 */
static enum step mapping_walk(struct record *top, unsigned int keep, void (*visit)(struct record *, unsigned int)) {
	struct walk walk = walk_left;

	if (walk.top != top || walk.keep != keep || walk.changes != record_changes)
		walk = (struct walk){top, top, keep, 1, record_changes};
	walk_left.top = NULL;
	do {
		struct record *record = walk.record;
		const int is_wanted =
			!record_is_grant(record) && (page_entry_rights(*record_entry(record)) & ~keep) != 0;
		if (walk.is_new && is_wanted && record->child) {
			walk.record = record_child(record);
		} else {
			if (record == top) return STEP_DONE;
			if (is_wanted) visit(record, keep);
			walk.is_new = record->next != 0;
			walk.record = walk.is_new ? record_next(record) : record_parent(record);
		}
		KERNEL_ASSERT(walk.record);
	} while (step_next() == STEP_DONE);
	walk_left = walk;
	return STEP_AGAIN;
}

static void entry_narrow(page_entry_t *entry, unsigned int rights) {
	page_entry_t narrowed = page_entry_narrow(*entry, rights);

	if (narrowed == *entry) return;
	if (!(rights & PAGE_WRITE)) __atomic_fetch_and(entry, ~ENTRY_WRITE, __ATOMIC_ACQ_REL);
	if (!(rights & PAGE_EXECUTE)) __atomic_fetch_or(entry, ENTRY_NO_EXECUTE, __ATOMIC_ACQ_REL);
	if (*entry & ENTRY_PRESENT) flush_entry(entry);
	table_changed(entry);
}

static void record_narrow(struct record *record, unsigned int rights) { entry_narrow(record_entry(record), rights); }

enum step mapping_protect(page_entry_t *entry, uint64_t flags, error_t *error) {
	const unsigned int rights = (flags & PAGE_RIGHTS) | PAGE_READ;

	if (entry_is_granted(*entry)) {
		*error = ERROR_BUSY;
		return STEP_DONE;
	}
	TRY_STEP(mapping_walk(table_record(entry), rights, record_narrow));
	if (!(flags & MAP_CHILDREN)) entry_narrow(entry, rights);
	return STEP_DONE;
}

enum step mapping_set_type(page_entry_t *entry, uint64_t flags, error_t *error) {
	const struct record *record = table_record(entry);
	const page_entry_t attributes = page_entry_attributes_from_type((unsigned int)flags);

	if (record->parent || (*entry & ENTRY_PRESENT))
		*error = ERROR_RIGHT;
	else if (record->child || entry_is_granted(*entry))
		*error = ERROR_BUSY;
	if (*error != ERROR_OK) return STEP_DONE;
	*entry = (*entry & ~page_entry_attributes(~UINT64_C(0))) | attributes;
	table_changed(entry);
	return STEP_DONE;
}

/* Takes the hardware's marks of one entry into its record, and passes all that its parent has not seen on to it. */
static void record_collect(struct record *record, unsigned int keep) {
	page_entry_t *entry = record_entry(record);

	(void)keep;
	if ((*entry & ENTRY_PRESENT) && (*entry & ENTRY_MARKS)) {
		record_mark(record, entry_marks(__atomic_fetch_and(entry, ~ENTRY_MARKS, __ATOMIC_ACQ_REL)));
		flush_entry(entry);
	}
	record_pass_marks(record);
}

enum step mapping_look(struct space *space, uint64_t address, unsigned int *marks) {
	struct table_place place = table_walk(space, address, TABLE_LEVEL_4K);

	*marks = 0;
	if (!table_is_mapping(place)) return STEP_DONE;
	struct record *top = table_record(place.entry);
	TRY_STEP(mapping_walk(top, 0, record_collect));
	record_collect(top, 0);
	*marks = top->marks_own;
	top->marks_own = 0;
	return STEP_DONE;
}
