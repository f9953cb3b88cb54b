/* SPDX-License-Identifier: MIT */
/*
 * The model. Read model.h first.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <nacre/abi/label.h>

#include "model.h"

#define ENTRIES_MOST 200000u
#define SLOTS_MOST   4096u
#define TABLES_MOST  20000u

enum frame_use_model {
	USE_NONE,
	USE_GRANTED,
	USE_BOOKKEEPING,
	USE_ABSENT, /* not held */
	USE_LARGE,  /* inside a superpage that was not split */
};

struct frame_model {
	enum frame_use_model use;
	slot_t owner;                               /* granted: the space it serves */
	uint64_t utcb;                              /* granted: the thread, or the key of the table, that it serves */
	enum { PART, SPACE, THREAD, TABLE } object; /* granted: what goes when it is revoked */
};

static unsigned char *memory;
static uint64_t memory_bytes;
static struct frame_model *frames;

static struct model_entry entries[ENTRIES_MOST];
static unsigned int entry_count;

static struct table_model {
	slot_t space;
	uint64_t key;
} tables[TABLES_MOST];
static unsigned int table_count;

static struct slot_model {
	int taken;
	uint64_t foreign_badge;
	uint64_t foreign_pages;
	int is_foreign;
} slots[SLOTS_MOST];

static unsigned int fail_in;
static int failed;
static unsigned int parent_frames;
static struct pager the_pager;

static error_t may_fail(void) {
	if (fail_in == 0 || --fail_in > 0) return ERROR_OK;
	failed = 1;
	return ERROR_NO_MEMORY;
}

void model_fail(unsigned int nth) {
	fail_in = nth;
	failed = 0;
}

int model_has_failed(void) { return failed; }

static struct frame_model *frame_of(uint64_t address) {
	uint64_t offset = address - (uint64_t)(uintptr_t)memory;

	ck_assert_msg(offset < memory_bytes, "no such hold");
	return &frames[offset / PAGE_BYTES];
}

static unsigned int times_mapped(uint64_t hold) {
	unsigned int count = 0;

	for (unsigned int index = 0; index < entry_count; index++) count += entries[index].hold == hold;
	return count;
}

static void grant_all(slot_t owner, uint64_t utcb, const struct frame_set *set) {
	for (unsigned int index = 0; index < set->count; index++) {
		struct frame_model *frame = frame_of(set->frames[index].address);

		ck_assert_msg(frame->use == USE_NONE, "granted a frame that is in use %d", frame->use);
		ck_assert_uint_eq(times_mapped(set->frames[index].address), 0);
		frame->use = USE_GRANTED;
		frame->owner = owner;
		frame->utcb = utcb;
		frame->object = PART;
		memset((void *)(uintptr_t)set->frames[index].address, 0, PAGE_BYTES);
	}
}

static void grants_return(slot_t owner, uint64_t utcb) {
	for (uint64_t index = 0; index < memory_bytes / PAGE_BYTES; index++) {
		struct frame_model *frame = &frames[index];

		if (frame->use == USE_GRANTED && frame->owner == owner && (utcb == 0 || frame->utcb == utcb)) {
			frame->use = USE_NONE;
			memset(memory + index * PAGE_BYTES, 0, PAGE_BYTES);
		}
	}
}

static void entry_drop(unsigned int index) { entries[index] = entries[--entry_count]; }

static uint64_t table_key(uint64_t address, unsigned int level) {
	return ((uint64_t)level << 56) | (address >> (PAGE_SHIFT + 9 * level));
}

static int table_exists(slot_t space, uint64_t key) {
	for (unsigned int index = 0; index < table_count; index++) {
		if (tables[index].space == space && tables[index].key == key) return 1;
	}
	return 0;
}

const struct model_entry *model_entry_find(slot_t space, uint64_t address) {
	for (unsigned int index = 0; index < entry_count; index++) {
		if (entries[index].space == space && entries[index].address == address) return &entries[index];
	}
	return NULL;
}

/* --- kernel.h */

