/* SPDX-License-Identifier: MIT */
/*
 * Attacks on the kernel's memory and on others' time, that other systems lose.
 *
 * What an attacker consumes is its own: frames it was given, tables it paid for. What takes long
 * gives way to interrupts.
 */
#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "latency.h"
#include "topics.h"

#define PAGE       UINT64_C(4096)
#define TABLE_SPAN (UINT64_C(1) << 21)
#define READ_WRITE (PAGE_READ | PAGE_WRITE)
/* Room for the tables of attacks: one of 1 GiB, which the attacker fills with tables of 2 MiB. */
#define ATTACK_BASE UINT64_C(0x300000000)

/* A pager keeps a mapping, or makes one, while a child wants the kernel to take the frame. */
static void a_frame_that_anybody_has_mapped_cannot_be_granted(void) {
	struct child child, other;
	uint64_t frame = frames_take(1);
	uint64_t kept = SCRATCH;

	child_create(&child);
	space_create(&other);
	space_add_tables(&other, SCRATCH);
	CHECK_DONE();
	/* The pager (this space) gives the child a hold and keeps a mapping of its own. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, kept, 1, READ_WRITE));
	give_capability(child.space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, CHILD_SCRATCH, 1, READ_WRITE | MAP_HOLD));
	/* The child (whose control is used here) grants its hold. */
	struct actor actor;
	actor_create_in(&child, &actor);
	child_give(&child, child.space, 2, RIGHTS_ALL);
	CHECK_DONE();
	for (unsigned int attempt = 0; attempt < 4; attempt++) {
		struct step *step = actor_step(&actor, IPC_CALL, 2, IPC_TAG(SPACE_ADD_SLOTS, 1, 1));
		step->ipc.words[0] = 7;
		step->items[0] = (struct ipc_item){
			.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, PAGE_RIGHTS, ITEM_HOLD),
			.source = CHILD_SCRATCH,
			.count = 1,
		};
		actor_step(&actor, IPC_CALL, 1, IPC_TAG(0, 0, 0));
	}
	child_give_badged(&child, SLOT_SELF, 1, RIGHT_SEND, 1);
	actor_play(&actor);
	/* 1: refused while the pager has it mapped. */
	CHECK_OK(receive());
	CHECK_EQUAL(actor.script->steps[0].ipc.tag, IPC_TAG(ERROR_BUSY, 0, 0));
	/* 2: nor while a third space has it, read-only. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, kept, 1, 0));
	give_capability(other.space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, SCRATCH, 1, PAGE_READ));
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(receive());
	CHECK_EQUAL(actor.script->steps[2].ipc.tag, IPC_TAG(ERROR_BUSY, 0, 0));
	/* 3: with nobody's, it is taken. */
	CHECK_OK(KERNEL(other.space, SPACE_UNMAP, SCRATCH, 1, 0));
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(receive());
	CHECK_EQUAL(actor.script->steps[4].ipc.tag, IPC_TAG(ERROR_OK, 0, 0));
	/* Now nobody can map it, not even whoever could before. */
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_MAP, frame, kept, 1, READ_WRITE), ERROR_BUSY);
	give_capability(other.space);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_MAP, frame, SCRATCH, 1, PAGE_READ | MAP_HOLD), ERROR_BUSY);
	/* Only revoke applies to it, and gives it back empty. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	frames_check_returned(frame, 1);
}

static void a_superpage_that_is_mapped_keeps_its_frames_from_the_kernel(void) {
	uint64_t block = superpage_take();
	uint64_t frames = frames_take(5);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, block, SCRATCH_BARE, 1, READ_WRITE | MAP_LARGE | MAP_HOLD));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, block, SCRATCH_BARE + TABLE_SPAN, 1, READ_WRITE | MAP_LARGE));
	give_frames(frames, 5);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH_BARE));
	give_frames(SCRATCH_BARE, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_BUSY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, SCRATCH_BARE + TABLE_SPAN, 1, UNMAP_LARGE));
	give_frames(SCRATCH_BARE, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_MAP, block, SCRATCH_BARE + TABLE_SPAN, 1, READ_WRITE | MAP_LARGE),
	            ERROR_BUSY);
}

static void only_ordinary_memory_can_be_granted_once(void) {
	uint64_t frames = frames_take(2);

	give_frames(frames, 1);
	give_frames(frames, 1);
	(void)slots_expect(2);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_SPACE), ERROR_BUSY);
	give_frames(frames, 3);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_SPACE), ERROR_ARGUMENT);
	give_frames(frames, ~UINT64_C(0));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_SPACE), ERROR_ARGUMENT);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frames, SCRATCH, 1, PAGE_READ | MAP_HOLD));
	give_frames(SCRATCH, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_RIGHT);
	give_frames(superpage_take(), 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_STATE);
	give_frames(SCRATCH + PAGE, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_NOT_FOUND);
	give_frames(ADDRESS_END, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_RANGE);
	give_frames(frames + 8, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_RANGE);
	give_frames(ATTACK_BASE, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_NOT_FOUND);
}

/* Makes tables for @count runs of 2 MiB in the child, from ATTACK_BASE on. */
static void attacker_add_tables(const struct child *child, uint64_t count) {
	space_add_tables(child, ATTACK_BASE);
	for (uint64_t index = 1; index < count; index++) {
		if (index % 512 == 0) {
			give_frames(frames_take(1), 1);
			CHECK_OK(KERNEL(child->space, SPACE_ADD_TABLE, ATTACK_BASE + index * TABLE_SPAN,
			                TABLE_LEVEL_2M));
		}
		give_frames(frames_take(5), 5);
		CHECK_OK(KERNEL(child->space, SPACE_ADD_TABLE, ATTACK_BASE + index * TABLE_SPAN, TABLE_LEVEL_4K));
	}
}

