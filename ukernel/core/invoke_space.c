/* SPDX-License-Identifier: MIT */
/* Control of a space: objects, tables and mappings. What each method takes and answers is label.def. */
#include "cpu.h"
#include "derivation.h"
#include "drain.h"
#include "invoke.h"
#include "panic.h"
#include "space.h"
#include "table.h"

/* Fills the answer's slot @index with a capability to an object whose root slot is @root. */
static void answer_capability(struct invocation *invocation, unsigned int index, struct slot *root, uint64_t object,
                              uint64_t badge) {
	const struct slot contents = {.object = object, .badge = badge};

	slot_derive(root, invocation->slot_out[index], &contents);
}

static error_t space_create_space(struct invocation *invocation) {
	struct frame_offer offers[2];

	TRY(invocation_frames(invocation, 2, offers));
	TRY(frame_offer_check_slots(&offers[0]));
	TRY(invocation_reserve_slots(invocation, 1));

	struct space *space = frame_contents(offers[0].frame);
	uint64_t badge = invocation->slot->badge;
	frame_grant(&offers[0], FRAME_SPACE, space);
	frame_grant(&offers[1], FRAME_TABLE, space);
	space_create(space, frame_contents(offers[1].frame), badge);
	answer_capability(invocation, 0, &space->root, slot_object_word(space, KIND_SPACE_CONTROL, 0), badge);
	invocation_answer(invocation, 0, space->serial);
	return ERROR_OK;
}

static error_t utcb_place_decode(struct space *space, uint64_t address, struct table_place *place) {
	if (address % PAGE_SIZE != 0 || address >= USER_ADDRESS_END) return ERROR_RANGE;
	*place = table_walk(space, address, TABLE_LEVEL_4K);
	if (place->level != TABLE_LEVEL_4K) return *place->entry ? ERROR_EXISTS : ERROR_NO_MEMORY;
	return *place->entry ? ERROR_EXISTS : ERROR_OK;
}

static error_t space_create_thread(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);
	struct user_address utcb_address = {invocation_word(invocation, 0)};
	unsigned int frames = utcb_address.value ? 2 : 1;
	struct frame_offer offers[2];
	struct table_place place;

	TRY(invocation_frames(invocation, frames, offers));
	TRY(frame_offer_check_slots(&offers[0]));
	if (utcb_address.value) TRY(utcb_place_decode(space, utcb_address.value, &place));
	TRY(invocation_reserve_slots(invocation, 2));

	struct thread *thread = frame_contents(offers[0].frame);
	struct utcb *utcb = NULL;
	uint64_t badge = invocation->slot->badge;
	frame_grant(&offers[0], FRAME_THREAD, thread);
	if (utcb_address.value) {
		frame_grant(&offers[1], FRAME_UTCB, thread);
		utcb = frame_contents(offers[1].frame);
		table_link_utcb(place, offers[1].frame);
	}
	thread_create(thread, space, utcb, utcb_address, badge);
	answer_capability(invocation, 0, &thread->root, slot_object_word(thread, KIND_THREAD_CONTROL, 0), badge);
	answer_capability(invocation, 1, &thread->root, slot_object_word(thread, KIND_THREAD, RIGHTS_ALL), 0);
	invocation_answer(invocation, 0, thread->serial);
	return ERROR_OK;
}

/* Takes the table frame and, if there are five, the four of its records. */
static void table_frames_grant(const struct frame_offer *offers, unsigned int count, struct space *space,
                               struct table_frames *frames) {
	*frames = (struct table_frames){.table = offers[0].frame};
	frame_grant(&offers[0], FRAME_TABLE, space);
	for (unsigned int index = 1; index < count; index++) {
		frame_grant(&offers[index], FRAME_RECORDS, NULL);
		frames->records[index - 1] = offers[index].frame;
	}
}

static error_t space_add_table(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);
	uint64_t level = invocation_word(invocation, 1);
	unsigned int count = invocation_frame_count(invocation);
	struct frame_offer offers[1 + TABLE_RECORD_FRAMES];
	struct table_frames frames;
	struct table_place place;

	if (level < TABLE_LEVEL_4K || level > TABLE_LEVEL_1G) return ERROR_RANGE;
	if (!(count == 1 + TABLE_RECORD_FRAMES && level <= TABLE_LEVEL_2M) && !(count == 1 && level >= TABLE_LEVEL_2M))
		return ERROR_ARGUMENT;
	TRY(table_place_decode(space, invocation_word(invocation, 0), (unsigned int)level, &place));
	TRY(invocation_frames(invocation, count, offers));
	table_frames_grant(offers, count, space, &frames);
	table_install(space, place, &frames);
	return ERROR_OK;
}