error_t kernel_frames_zero(struct hold first, unsigned int count) {
	error_t error = may_fail();

	ck_assert_uint_le(count, GROUP_PAGES);
	for (unsigned int index = 0; index < count && error == ERROR_OK; index++) {
		ck_assert_int_eq(frame_of(hold_at(first, index).address)->use, USE_NONE);
		ck_assert_uint_eq(times_mapped(hold_at(first, index).address), 0);
		memset((void *)(uintptr_t)hold_at(first, index).address, 0, PAGE_BYTES);
	}
	return error;
}

error_t kernel_frame_copy(struct hold from, struct hold to, uint64_t bytes) {
	error_t error = may_fail();

	if (error != ERROR_OK) return error;
	ck_assert_int_eq(frame_of(to.address)->use, USE_NONE);
	ck_assert_uint_eq(times_mapped(to.address), 0);
	memset((void *)(uintptr_t)to.address, 0, PAGE_BYTES);
	memcpy((void *)(uintptr_t)to.address, (void *)(uintptr_t)from.address, bytes);
	return ERROR_OK;
}

/* Bookkeeping pages are mapped in a piece of memory of their own; the frame itself is not looked at meanwhile. */
#define RECORDS_PAGES 16384u
static unsigned char *records;
static uint64_t record_frames[RECORDS_PAGES];

static int is_record(uint64_t address) { return address - (uint64_t)(uintptr_t)records < RECORDS_PAGES * PAGE_BYTES; }

static uint64_t *record_frame(uint64_t address) {
	return &record_frames[(address - (uint64_t)(uintptr_t)records) / PAGE_BYTES];
}

error_t kernel_own_map(struct hold frame, uint64_t address) {
	error_t error = may_fail();

	if (error != ERROR_OK) return error;
	ck_assert(is_record(address) && *record_frame(address) == 0);
	ck_assert(table_exists(MODEL_OWN_SPACE, table_key(address, TABLE_LEVEL_4K)));
	ck_assert_int_eq(frame_of(frame.address)->use, USE_NONE);
	frame_of(frame.address)->use = USE_BOOKKEEPING;
	*record_frame(address) = frame.address;
	memset((void *)(uintptr_t)address, 0xa5, PAGE_BYTES);
	memset((void *)(uintptr_t)frame.address, 0xa5, PAGE_BYTES);
	return ERROR_OK;
}

static void entries_drop(uint64_t hold) {
	for (unsigned int index = 0; index < entry_count;) {
		if (entries[index].hold == hold)
			entry_drop(index);
		else
			index++;
	}
}

void kernel_own_unmap(uint64_t address, uint64_t count) {
	for (; count > 0; count--, address += PAGE_BYTES) {
		if (is_record(address)) {
			ck_assert_uint_ne(*record_frame(address), 0);
			frame_of(*record_frame(address))->use = USE_NONE;
			*record_frame(address) = 0;
			memset((void *)(uintptr_t)address, 0xdd, PAGE_BYTES);
			continue;
		}
		entries_drop(address);
		frame_of(address)->use = USE_ABSENT;
	}
}

static void space_destroy(slot_t space) {
	grants_return(space, 0);
	for (unsigned int index = 0; index < entry_count;) {
		if (entries[index].space == space)
			entry_drop(index);
		else
			index++;
	}
	for (unsigned int index = 0; index < table_count;) {
		if (tables[index].space == space)
			tables[index] = tables[--table_count];
		else
			index++;
	}
}

static void table_destroy(slot_t space, uint64_t key) {
	grants_return(space, key);
	for (unsigned int index = 0; index < table_count; index++) {
		if (tables[index].space == space && tables[index].key == key) tables[index] = tables[--table_count];
	}
	for (unsigned int index = 0; index < entry_count;) {
		if (entries[index].space == space && table_key(entries[index].address, TABLE_LEVEL_4K) == key)
			entry_drop(index);
		else
			index++;
	}
}

static void grant_revoke(struct frame_model *frame) {
	if (frame->object == TABLE)
		table_destroy(frame->owner, frame->utcb);
	else if (frame->object == SPACE)
		space_destroy(frame->owner);
	else if (frame->object == THREAD)
		grants_return(frame->owner, frame->utcb);
	else
		frame->use = USE_NONE;
}