/* One frame, 425,984 mappings: enough to hang a kernel that keeps records nobody pays for. */
static void mapping_one_frame_425984_times_costs_only_who_does_it(void) {
	const uint64_t tables = 832;
	struct child attacker, victim;
	uint64_t frame, before;

	if (frames_left() < tables * 5 + 200) {
		tap_skip("this machine has too little memory for 832 page tables");
		return;
	}
	space_create(&attacker);
	attacker_add_tables(&attacker, tables);
	frame = frames_take(1);
	CHECK_DONE();
	for (uint64_t page = 0; page < tables * 512; page++) {
		give_capability(attacker.space);
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, ATTACK_BASE + page * PAGE, 1, READ_WRITE));
	}
	/* One more has no table to stand in: the attacker's loss. */
	give_capability(attacker.space);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_MAP, frame, ATTACK_BASE + tables * TABLE_SPAN, 1, READ_WRITE),
	            ERROR_NO_MEMORY);
	/* Others go on creating and mapping. */
	before = frames_left();
	space_create(&victim);
	space_add_tables(&victim, SCRATCH);
	child_map(&victim, frames_take(1), SCRATCH, 1, READ_WRITE);
	CHECK_DONE();
	CHECK_EQUAL(before - frames_left(), 2 + 1 + 5 + 5 + 1);
	latency_begin();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	latency_check("revoking 425,984 mappings of one frame");
	frames_check_returned(frame, 1);
}

static void mapping_and_unmapping_over_and_over_uses_nothing_up(void) {
	uint64_t frame = frames_take(1);

	for (unsigned int round = 0; round < 100000; round++) {
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, SCRATCH, 1, READ_WRITE));
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, SCRATCH, 1, PAGE_READ));
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, SCRATCH, 1, 0));
	}
	frames_check_returned(frame, 1);
}

/* One holder makes as many threads as it can pay for; whoever has frames of its own makes more. */
static void a_holder_that_takes_all_it_can_leaves_the_others_theirs(void) {
	struct child attacker;
	uint64_t made = 0;
	uint64_t frames = 0;
	uint32_t slots = slots_take(1000);
	struct actor queue;
	struct child space;

	space_create(&attacker);
	CHECK_DONE();
	for (; made < 500 && frames_left() > 1000; made++) {
		frames = frames_take(1);
		main_utcb->window_slot = slots + (uint32_t)(2 * made);
		main_utcb->window_slot_count = 2;
		give_frames(frames, 1);
		CHECK_OK(KERNEL(attacker.space, SPACE_CREATE_THREAD, 0));
	}
	CHECK_EQUAL(made, 500);
	/* Its last frame is used: granting it again is refused, and there is no pool to fall back on. */
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(attacker.space, SPACE_CREATE_THREAD, 0), ERROR_BUSY);
	CHECK_ERROR(KERNEL(attacker.space, SPACE_CREATE_THREAD, 0), ERROR_ARGUMENT);
	for (uint32_t index = 0; index < 1000; index++)
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slots + index));
	queue_create(&queue);
	space_create(&space);
	CHECK_DONE();
	latency_begin();
	CHECK_OK(KERNEL(attacker.space, SPACE_DESTROY));
	latency_check("destroying a space with 500 threads");
	frames_check_returned(frames, 1);
	CHECK_OK(KERNEL(queue.control, THREAD_DESTROY));
}

static void revoking_4096_mappings_gives_way_to_interrupts(void) {
	struct child child;
	uint64_t frames = frames_take(512);

	space_create(&child);
	attacker_add_tables(&child, 8);
	for (uint64_t table = 0; table < 8; table++)
		child_map(&child, frames, ATTACK_BASE + table * TABLE_SPAN, 512, READ_WRITE);
	CHECK_DONE();
	latency_begin();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frames, 512, UNMAP_CHILDREN));
	latency_check("revoking 4,096 mappings of 512 frames");
	frames_check_returned(frames, 4);
}

