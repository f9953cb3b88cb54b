/* SPDX-License-Identifier: MIT */
/*
 * Control of a space: objects, tables and mappings.
 */
#include "cpu.h"
#include "invoke.h"
#include "panic.h"

/* Fills the answer's slot @index with a capability to an object whose root slot is @root. */
static void answer_capability(struct invocation *invocation, unsigned int index, struct slot *root, uint64_t object,
                              uint64_t badge) {
	const struct slot contents = {.object = object, .badge = badge};

	slot_derive(root, invocation->slot_out[index], &contents);
}

/* Frames that hold slots lie below SLOT_PHYSICAL_END. */
static error_t offer_check_slots(const struct frame_offer *offer) {
	return frame_physical(offer->frame).value < SLOT_PHYSICAL_END ? ERROR_OK : ERROR_RANGE;
}

error_t invoke_space_create_space(struct invocation *invocation) {
	struct frame_offer offers[2];

	TRY(invocation_frames(invocation, 2, offers));
	TRY(offer_check_slots(&offers[0]));
	TRY(invocation_reserve_slots(invocation, 1));

	struct space *space = frame_contents(offers[0].frame);
	uint64_t badge = invocation->slot->badge;
	frame_grant(&offers[0], FRAME_SPACE, space);
	frame_grant(&offers[1], FRAME_TABLE, space);
	space_create(space, frame_contents(offers[1].frame), badge);
	answer_capability(invocation, 0, &space->root, slot_object_word(space, KIND_SPACE_CONTROL, 0), badge);
	ANSWER(invocation, space->serial);
	return ERROR_OK;
}

static error_t utcb_place_decode(struct space *space, uint64_t address, struct table_place *place) {
	if (address % PAGE_SIZE != 0 || address >= USER_ADDRESS_END) return ERROR_RANGE;
	*place = table_walk(space, address, TABLE_LEVEL_4K);
	if (*place->entry) return ERROR_EXISTS;
	return place->level == TABLE_LEVEL_4K ? ERROR_OK : ERROR_NO_MEMORY;
}