void kernel_holds_revoke(struct hold first, uint64_t count) {
	for (uint64_t page = 0; page < count; page++) {
		uint64_t hold = hold_at(first, page).address;

		ck_assert_int_ne(frame_of(hold)->use, USE_BOOKKEEPING);
		if (frame_of(hold)->use == USE_GRANTED) grant_revoke(frame_of(hold));
		entries_drop(hold);
	}
}

error_t kernel_hold_split(struct hold large, const struct frame_set *set) {
	error_t error = may_fail();

	if (error != ERROR_OK) return error;
	ck_assert_uint_eq(set->count, 5);
	ck_assert_int_eq(frame_of(large.address)->use, USE_LARGE);
	grant_all(MODEL_OWN_SPACE, 0, set);
	for (unsigned int page = 0; page < LARGE_PAGE_PAGES; page++)
		frame_of(hold_at(large, page).address)->use = USE_NONE;
	return ERROR_OK;
}

static error_t slot_take(slot_t *slot) {
	for (slot_t at = MODEL_OWN_SPACE + 1; at < SLOTS_MOST; at++) {
		if (!slots[at].taken) {
			slots[at] = (struct slot_model){.taken = 1};
			*slot = at;
			return ERROR_OK;
		}
	}
	return ERROR_NO_MEMORY;
}

error_t kernel_space_create(const struct frame_set *set, unsigned int ceiling, slot_t *space) {
	error_t error = may_fail();

	ck_assert_uint_eq(ceiling, MODEL_CEILING);
	if (error != ERROR_OK) return error;
	ck_assert_uint_eq(set->count, 2);
	TRY(slot_take(space));
	grant_all(*space, 0, set);
	frame_of(set->frames[0].address)->object = SPACE;
	return ERROR_OK;
}

error_t kernel_table_add(slot_t space, uint64_t address, unsigned int level, const struct frame_set *set) {
	error_t error = may_fail();

	if (error != ERROR_OK) return error;
	ck_assert(level >= TABLE_LEVEL_4K && level < TABLE_LEVEL_TOP);
	if (table_exists(space, table_key(address, level))) return ERROR_EXISTS;
	if (level + 1 < TABLE_LEVEL_TOP && !table_exists(space, table_key(address, level + 1))) return ERROR_NO_MEMORY;
	ck_assert_uint_eq(set->count, level == TABLE_LEVEL_4K ? 5 : 1);
	grant_all(space, table_key(address, level), set);
	frame_of(set->frames[0].address)->object = TABLE;
	ck_assert_uint_lt(table_count, TABLES_MOST);
	tables[table_count++] = (struct table_model){space, table_key(address, level)};
	return ERROR_OK;
}

error_t kernel_slots_add(slot_t space, unsigned int page, const struct frame_set *frame) {
	error_t error = may_fail();

	(void)page;
	if (error == ERROR_OK) grant_all(space, 0, frame);
	return error;
}

error_t kernel_pages_map(slot_t space, struct hold first, uint64_t address, uint64_t count, unsigned int rights) {
	for (uint64_t page = 0; page < count; page++) {
		uint64_t hold = hold_at(first, page).address;
		uint64_t at = address + page * PAGE_BYTES;
		struct model_entry *old = (struct model_entry *)model_entry_find(space, at);

		if (!table_exists(space, table_key(at, TABLE_LEVEL_4K))) return ERROR_NO_MEMORY;
		ck_assert_int_eq(frame_of(hold)->use, USE_NONE);
		if (old && old->hold != hold) return ERROR_EXISTS;
		if (!old) {
			ck_assert_uint_lt(entry_count, ENTRIES_MOST);
			old = &entries[entry_count++];
		}
		*old = (struct model_entry){space, at, hold, rights};
	}
	return ERROR_OK;
}