static void unmapping_and_protecting_4096_pages_gives_way_to_interrupts(void) {
	struct child child;
	uint64_t frames = frames_take(512);

	space_create(&child);
	attacker_add_tables(&child, 8);
	latency_begin();
	for (uint64_t table = 0; table < 8; table++)
		child_map(&child, frames, ATTACK_BASE + table * TABLE_SPAN, 512, READ_WRITE);
	latency_check("mapping 4,096 pages");
	CHECK_DONE();
	latency_begin();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_PROTECT, frames, 512, PAGE_READ | MAP_CHILDREN));
	latency_check("protecting 4,096 mappings of 512 frames");
	latency_begin();
	CHECK_OK(KERNEL(child.space, SPACE_UNMAP, ATTACK_BASE, 4096, 0));
	latency_check("unmapping 4,096 pages");
}

/* A chain through one space: each mapping is derived from the one before it. */
static void a_chain_100000_deep_is_made_and_revoked(void) {
	const uint64_t depth = 100000;
	const uint64_t tables = (depth + 511) / 512;
	struct child child;
	uint64_t frame;

	if (frames_left() < tables * 5 + 100) {
		tap_skip("this machine has too little memory for 196 page tables");
		return;
	}
	space_create(&child);
	attacker_add_tables(&child, tables);
	frame = frames_take(1);
	child_map(&child, frame, ATTACK_BASE, 1, READ_WRITE);
	CHECK_DONE();
	/* In bulk: page n + 1 comes from page n, which was mapped just before. */
	CHECK_OK(KERNEL(child.space, SPACE_MAP, ATTACK_BASE, ATTACK_BASE + PAGE, depth - 1, READ_WRITE));
	CHECK_EQUAL(answer.words[2], 0);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_LOOK, frame, 1, 0));
	latency_begin();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	latency_check("revoking a chain of 100,000");
	frames_check_returned(frame, 1);
}

static void a_space_with_many_mappings_dies_in_bounded_steps(void) {
	struct child child;
	uint64_t frames = frames_take(512);

	space_create(&child);
	attacker_add_tables(&child, 16);
	for (uint64_t table = 0; table < 16; table++)
		child_map(&child, frames, ATTACK_BASE + table * TABLE_SPAN, 512, READ_WRITE);
	CHECK_DONE();
	latency_begin();
	CHECK_OK(KERNEL(child.space, SPACE_DESTROY));
	latency_check("destroying a space with 8,192 mappings");
	frames_check_returned(frames, 4);
	frames_check_returned(child.frames, 2);
}

static void a_capability_with_many_children_is_revoked_in_bounded_steps(void) {
	const uint32_t count = 800;
	uint32_t slots = slots_take(count);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slots, RIGHTS_ALL, 0, 0));
	for (uint32_t index = 1; index < count; index++)
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slots + index / 2, slots + index, RIGHTS_ALL, 0,
		                0));
	latency_begin();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slots));
	latency_check("revoking 800 capabilities");
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, slots + count - 1));
	CHECK_EQUAL(answer.words[0], KIND_EMPTY);
}

static void splitting_a_superpage_gives_way_to_interrupts(void) {
	uint64_t block = superpage_take();
	uint64_t frames = frames_take(5);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, block, SCRATCH_BARE, 1, READ_WRITE | MAP_LARGE));
	latency_begin();
	give_frames(frames, 5);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SPLIT, SCRATCH_BARE));
	latency_check("splitting a superpage");
}

const struct test attack_tests[] = {
	TEST(a_frame_that_anybody_has_mapped_cannot_be_granted),
	TEST(a_superpage_that_is_mapped_keeps_its_frames_from_the_kernel),
	TEST(only_ordinary_memory_can_be_granted_once),
	TEST(mapping_one_frame_425984_times_costs_only_who_does_it),
	TEST(mapping_and_unmapping_over_and_over_uses_nothing_up),
	TEST(a_holder_that_takes_all_it_can_leaves_the_others_theirs),
	TEST(revoking_4096_mappings_gives_way_to_interrupts),
	TEST(unmapping_and_protecting_4096_pages_gives_way_to_interrupts),
	TEST(a_chain_100000_deep_is_made_and_revoked),
	TEST(a_space_with_many_mappings_dies_in_bounded_steps),
	TEST(a_capability_with_many_children_is_revoked_in_bounded_steps),
	TEST(splitting_a_superpage_gives_way_to_interrupts),
	TESTS_END,
};