static error_t space_add_slot_page(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);
	uint64_t index = invocation_word(invocation, 0);
	struct frame_offer offer;

	TRY(invocation_frames(invocation, 1, &offer));
	TRY(frame_offer_check_slots(&offer));
	if (index >= SLOT_PAGES) return ERROR_RANGE;
	if (space->slot_pages[index] != &slot_page_empty) return ERROR_EXISTS;
	frame_grant(&offer, FRAME_SLOTS, space);
	return space_add_slots(space, index, frame_contents(offer.frame));
}

static error_t space_map(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 3);
	const uint64_t size = (flags & MAP_LARGE) ? LARGE_PAGE_SIZE : PAGE_SIZE;
	uint64_t count = invocation_word(invocation, 2);
	error_t error = ERROR_OK;
	struct map_request request = {
		.from = invocation_space(invocation),
		.source = invocation_word(invocation, 0),
		.destination = invocation_word(invocation, 1),
		.rights = (unsigned int)flags & PAGE_RIGHTS,
		.flags = (unsigned int)flags & (MAP_HOLD | MAP_LARGE),
	};

	if ((flags & ~(uint64_t)(PAGE_RIGHTS | MAP_HOLD | MAP_LARGE)) != 0) return ERROR_ARGUMENT;
	TRY(invocation_other_space(invocation, &request.to));
	while (count > 0 && error == ERROR_OK && !invocation->again) {
		struct map_plan plan;
		error = map_decode(&request, &plan);
		if (error != ERROR_OK) break;
		map_commit(&plan);
		request.source += size;
		request.destination += size;
		count--;
		invocation->again = count > 0 && step_next() == STEP_AGAIN;
	}
	const uint64_t progress[] = {request.source, request.destination, count};
	for (unsigned int index = 0; index < 3; index++) {
		invocation_answer(invocation, index, progress[index]);
		if (invocation->again) invocation_keep_word(invocation, index, progress[index]);
	}
	return error;
}

/* Keeps or answers how far a walk over pages has come; the caller may have destroyed itself. */
static void range_progress(struct invocation *invocation, const struct map_range *range, unsigned int shift) {
	invocation_answer(invocation, 0, range->address);
	invocation_answer(invocation, 1, range->count >> (shift - PAGE_SHIFT));
	if (!invocation->again || arch_cpu()->current != invocation->caller) return;
	invocation_keep_word(invocation, 0, range->address);
	invocation_keep_word(invocation, 1, range->count >> (shift - PAGE_SHIFT));
}

typedef enum step range_operation(struct space *space, struct map_range *range, unsigned int argument, error_t *error);

static error_t space_walk_range(struct invocation *invocation, range_operation *operation, unsigned int shift,
                                unsigned int argument) {
	struct space *space = invocation_space(invocation);
	const struct thread *caller = invocation->caller;
	struct map_range range;
	error_t error = ERROR_OK;

	TRY(map_range_decode(invocation_word(invocation, 0), invocation_word(invocation, 1), shift, &range));
	while (range.count > 0 && error == ERROR_OK && !invocation->again && arch_cpu()->current == caller)
		TRY(invocation_step(invocation, operation(space, &range, argument, &error)));
	invocation->again = invocation->again && range.count > 0 && error == ERROR_OK;
	range_progress(invocation, &range, shift);
	return error;
}

static error_t space_unmap(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 2);

	if ((flags & ~(uint64_t)(UNMAP_CHILDREN | UNMAP_LARGE)) != 0) return ERROR_ARGUMENT;
	return space_walk_range(invocation, mapping_unmap, (flags & UNMAP_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT,
	                        (unsigned int)flags);
}

static error_t space_protect(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 2);

	if ((flags & ~(uint64_t)(PAGE_RIGHTS | MAP_LARGE | MAP_CHILDREN)) != 0) return ERROR_ARGUMENT;
	return space_walk_range(invocation, mapping_protect, (flags & MAP_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT,
	                        (unsigned int)flags);
}

