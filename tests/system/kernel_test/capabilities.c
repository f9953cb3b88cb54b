/* SPDX-License-Identifier: MIT */
/*
 * Capability slots: derive, share, move, delete, revoke, replace, read; no stale one ever works.
 */
#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

static uint64_t derive(uint64_t from, uint64_t to) {
	return KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, from, to, RIGHTS_ALL, 0, 0);
}

static uint64_t share(uint64_t from, uint64_t to) {
	return KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, from, to, RIGHTS_ALL);
}

static uint64_t kind(uint64_t slot) {
	return KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, slot) == ERROR_OK ? answer.words[0] : 99;
}

static void slots_are_checked_on_both_sides(void) {
	static const uint64_t bad_sources[] = {0, 99, SLOT_COUNT, UINT64_C(1) << 32, ~UINT64_C(0)};
	uint32_t slot = slots_take(1);

	for (unsigned int index = 0; index < 5; index++) {
		CHECK_ERROR(derive(bad_sources[index], slot), ERROR_CAPABILITY);
		CHECK_ERROR(share(bad_sources[index], slot), ERROR_CAPABILITY);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_MOVE, bad_sources[index], slot), ERROR_CAPABILITY);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REVOKE, bad_sources[index]), ERROR_CAPABILITY);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, bad_sources[index], slot), ERROR_CAPABILITY);
	}
	CHECK_ERROR(derive(SLOT_SELF, 0), ERROR_RANGE);
	CHECK_ERROR(derive(SLOT_SELF, SLOT_COUNT), ERROR_RANGE);
	CHECK_ERROR(derive(SLOT_SELF, ~UINT64_C(0)), ERROR_RANGE);
	CHECK_ERROR(derive(SLOT_SELF, SLOT_COUNT - 1), ERROR_NO_MEMORY);
	CHECK_ERROR(derive(SLOT_SELF, SLOT_SPACE), ERROR_EXISTS);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot, 0, 0, 0), ERROR_RIGHT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot, 8, 0, 0), ERROR_RIGHT);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, SLOT_COUNT), ERROR_CAPABILITY);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, SLOT_COUNT), ERROR_CAPABILITY);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot), ERROR_ARGUMENT);
}

static void slot_0_stays_empty_whatever_is_tried(void) {
	CHECK_ERROR(share(SLOT_SELF, 0), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_MOVE, SLOT_SELF, 0), ERROR_RANGE);
	main_utcb->window_slot = 0;
	main_utcb->window_slot_count = 1;
	CHECK_ERROR(KERNEL(SLOT_CONTROL, THREAD_DERIVE, RIGHTS_ALL, 0, 0), ERROR_RANGE);
	CHECK_EQUAL(kind(0), KIND_EMPTY);
}

static void revoking_takes_the_subtree_and_leaves_the_node(void) {
	uint32_t slot = slots_take(4);

	CHECK_OK(derive(SLOT_SELF, slot));
	CHECK_OK(derive(slot, slot + 1));
	CHECK_OK(derive(slot + 1, slot + 2));
	CHECK_OK(share(slot, slot + 3));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REVOKE, slot));
	CHECK_EQUAL(kind(slot), KIND_THREAD);
	CHECK_EQUAL(kind(slot + 1), KIND_EMPTY);
	CHECK_EQUAL(kind(slot + 2), KIND_EMPTY);
	CHECK_EQUAL(kind(slot + 3), KIND_THREAD);
}

static void a_share_goes_with_the_parent_of_its_giver(void) {
	uint32_t slot = slots_take(3);

	CHECK_OK(derive(SLOT_SELF, slot));
	CHECK_OK(derive(slot, slot + 1));
	CHECK_OK(share(slot + 1, slot + 2));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot + 1));
	CHECK_EQUAL(kind(slot + 2), KIND_THREAD);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot));
	CHECK_EQUAL(kind(slot + 2), KIND_EMPTY);
}

static void a_moved_capability_keeps_its_place_in_the_tree(void) {
	uint32_t slot = slots_take(4);

	CHECK_OK(derive(SLOT_SELF, slot));
	CHECK_OK(derive(slot, slot + 1));
	CHECK_OK(derive(slot + 1, slot + 2));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_MOVE, slot + 1, slot + 3));
	CHECK_EQUAL(kind(slot + 1), KIND_EMPTY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REVOKE, slot + 3));
	CHECK_EQUAL(kind(slot + 2), KIND_EMPTY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REVOKE, slot));
	CHECK_EQUAL(kind(slot + 3), KIND_EMPTY);
}