void kernel_pages_unmap(slot_t space, uint64_t address, uint64_t count) {
	for (unsigned int index = 0; index < entry_count;) {
		uint64_t offset = entries[index].address - address;

		if (entries[index].space == space && offset < count * PAGE_BYTES)
			entry_drop(index);
		else
			index++;
	}
}

void kernel_pages_protect(slot_t space, uint64_t address, uint64_t count, unsigned int rights) {
	for (unsigned int index = 0; index < entry_count; index++) {
		uint64_t offset = entries[index].address - address;

		if (entries[index].space == space && offset < count * PAGE_BYTES) entries[index].rights &= rights;
	}
}

error_t kernel_thread_create(slot_t space, uint64_t utcb, const struct frame_set *set, uint64_t serial,
                             struct thread_handles *handles) {
	error_t error = may_fail();

	(void)serial;
	if (error != ERROR_OK) return error;
	ck_assert_uint_eq(set->count, utcb ? 2 : 1);
	ck_assert(!utcb || table_exists(space, table_key(utcb, TABLE_LEVEL_4K)));
	TRY(slot_take(&handles->control));
	TRY(slot_take(&handles->thread));
	grant_all(space, utcb, set);
	if (utcb) frame_of(set->frames[0].address)->object = THREAD;
	return ERROR_OK;
}

error_t kernel_queue_capability(slot_t *capability) {
	error_t error = may_fail();

	return error == ERROR_OK ? slot_take(capability) : error;
}

void kernel_capability_delete(slot_t capability) {
	ck_assert(slots[capability].taken);
	slots[capability].taken = 0;
}

unsigned int model_slots_used(void) {
	unsigned int used = 0;

	for (slot_t at = 0; at < SLOTS_MOST; at++) used += (unsigned int)slots[at].taken;
	return used;
}

/* --- parent.h */

error_t parent_take(struct hold first, unsigned int count, unsigned int *came) {
	error_t error = may_fail();

	if (error != ERROR_OK) return error;
	if (parent_frames == 0) return ERROR_LIMIT;
	*came = count < parent_frames ? count : parent_frames;
	parent_frames -= *came;
	for (unsigned int index = 0; index < *came; index++) {
		uint64_t hold = hold_at(first, index).address;

		ck_assert(table_exists(MODEL_OWN_SPACE, table_key(hold, TABLE_LEVEL_4K)));
		ck_assert_int_eq(frame_of(hold)->use, USE_ABSENT);
		frame_of(hold)->use = USE_NONE;
		memset((void *)(uintptr_t)hold, 0x5a, PAGE_BYTES);
	}
	return ERROR_OK;
}

void parent_give_back(struct hold first, unsigned int count) {
	parent_frames += count;
	for (unsigned int index = 0; index < count; index++) {
		uint64_t hold = hold_at(first, index).address;

		ck_assert_int_eq(frame_of(hold)->use, USE_NONE);
		ck_assert_uint_eq(times_mapped(hold), 0);
		frame_of(hold)->use = USE_ABSENT;
	}
}

unsigned int model_frames_at_parent(void) { return parent_frames; }

slot_t model_foreign_capability(uint64_t badge, uint64_t pages) {
	slot_t slot;

	ck_assert_int_eq(slot_take(&slot), ERROR_OK);
	slots[slot].is_foreign = 1;
	slots[slot].foreign_badge = badge;
	slots[slot].foreign_pages = pages;
	return slot;
}

void model_foreign_refuse(slot_t slot) { slots[slot].is_foreign = 0; }

error_t parent_region_identify(slot_t capability, struct parent_region *region) {
	if (!slots[capability].is_foreign) return ERROR_CAPABILITY;
	region->badge = slots[capability].foreign_badge;
	return ERROR_OK;
}

error_t parent_region_size(slot_t capability, uint64_t *bytes, unsigned int *rights) {
	*bytes = slots[capability].foreign_pages * PAGE_BYTES;
	*rights = PAGE_READ | PAGE_EXECUTE;
	return may_fail();
}