/* A split that was interrupted finds its frames granted already. */
static struct frame *split_in_progress(struct invocation *invocation, struct table_place place) {
	struct table_place source = table_walk(invocation->caller->space, invocation->item[0].source, TABLE_LEVEL_4K);

	if (source.level != TABLE_LEVEL_4K || page_entry_kind(*source.entry, source.level) != PAGE_ENTRY_HOLD)
		return NULL;
	struct frame *frame = frame_find(page_entry_frame(*source.entry));
	return frame && table_is_splitting(invocation_space(invocation), frame, place) ? frame : NULL;
}

static error_t space_split(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);
	const uint64_t address = invocation_word(invocation, 0);
	struct frame_offer offers[1 + TABLE_RECORD_FRAMES];
	struct table_frames frames;

	if (address >= USER_ADDRESS_END || address % LARGE_PAGE_SIZE != 0 ||
	    invocation->item[0].source >= USER_ADDRESS_END)
		return ERROR_RANGE;
	struct table_place place = table_walk(space, address, TABLE_LEVEL_2M);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);
	if (place.level != TABLE_LEVEL_2M || (kind != PAGE_ENTRY_HOLD && kind != PAGE_ENTRY_PRESENT))
		return ERROR_NOT_FOUND;
	if (table_record(place.entry)->child) return ERROR_BUSY;

	struct frame *table = split_in_progress(invocation, place);
	if (!table) {
		TRY(invocation_frames(invocation, 1 + TABLE_RECORD_FRAMES, offers));
		table_frames_grant(offers, 1 + TABLE_RECORD_FRAMES, space, &frames);
		table_split_begin(space, place, &frames);
		table = frames.table;
	}
	return invocation_step(invocation, table_split(place, table));
}

static error_t space_look(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 2);
	const unsigned int shift = (flags & MAP_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT;
	uint64_t index = invocation_word(invocation, 3);
	uint64_t accessed = invocation_word(invocation, 4);
	uint64_t dirty = invocation_word(invocation, 5);
	struct map_range range;

	if ((flags & ~(uint64_t)MAP_LARGE) != 0 || invocation_word(invocation, 1) > 64) return ERROR_ARGUMENT;
	TRY(map_range_decode(invocation_word(invocation, 0), invocation_word(invocation, 1), shift, &range));
	for (; index < invocation_word(invocation, 1); index++) {
		unsigned int marks;
		enum step step = mapping_look(invocation_space(invocation), range.address + (index << shift), &marks);
		if (step == STEP_AGAIN) {
			invocation_keep_word(invocation, 3, index);
			invocation_keep_word(invocation, 4, accessed);
			invocation_keep_word(invocation, 5, dirty);
			return invocation_step(invocation, step);
		}
		accessed |= (uint64_t)((marks & RECORD_ACCESSED) != 0) << index;
		dirty |= (uint64_t)((marks & RECORD_DIRTY) != 0) << index;
	}
	invocation_answer(invocation, 0, accessed);
	invocation_answer(invocation, 1, dirty);
	return ERROR_OK;
}

static error_t space_info(struct invocation *invocation) {
	const struct arch_clock_facts clock = arch_clock_facts();
	const uint64_t offset = invocation_space(invocation)->time_offset;
	const uint64_t words[] = {
		ABI_VERSION, arch_cpu_features(), ARCH_CPU_COUNT,   clock.ticks_per_second, arch_time_now() + offset,
		offset,      clock.tsc_zero,      clock.multiplier,
	};

	for (unsigned int index = 0; index < sizeof(words) / sizeof(words[0]); index++)
		invocation_answer(invocation, index, words[index]);
	return ERROR_OK;
}

static error_t space_set_time_offset(struct invocation *invocation) {
	invocation_space(invocation)->time_offset = invocation_word(invocation, 0);
	return ERROR_OK;
}

static error_t space_set_death(struct invocation *invocation) {
	return invocation_store_capability(invocation, &invocation_space(invocation)->death, RIGHT_SIGNAL);
}

static error_t space_destroy_method(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);

	enum step step = space_mark_dead(space);
	if (step == STEP_DONE) step = derivation_revoke_others(&space->root, invocation->slot);
	if (step == STEP_DONE) step = drain_frame(frame_of(space));
	return invocation_step(invocation, step);
}