static void replace_puts_one_capability_in_the_place_of_another(void) {
	struct actor queue;
	uint32_t slot = slots_take(3);

	queue_create(&queue);
	CHECK_OK(derive(SLOT_SELF, slot));
	CHECK_OK(derive(slot, slot + 1));
	CHECK_OK(share(queue.thread, slot + 2));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, slot + 2, slot));
	CHECK_EQUAL(kind(slot), KIND_THREAD);
	CHECK_EQUAL(answer.words[3], queue.serial);
	CHECK_EQUAL(kind(slot + 1), KIND_EMPTY);
	CHECK_EQUAL(kind(slot + 2), KIND_EMPTY);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, slot, slot), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, slot, slot + 1), ERROR_CAPABILITY);
}

static void replacing_a_parent_by_its_own_child_empties_neither_wrongly(void) {
	uint32_t slot = slots_take(2);

	CHECK_OK(derive(SLOT_SELF, slot));
	CHECK_OK(derive(slot, slot + 1));
	/* What the old one had given is removed first, and the child is of that. */
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, slot + 1, slot), ERROR_CAPABILITY);
	CHECK_EQUAL(kind(slot), KIND_THREAD);
	CHECK_EQUAL(kind(slot + 1), KIND_EMPTY);
}

static void a_destroyed_object_takes_every_capability_to_it_along(void) {
	struct actor queue;
	struct child child, other;
	uint32_t slot = slots_take(2);

	queue_create(&queue);
	space_create(&child);
	child_create(&other);
	CHECK_DONE();
	CHECK_OK(share(queue.thread, slot));
	CHECK_OK(derive(child.space, slot + 1));
	child_give(&other, queue.thread, 5, RIGHTS_ALL);
	CHECK_OK(KERNEL(queue.control, THREAD_DESTROY));
	CHECK_OK(KERNEL(child.space, SPACE_DESTROY));
	CHECK_EQUAL(kind(slot), KIND_EMPTY);
	CHECK_EQUAL(kind(slot + 1), KIND_EMPTY);
	CHECK_EQUAL(kind(queue.thread), KIND_EMPTY);
	CHECK_EQUAL(kind(queue.control), KIND_EMPTY);
	CHECK_EQUAL(kind(queue.signal), KIND_EMPTY);
	CHECK_EQUAL(kind(child.space), KIND_EMPTY);
	CHECK_OK(KERNEL(other.space, SPACE_CAPABILITY_READ, 5));
	CHECK_EQUAL(answer.words[0], KIND_EMPTY);
	frames_check_returned(queue.frames, 2);
	frames_check_returned(child.frames, 2);
}

static void a_frame_that_is_used_again_revives_no_capability(void) {
	struct actor queue;
	uint64_t frame, serial;
	uint32_t old;

	queue_create(&queue);
	old = queue.thread;
	frame = queue.frames;
	serial = queue.serial;
	CHECK_OK(KERNEL(queue.control, THREAD_DESTROY));
	give_frames(frame, 1);
	(void)slots_expect(2);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, 0));
	CHECK(answer.words[0] > serial);
	CHECK_ERROR(KERNEL(old, 0), CALL_FAILED | ERROR_CAPABILITY);
	CHECK_ERROR(send_now(old, 0), ERROR_CAPABILITY);
}

static void control_narrows_its_ceiling_and_never_widens(void) {
	uint32_t slot = slots_take(3);
	uint64_t cpus = ~UINT64_C(0) << CONTROL_CPUS_SHIFT;

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SPACE, slot, 0, cpus | 10, 1));
	CHECK_EQUAL(kind(slot), KIND_SPACE_CONTROL);
	CHECK_EQUAL(answer.words[2], cpus | 10);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slot + 1, 0, ~UINT64_C(0), 1));
	CHECK_EQUAL(kind(slot + 1), KIND_SPACE_CONTROL);
	CHECK_EQUAL(answer.words[2], cpus | 10);
	/* A thread made through it has that ceiling, too. */
	(void)slots_expect(2);
	give_frames(frames_take(1), 1);
	CHECK_OK(KERNEL(slot, SPACE_CREATE_THREAD, 0));
	CHECK_ERROR(KERNEL(main_utcb->received[0].source & UINT32_MAX, THREAD_SET_BUDGET, 1, 11), ERROR_RIGHT);
	/* A space made through it, and what is made through that. */
	(void)slots_expect(1);
	give_frames(frames_take(2), 2);
	CHECK_OK(KERNEL(slot, SPACE_CREATE_SPACE));
	CHECK_EQUAL(kind(main_utcb->received[0].source), KIND_SPACE_CONTROL);
	CHECK_EQUAL(answer.words[2], cpus | 10);
}