error_t parent_region_pages(slot_t capability, uint64_t offset, unsigned int count, unsigned int rights,
                            struct hold first, unsigned int *came) {
	error_t error = may_fail();

	(void)rights;
	if (error != ERROR_OK) return error;
	*came = count;
	for (unsigned int index = 0; index < count; index++) {
		uint64_t hold = hold_at(first, index).address;
		uint64_t *words = (uint64_t *)(uintptr_t)hold;

		ck_assert(offset / PAGE_BYTES + index < slots[capability].foreign_pages);
		ck_assert(table_exists(MODEL_OWN_SPACE, table_key(hold, TABLE_LEVEL_4K)));
		ck_assert_int_eq(frame_of(hold)->use, USE_ABSENT);
		frame_of(hold)->use = USE_NONE;
		for (unsigned int word = 0; word < 512; word++)
			words[word] = slots[capability].foreign_badge * 1000 + offset / PAGE_BYTES + index;
	}
	return ERROR_OK;
}

error_t parent_status(uint64_t level, struct pager_status *status) {
	(void)status;
	return level == 0 ? ERROR_OK : ERROR_NOT_FOUND;
}

/* --- The tests' side */

#define FIRST_FRAMES  PAGER_FIRST_FRAMES
#define FOREIGN_BYTES (UINT64_C(64) << 20)