static struct thread *space_find_thread(struct space *space, uint64_t utcb_address) {
	struct table_place place = table_walk(space, utcb_address, TABLE_LEVEL_4K);

	if (page_entry_kind(*place.entry, place.level) != PAGE_ENTRY_PINNED) return NULL;
	struct frame *frame = frame_find(page_entry_frame(*place.entry));
	KERNEL_ASSERT(frame);
	return frame->type == FRAME_UTCB ? frame->owner : NULL;
}

static error_t space_thread(struct invocation *invocation) {
	struct space *space = invocation_space(invocation);
	const uint64_t address = invocation_word(invocation, 0);
	struct thread *thread = invocation->caller;

	if (address >= USER_ADDRESS_END) return ERROR_RANGE;
	if (address) thread = space_find_thread(space, address);
	if (!thread || thread->space != space || thread->dead) return ERROR_NOT_FOUND;
	TRY(invocation_reserve_slots(invocation, 1));
	answer_capability(invocation, 0, &thread->root, slot_object_word(thread, KIND_THREAD_CONTROL, 0),
	                  control_badge_narrow(thread->control_badge, invocation->slot->badge));
	invocation_answer(invocation, 0, thread->serial);
	return ERROR_OK;
}

static error_t space_physical(struct invocation *invocation) {
	const uint64_t address = invocation_word(invocation, 0);

	if (address >= USER_ADDRESS_END) return ERROR_RANGE;
	struct table_place place = table_walk(invocation_space(invocation), address, TABLE_LEVEL_4K);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);
	if (kind != PAGE_ENTRY_HOLD && kind != PAGE_ENTRY_PRESENT) return ERROR_NOT_FOUND;
	if (!(page_entry_attributes(*place.entry) & ENTRY_SOFT_DMA)) return ERROR_RIGHT;
	uint64_t inside = address & ((UINT64_C(1) << page_table_shift(place.level)) - 1);
	invocation_answer(invocation, 0, page_entry_frame(*place.entry).value + inside);
	return ERROR_OK;
}

static error_t space_set_memory_type(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 2);
	const unsigned int shift = (flags & MAP_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT;
	struct map_range range;

	if ((flags & ~(uint64_t)(MEMORY_TYPE_MASK | MEMORY_DMA | MAP_LARGE)) != 0) return ERROR_ARGUMENT;
	TRY(map_range_decode(invocation_word(invocation, 0), invocation_word(invocation, 1), shift, &range));
	return space_walk_range(invocation, mapping_set_type, shift,
	                        (unsigned int)flags & (MEMORY_TYPE_MASK | MEMORY_DMA));
}

static error_t space_serial(struct invocation *invocation) {
	invocation_answer(invocation, 0, invocation_space(invocation)->serial);
	invocation_answer(invocation, 1, invocation_space(invocation)->changes);
	return ERROR_OK;
}

const struct method space_methods[] = {
	{SPACE_CREATE_SPACE, 0, 1, 2, space_create_space},
	{SPACE_CREATE_THREAD, 1, 1, 2, space_create_thread},
	{SPACE_ADD_TABLE, 2, 1, 5, space_add_table},
	{SPACE_ADD_SLOTS, 1, 1, 1, space_add_slot_page},
	{SPACE_MAP, 4, 0, 1, space_map},
	{SPACE_UNMAP, 3, 0, 0, space_unmap},
	{SPACE_PROTECT, 3, 0, 0, space_protect},
	{SPACE_SPLIT, 1, 1, 5, space_split},
	{SPACE_LOOK, 3, 0, 0, space_look},
	{SPACE_INFO, 0, 0, 0, space_info},
	{SPACE_SET_TIME_OFFSET, 1, 0, 0, space_set_time_offset},
	{SPACE_SET_DEATH, 0, 0, 1, space_set_death},
	{SPACE_DESTROY, 0, 0, 0, space_destroy_method},
	{SPACE_THREAD, 1, 0, 0, space_thread},
	{SPACE_PHYSICAL, 1, 0, 0, space_physical},
	{SPACE_SET_MEMORY_TYPE, 3, 0, 0, space_set_memory_type},
	{SPACE_SERIAL, 0, 0, 0, space_serial},
	{0},
};