static void derivation_reaches_into_other_spaces_and_back(void) {
	struct child child;
	uint32_t slot = slots_take(1);

	child_create(&child);
	CHECK_DONE();
	CHECK_OK(derive(SLOT_SELF, slot));
	child_give_badged(&child, slot, 9, RIGHT_SEND, 4);
	CHECK_OK(KERNEL(child.space, SPACE_CAPABILITY_READ, 9));
	CHECK_EQUAL(answer.words[2], 4);
	/* Into a space that has no such slot. */
	give_capability(child.space);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, slot, 128, RIGHTS_ALL), ERROR_NO_MEMORY);
	/* An item that is no control of a space. */
	give_capability(SLOT_CONTROL);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, slot, 10, RIGHTS_ALL), ERROR_CAPABILITY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot));
	CHECK_OK(KERNEL(child.space, SPACE_CAPABILITY_READ, 9));
	CHECK_EQUAL(answer.words[0], KIND_EMPTY);
}

static void death_is_signalled(void) {
	struct child child;
	struct actor queue;
	uint32_t signal = slots_take(2);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, signal, RIGHT_SIGNAL, 1, 1));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, signal + 1, RIGHT_SIGNAL, 2, 1));
	space_create(&child);
	queue_create(&queue);
	give_capability(signal);
	CHECK_OK(KERNEL(child.space, SPACE_SET_DEATH));
	give_capability(signal + 1);
	CHECK_OK(KERNEL(queue.control, THREAD_SET_DEATH));
	CHECK_OK(KERNEL(child.space, SPACE_DESTROY));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 1);
	CHECK_OK(KERNEL(queue.control, THREAD_DESTROY));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 2);
	/* A thread without the signal right cannot be told. */
	space_create(&child);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slots_take(1), RIGHT_SEND, 1, 1));
	give_capability(signal + 2);
	CHECK(KERNEL(child.space, SPACE_SET_DEATH) != ERROR_OK);
}

static void more_slots_are_added_once_each(void) {
	struct child child;
	uint64_t frame = frames_take(2);

	space_create(&child);
	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_SLOTS, SLOT_PAGES), ERROR_RANGE);
	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_SLOTS, ~UINT64_C(0)), ERROR_RANGE);
	give_frames(frame, 1);
	CHECK_OK(KERNEL(child.space, SPACE_ADD_SLOTS, SLOT_PAGES - 1));
	give_frames(frame + 4096, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_SLOTS, SLOT_PAGES - 1), ERROR_EXISTS);
	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_SLOTS, 0), ERROR_BUSY);
	give_frames(frame + 4096, 2);
	CHECK_ERROR(KERNEL(child.space, SPACE_ADD_SLOTS, 0), ERROR_ARGUMENT);
	CHECK_OK(KERNEL(child.space, SPACE_CAPABILITY_READ, SLOT_COUNT - 1));
	/* Taking the frame back takes the slots. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	CHECK_ERROR(KERNEL(child.space, SPACE_CAPABILITY_READ, SLOT_COUNT - 1), ERROR_CAPABILITY);
	frames_check_returned(frame, 1);
}

const struct test capability_tests[] = {
	TEST(slots_are_checked_on_both_sides),
	TEST(slot_0_stays_empty_whatever_is_tried),
	TEST(revoking_takes_the_subtree_and_leaves_the_node),
	TEST(a_share_goes_with_the_parent_of_its_giver),
	TEST(a_moved_capability_keeps_its_place_in_the_tree),
	TEST(replace_puts_one_capability_in_the_place_of_another),
	TEST(replacing_a_parent_by_its_own_child_empties_neither_wrongly),
	TEST(a_destroyed_object_takes_every_capability_to_it_along),
	TEST(a_frame_that_is_used_again_revives_no_capability),
	TEST(control_narrows_its_ceiling_and_never_widens),
	TEST(derivation_reaches_into_other_spaces_and_back),
	TEST(death_is_signalled),
	TEST(more_slots_are_added_once_each),
	TESTS_END,
};
