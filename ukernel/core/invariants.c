/* SPDX-License-Identifier: MIT */
/*
 * The order of the checks, and the rules of frame descriptors and of what is built in them.
 *
 * Whatever the kernel knows lies in frames, and each frame says what it is: so the frame table is the one list of
 * everything, and nothing unreachable escapes.
 */
#include "invariants.h"

#include "space.h"
#include "table.h"
#include "thread.h"

/* A check that took t is followed by at least this many times t without one. */
#define SAMPLE_PAUSE 49u

struct frame *invariants_frame_of(const void *pointer) {
	uint64_t number = arch_physical(pointer).value >> PAGE_SHIFT;

	return number < frame_count ? &frame_table[number] : NULL;
}

int invariants_is_object(const void *pointer, enum frame_type type) {
	const struct frame *frame = invariants_frame_of(pointer);

	return frame && frame->type == type && frame_contents(frame) == pointer;
}

static void check_handlers(struct thread *thread) {
	for (unsigned int index = 0; index < HANDLER_COUNT; index++) invariants_check_slot(&thread->handlers[index]);
	invariants_check_slot(&thread->death);
}

static void check_thread(const struct frame *frame) {
	struct thread *thread = frame_contents(frame);

	INVARIANT(frame->owner == thread, "a thread's frame is its own", thread);
	INVARIANT(invariants_is_object(thread->space, FRAME_SPACE), "a thread's space is alive", thread);
	INVARIANT(!list_is_empty(&thread->space_node), "a thread is in its space's list", thread);
	INVARIANT(thread->space_node.next->previous == &thread->space_node &&
	                  thread->space_node.previous->next == &thread->space_node,
	          "a space's list of threads is linked both ways", thread);
	INVARIANT(thread->serial != 0 && thread->serial < arch_cpu()->next_serial, "a serial was given", thread);
	if (thread->utcb) {
		const struct frame *utcb = invariants_frame_of(thread->utcb);
		INVARIANT(utcb && utcb->type == FRAME_UTCB && utcb->owner == thread, "a UTCB is its thread's", thread);
	}
	invariants_check_root(&thread->root, thread);
	invariants_check_rebound(thread);
	check_handlers(thread);
	invariants_check_thread_ipc(thread);
	invariants_check_thread_time(thread);
}

static void check_utcb(const struct frame *frame) {
	const struct thread *thread = frame->owner;

	INVARIANT(invariants_is_object(thread, FRAME_THREAD), "the thread of a UTCB is alive", thread);
	INVARIANT((void *)thread->utcb == frame_contents(frame), "a UTCB's thread knows it", thread);
}

static void check_space_threads(struct space *space) {
	const struct list_node *node = space->threads.next;

	for (; node != &space->threads; node = node->next) {
		const struct thread *thread = CONTAINER_OF(node, struct thread, space_node);
		INVARIANT(invariants_is_object(thread, FRAME_THREAD), "a space lists live threads", space);
		INVARIANT(thread->space == space, "a space lists its own threads", space);
	}
}

static void check_slot_page_owner(const struct space *space, unsigned int index) {
	const struct slot_page *page = space->slot_pages[index];
	const struct frame *frame;

	if (page == &slot_page_empty) return;
	frame = invariants_frame_of(page);
	INVARIANT(frame && frame->type == FRAME_SLOTS && frame->owner == space && frame->index == index,
	          "a slot page is described by its frame", page);
}

static void check_space(const struct frame *frame) {
	struct space *space = frame_contents(frame);
	const struct frame *top = invariants_frame_of(space->top_table);

	INVARIANT(frame->owner == space, "a space's frame is its own", space);
	INVARIANT(space->serial != 0 && space->serial < arch_cpu()->next_serial, "a serial was given", space);
	INVARIANT(top && top->type == FRAME_TABLE && top->level == TABLE_LEVEL_TOP && top->owner == space,
	          "a top table is its space's", space);
	check_space_threads(space);
	for (unsigned int index = 0; index < SLOT_PAGES; index++) check_slot_page_owner(space, index);
	invariants_check_root(&space->root, space);
	invariants_check_slot(&space->death);
}

static void check_slots(const struct frame *frame) {
	struct slot_page *page = frame_contents(frame);
	const struct space *space = frame->owner;

	INVARIANT(invariants_is_object(space, FRAME_SPACE) && space->slot_pages[frame->index] == page,
	          "a slot page is in its space's table", page);
	for (unsigned int number = 0; number < SLOTS_PER_PAGE; number++) invariants_check_slot(&page->slots[number]);
}

static void check_records(const struct frame *frame) {
	const struct frame *table = frame->table;

	INVARIANT(table->type == FRAME_TABLE && frame->level < TABLE_RECORD_FRAMES &&
	                  table->records[frame->level] == frame_number(frame),
	          "a frame of records belongs to a table", frame);
}

static void check_frame(struct frame *frame) {
	switch ((enum frame_type)frame->type) {
	case FRAME_SPACE: check_space(frame); break;
	case FRAME_TABLE: invariants_check_table(frame); break;
	case FRAME_RECORDS: check_records(frame); break;
	case FRAME_SLOTS: check_slots(frame); break;
	case FRAME_THREAD: check_thread(frame); break;
	case FRAME_UTCB: check_utcb(frame); break;
	case FRAME_NONE:
	case FRAME_KERNEL:
	case FRAME_USER:
		INVARIANT(!frame->grant.parent && !frame->grant.next && !frame->grant.previous,
		          "only a granted frame has a giver", frame);
		return;
	}
	if (frame->grant.parent) invariants_check_grant(frame);
}

/* The number of granted frames in each 2 MiB. */
static void check_groups(void) {
	const uint64_t frames_per_group = LARGE_PAGE_SIZE / PAGE_SIZE;

	for (uint64_t first = 0; first < frame_count; first += frames_per_group) {
		uint32_t granted = 0;
		for (uint64_t number = first; number < first + frames_per_group && number < frame_count; number++)
			granted += frame_table[number].grant.parent != 0;
		INVARIANT(granted == frame_groups[first / frames_per_group].granted,
		          "granted frames of a superpage are counted", first << PAGE_SHIFT);
	}
}

void kernel_check_invariants(void) {
	for (uint64_t number = 0; number < frame_count; number++) check_frame(&frame_table[number]);
	check_groups();
	invariants_check_present_counts();
	invariants_check_cpu();
}

void invariants_sample(void) {
	static uint64_t next;
	uint64_t start = arch_time_now();

	if (likely(start < next)) return;
	kernel_check_invariants();
	uint64_t end = arch_time_now();
	next = end + (end - start) * SAMPLE_PAUSE;
}