error_t invoke_space_create_thread(struct invocation *invocation) {
	struct user_address utcb_address = {invocation->word[0]};
	struct frame_offer offers[2];
	struct table_place place;

	TRY(invocation_frames(invocation, utcb_address.value ? 2 : 1, offers));
	TRY(offer_check_slots(&offers[0]));
	if (utcb_address.value) TRY(utcb_place_decode(invocation->space, utcb_address.value, &place));
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
	thread_create(thread, invocation->space, utcb, utcb_address, badge);
	answer_capability(invocation, 0, &thread->root, slot_object_word(thread, KIND_THREAD_CONTROL, 0), badge);
	answer_capability(invocation, 1, &thread->root, slot_object_word(thread, KIND_THREAD, RIGHTS_ALL), 0);
	ANSWER(invocation, thread->serial);
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

error_t invoke_space_add_table(struct invocation *invocation) {
	const uint64_t level = invocation->word[1];
	const int is_one_frame = invocation->items == 1 && invocation->item[0].count == 1;
	const unsigned int count = is_one_frame ? 1 : 1 + TABLE_RECORD_FRAMES;
	struct frame_offer offers[1 + TABLE_RECORD_FRAMES];
	struct table_frames frames;
	struct table_place place;

	if (level < TABLE_LEVEL_4K || level > TABLE_LEVEL_1G) return ERROR_RANGE;
	if (level != TABLE_LEVEL_2M && is_one_frame != (level == TABLE_LEVEL_1G)) return ERROR_ARGUMENT;
	TRY(table_place_decode(invocation->space, invocation->word[0], (unsigned int)level, &place));
	TRY(invocation_frames(invocation, count, offers));
	table_frames_grant(offers, count, invocation->space, &frames);
	table_install(invocation->space, place, &frames);
	return ERROR_OK;
}

error_t invoke_space_add_slots(struct invocation *invocation) {
	struct space *space = invocation->space;
	const uint64_t index = invocation->word[0];
	struct frame_offer offer;

	TRY(invocation_frames(invocation, 1, &offer));
	TRY(offer_check_slots(&offer));
	if (index >= SLOT_PAGES) return ERROR_RANGE;
	if (space->slot_pages[index] != &slot_page_empty) return ERROR_EXISTS;
	frame_grant(&offer, FRAME_SLOTS, space);
	space_add_slots(space, (unsigned int)index, frame_contents(offer.frame));
	return ERROR_OK;
}

error_t invoke_space_map(struct invocation *invocation) {
	const unsigned int flags = (unsigned int)invocation->word[3];
	const uint64_t size = UINT64_C(1) << map_shift(flags);
	uint64_t count = invocation->word[2];
	error_t error = ERROR_OK;
	struct map_plan plan;
	struct map_request request = {
		.from = invocation->space,
		.source = invocation->word[0],
		.destination = invocation->word[1],
		.rights = flags & PAGE_RIGHTS,
		.flags = flags,
	};

	TRY(invocation_other_space(invocation, &request.to));
	while (count > 0 && !invocation->again) {
		error = map_decode(&request, &plan);
		if (error != ERROR_OK) break;
		map_commit(&plan);
		request.source += size;
		request.destination += size;
		count--;
		invocation->again = count > 0 && step_next() == STEP_AGAIN;
	}
	ANSWER(invocation, request.source, request.destination, count);
	return error;
}

/* Goes over a range of pages as far as it can; @hole_error: what it means that nothing is mapped somewhere. */
static error_t space_walk_range(struct invocation *invocation, page_operation *operation, error_t hole_error) {
	const struct thread *caller = invocation->caller;
	const uint64_t flags = invocation->word[2];
	struct map_range range;
	error_t error = ERROR_OK;

	TRY(map_range_decode(invocation->space, invocation->word, flags, &range));
	while (range.count > 0 && error == ERROR_OK && !invocation->again) {
		page_entry_t *entry = map_range_entry(&range, &error);
		enum step step = STEP_DONE;
		if (entry)
			step = operation(entry, flags, &error);
		else if (error == ERROR_OK)
			error = hole_error;
		if (arch_cpu()->current != caller) return ERROR_OK;
		if (error != ERROR_OK) break;
		if (step == STEP_DONE) {
			map_range_advance(&range);
			step = step_next();
		}
		invocation->again = range.count > 0 && step == STEP_AGAIN;
	}
	ANSWER(invocation, range.address, range.count, flags & ~(uint64_t)MAP_LARGE);
	/* The flags are for the execution that goes on. */
	if (!invocation->again) invocation->words_out = 2;
	return error;
}

error_t invoke_space_unmap(struct invocation *invocation) {
	return space_walk_range(invocation, mapping_unmap, ERROR_OK);
}

error_t invoke_space_protect(struct invocation *invocation) {
	return space_walk_range(invocation, mapping_protect, ERROR_OK);
}

error_t invoke_space_set_memory_type(struct invocation *invocation) {
	return space_walk_range(invocation, mapping_set_type, ERROR_NOT_FOUND);
}

error_t invoke_space_look(struct invocation *invocation) {
	const uint64_t *word = invocation->word;
	const uint64_t count = word[1];
	uint64_t index = word[3];
	uint64_t accessed = word[4];
	uint64_t dirty = word[5];
	struct map_range range;

	if (count > 64) return ERROR_ARGUMENT;
	TRY(map_range_decode(invocation->space, word, word[2], &range));
	for (; index < count; index++) {
		unsigned int marks;
		uint64_t address = range.address + (index << map_shift(word[2]));
		if ((index > word[3] && step_next() == STEP_AGAIN) ||
		    mapping_look(invocation->space, address, &marks) == STEP_AGAIN) {
			invocation->again = 1;
			ANSWER(invocation, word[0], word[1], word[2], index, accessed, dirty);
			return ERROR_OK;
		}
		accessed |= (uint64_t)((marks & RECORD_ACCESSED) != 0) << index;
		dirty |= (uint64_t)((marks & RECORD_DIRTY) != 0) << index;
	}
	ANSWER(invocation, accessed, dirty);
	return ERROR_OK;
}

/* A split that was interrupted finds its frames granted already. */
static struct frame *split_in_progress(struct invocation *invocation, struct table_place place) {
	struct table_place source = table_walk(invocation->caller->space, invocation->item[0].source, TABLE_LEVEL_4K);

	if (source.level != TABLE_LEVEL_4K || source.kind != PAGE_ENTRY_HOLD) return NULL;
	struct frame *frame = frame_find(page_entry_frame(*source.entry));
	return frame && table_is_splitting(invocation->space, frame, place) ? frame : NULL;
}

static error_t split_check(struct table_place place) {
	if (place.level != TABLE_LEVEL_2M || !table_is_mapping(place)) return ERROR_NOT_FOUND;
	return table_record(place.entry)->child ? ERROR_BUSY : ERROR_OK;
}

error_t invoke_space_split(struct invocation *invocation) {
	struct space *space = invocation->space;
	const uint64_t address = invocation->word[0];
	struct frame_offer offers[1 + TABLE_RECORD_FRAMES];
	struct table_frames frames;

	if (address >= USER_ADDRESS_END || address % LARGE_PAGE_SIZE != 0 ||
	    invocation->item[0].source >= USER_ADDRESS_END)
		return ERROR_RANGE;
	struct table_place place = table_walk(space, address, TABLE_LEVEL_2M);
	struct frame *table = place.level == TABLE_LEVEL_2M ? split_in_progress(invocation, place) : NULL;
	const error_t error = split_check(place);
	if (error != ERROR_OK) {
		if (table) table_return(table);
		return error;
	}
	if (!table) {
		TRY(invocation_frames(invocation, 1 + TABLE_RECORD_FRAMES, offers));
		table_frames_grant(offers, 1 + TABLE_RECORD_FRAMES, space, &frames);
		table_split_begin(space, place, &frames);
		table = frames.table;
	}
	return invocation_step(invocation, table_split(place, table));
}

error_t invoke_space_info(struct invocation *invocation) {
	const struct arch_clock_facts clock = arch_clock_facts();
	const uint64_t offset = invocation->space->time_offset;

	ANSWER(invocation, ABI_VERSION, arch_cpu_features(), ARCH_CPU_COUNT, clock.ticks_per_second,
	       arch_time_now() + offset, offset, clock.tsc_zero, clock.multiplier);
	return ERROR_OK;
}

error_t invoke_space_set_time_offset(struct invocation *invocation) {
	invocation->space->time_offset = invocation->word[0];
	return ERROR_OK;
}

error_t invoke_space_set_death(struct invocation *invocation) {
	return invocation_store_capability(invocation, &invocation->space->death, RIGHT_SIGNAL);
}

error_t invoke_space_destroy(struct invocation *invocation) {
	struct space *space = invocation->space;

	enum step step = space_mark_dead(space);
	/* What a thread of its own begins, others may have to end. */
	if (step == STEP_DONE && invocation->caller->space != space)
		step = derivation_revoke_others(&space->root, invocation->slot);
	if (step == STEP_DONE) step = drain_frame(frame_of(space));
	return invocation_step(invocation, step);
}

static struct thread *space_find_thread(struct space *space, uint64_t utcb_address) {
	struct table_place place = table_walk(space, utcb_address, TABLE_LEVEL_4K);

	if (place.kind != PAGE_ENTRY_PINNED) return NULL;
	struct frame *frame = frame_find(page_entry_frame(*place.entry));
	KERNEL_ASSERT(frame);
	return frame->type == FRAME_UTCB ? frame->owner : NULL;
}

error_t invoke_space_thread(struct invocation *invocation) {
	const uint64_t address = invocation->word[0];
	struct thread *thread = invocation->caller;

	if (address >= USER_ADDRESS_END) return ERROR_RANGE;
	if (address) thread = space_find_thread(invocation->space, address);
	if (!thread || thread->space != invocation->space || thread->dead) return ERROR_NOT_FOUND;
	TRY(invocation_reserve_slots(invocation, 1));
	answer_capability(invocation, 0, &thread->root, slot_object_word(thread, KIND_THREAD_CONTROL, 0),
	                  control_badge_narrow(thread->control_badge, invocation->slot->badge));
	ANSWER(invocation, thread->serial);
	return ERROR_OK;
}

error_t invoke_space_physical(struct invocation *invocation) {
	const uint64_t address = invocation->word[0];
	struct table_place place;

	TRY(table_find_dma(invocation->space, address, &place));
	uint64_t inside = address & ((UINT64_C(1) << page_table_shift(place.level)) - 1);
	ANSWER(invocation, page_entry_frame(*place.entry).value + inside);
	return ERROR_OK;
}

error_t invoke_space_serial(struct invocation *invocation) {
	ANSWER(invocation, invocation->space->serial, invocation->space->changes);
	return ERROR_OK;
}