static unsigned char *host_memory(uint64_t bytes) {
	unsigned char *piece = mmap(NULL, bytes + LARGE_PAGE_BYTES, PROT_READ | PROT_WRITE,
	                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ck_assert_ptr_ne(piece, MAP_FAILED);
	return piece + (LARGE_PAGE_BYTES - (uintptr_t)piece % LARGE_PAGE_BYTES) % LARGE_PAGE_BYTES;
}

/* Each test runs in a process of its own, which takes all this with it. */
static uint64_t memory_make(uint64_t bytes) {
	memory = host_memory(bytes);
	memory_bytes = bytes;
	records = host_memory(RECORDS_PAGES * PAGE_BYTES);
	frames = calloc(bytes / PAGE_BYTES, sizeof(*frames));
	return (uint64_t)(uintptr_t)memory;
}

static void use_set(uint64_t start, uint64_t bytes, enum frame_use_model use) {
	for (uint64_t at = start; at < start + bytes; at += PAGE_BYTES) frame_of(at)->use = use;
}

struct pager *model_start(uint64_t bytes, enum hold_size size) {
	uint64_t start = memory_make(bytes);
	uint64_t rest = start + FIRST_FRAMES * PAGE_BYTES;
	struct pager_setup setup = {
		.source = &source_runs,
		.own_space = MODEL_OWN_SPACE,
		.ceiling = MODEL_CEILING,
		.first = {start},
		.first_count = FIRST_FRAMES,
		.bookkeeping_base = (uint64_t)(uintptr_t)records,
		.bookkeeping_size = RECORDS_PAGES * PAGE_BYTES,
	};

	/* The first frames are never part of a superpage: the kernel's image cuts that up. */
	if (size == HOLD_LARGE && bytes > LARGE_PAGE_BYTES)
		use_set(start + LARGE_PAGE_BYTES, (bytes - LARGE_PAGE_BYTES) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES,
		        USE_LARGE);
	ck_assert_int_eq(pager_open(&the_pager, &setup), ERROR_OK);
	ck_assert_int_eq(source_runs_add(&the_pager, (struct hold){rest}, (bytes >> PAGE_SHIFT) - FIRST_FRAMES, size),
	                 ERROR_OK);
	return &the_pager;
}

struct pager *model_start_with_parent(unsigned int count) {
	uint64_t window = (uint64_t)count * PAGE_BYTES + 2 * LARGE_PAGE_BYTES;
	uint64_t start;
	struct pager_setup setup = {
		.source = &source_parent,
		.own_space = MODEL_OWN_SPACE,
		.ceiling = MODEL_CEILING,
		.first_count = FIRST_FRAMES,
		.bookkeeping_size = RECORDS_PAGES * PAGE_BYTES,
		.foreign_size = FOREIGN_BYTES,
	};

	window &= ~(LARGE_PAGE_BYTES - 1);
	start = memory_make(LARGE_PAGE_BYTES + FOREIGN_BYTES + window);
	use_set(start + LARGE_PAGE_BYTES, FOREIGN_BYTES + window, USE_ABSENT);
	setup.first.address = start;
	setup.bookkeeping_base = (uint64_t)(uintptr_t)records;
	setup.foreign_base = start + LARGE_PAGE_BYTES;
	parent_frames = count;
	ck_assert_int_eq(pager_open(&the_pager, &setup), ERROR_OK);
	ck_assert_int_eq(source_parent_open(&the_pager, setup.first, start + LARGE_PAGE_BYTES + FOREIGN_BYTES, window),
	                 ERROR_OK);
	return &the_pager;
}

/* The kernel's rule for items: where something else is, nothing is mapped. */
static void answer_apply(struct instance *instance, const struct fault_answer *answer) {
	for (unsigned int page = 0; page < answer->count; page++) {
		uint64_t at = answer->address + page * PAGE_BYTES;
		const struct model_entry *old = model_entry_find(instance->space, at);

		if (!table_exists(instance->space, table_key(at, TABLE_LEVEL_4K)) ||
		    (old && old->hold != hold_at(answer->first, page).address))
			return;
	}
	ck_assert_int_eq(
		kernel_pages_map(instance->space, answer->first, answer->address, answer->count, answer->rights),
		ERROR_OK);
}

error_t model_touch(struct instance *instance, uint64_t address, unsigned int rights) {
	for (unsigned int tries = 0; tries < 3; tries++) {
		const struct model_entry *entry = model_entry_find(instance->space, address & ~(PAGE_BYTES - 1));
		struct fault_answer answer;

		if (entry && (rights & ~entry->rights) == 0) return ERROR_OK;
		TRY(fault_answer(instance, address, rights, &answer));
		answer_apply(instance, &answer);
	}
	ck_abort_msg("the fault comes again and again");
	return ERROR_STATE;
}

uint64_t *model_word(struct instance *instance, uint64_t address) {
	const struct model_entry *entry = model_entry_find(instance->space, address & ~(PAGE_BYTES - 1));

	ck_assert_ptr_nonnull(entry);
	return (uint64_t *)(uintptr_t)(entry->hold + (address & (PAGE_BYTES - 1)));
}

static int chunk_is_zero(const struct chunk *chunk, unsigned int page) {
	const uint64_t *words =
		(const uint64_t *)(uintptr_t)((chunk->number << LARGE_PAGE_SHIFT) + ((uint64_t)page << PAGE_SHIFT));

	for (unsigned int word = 0; word < 512; word++) {
		if (words[word]) return 0;
	}
	return 1;
}

static uint64_t chunk_check(const struct chunk *chunk) {
	uint64_t count = 0;

	for (unsigned int page = 0; page < LARGE_PAGE_PAGES; page++) {
		uint64_t bit = UINT64_C(1) << (page % 64);
		uint64_t hold = (chunk->number << LARGE_PAGE_SHIFT) + ((uint64_t)page << PAGE_SHIFT);

		if (!(chunk->free[page / 64] & bit)) {
			ck_assert(!(chunk->zeroed[page / 64] & bit));
			continue;
		}
		count++;
		ck_assert_int_eq(frame_of(hold)->use, USE_NONE);
		if (chunk->zeroed[page / 64] & bit) ck_assert(chunk_is_zero(chunk, page));
	}
	ck_assert_uint_eq(count, chunk->free_count);
	return count;
}

void model_check(struct pager *pager) {
	uint64_t count = 0;

	for (struct list_node *node = pager->pool.open.next; node != &pager->pool.open; node = node->next) {
		const struct chunk *chunk = CONTAINER_OF(node, struct chunk, list);

		ck_assert_uint_gt(chunk->free_count, 0);
		count += chunk_check(chunk);
	}
	ck_assert_uint_eq(count, pager->pool.free_count);
	for (unsigned int index = 0; index < entry_count; index++)
		ck_assert_int_eq(frame_of(entries[index].hold)->use, USE_NONE);
}
