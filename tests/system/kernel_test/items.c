/* SPDX-License-Identifier: MIT */
/*
 * Items: pages and capabilities in messages, and what happens when one of them is refused.
 */
#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

#define PAGE UINT64_C(4096)
/* Where receivers want pages. */
#define WINDOW      SCRATCH
#define WINDOW_SIZE (UINT64_C(64) * PAGE)

#define REFUSED(error, item)       ((uint64_t)(error) | (uint64_t)(item) << IPC_RESULT_ITEM_SHIFT)
#define REFUSED_THERE(error, item) (REFUSED(error, item) | IPC_RESULT_RECEIVER)

static struct ipc_item pages(uint64_t source, uint64_t count, uint64_t rights, uint64_t flags, uint64_t offset) {
	return (struct ipc_item){
		.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, rights, flags),
		.source = source,
		.count = count,
		.destination = offset,
	};
}

static struct ipc_item capability(uint32_t slot, uint64_t action, uint64_t rights, uint64_t offset) {
	return (struct ipc_item){
		.header = ITEM_HEADER(ITEM_CAPABILITY, action, rights, 0),
		.source = slot,
		.destination = offset,
	};
}

/* An actor that waits for one message with room for pages and @slots capabilities. */
static void given_a_receiver(struct actor *receiver, uint32_t slots) {
	actor_create(receiver);
	receiver->script->window_address = WINDOW;
	receiver->script->window_size = WINDOW_SIZE;
	receiver->script->window_slot = slots_take(slots);
	receiver->script->window_slot_count = slots;
	actor_step(receiver, IPC_RECEIVE, 0, 0);
	actor_play(receiver);
	settle();
}

/* KIND_* of what @slot holds; its rights and badge are in answer. */
static uint64_t slot_kind(uint32_t slot) {
	uint64_t result = KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, slot);

	return result == ERROR_OK ? answer.words[0] : CALL_FAILED;
}

static void pages_arrive_in_the_window_with_no_more_rights_than_given(void) {
	struct actor receiver;
	uint64_t frames = frames_take(3);
	volatile uint64_t *there = (volatile uint64_t *)(WINDOW + 2 * PAGE);
	const struct ipc_item *received;

	given_a_receiver(&receiver, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frames, SCRATCH + 0x100000, 1, PAGE_READ | PAGE_WRITE));
	*(volatile uint64_t *)(SCRATCH + 0x100000) = 0xfeed;
	give_item(pages(frames, 3, PAGE_READ, 0, 2 * PAGE));
	CHECK_OK(send_now(receiver.thread, 0));
	settle();
	received = &receiver.script->steps[0].received[0];
	CHECK_EQUAL(received->source, WINDOW + 2 * PAGE);
	CHECK_EQUAL(received->count, 3);
	CHECK_EQUAL(received->destination, 2 * PAGE);
	CHECK_EQUAL(received->header & ITEM_TYPE_MASK, ITEM_PAGES);
	CHECK_EQUAL(*there, 0xfeed);
	/* A writable mapping cannot be had from it. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, WINDOW + 2 * PAGE, SCRATCH + 0x200000, 1, PAGE_READ | PAGE_WRITE));
	give_frames(WINDOW + 2 * PAGE, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_BUSY);
}

static void a_hold_gives_authority_without_access(void) {
	struct actor receiver;
	uint64_t frame = frames_take(1);

	given_a_receiver(&receiver, 1);
	give_item(pages(frame, 1, PAGE_RIGHTS, ITEM_HOLD, 0));
	CHECK_OK(send_now(receiver.thread, 0));
	/* What arrived is a hold: it can be granted to the kernel. */
	give_frames(WINDOW, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
	/* And whoever gave it can take the object back. */
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	give_frames(frame, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
}

static void a_derived_capability_goes_with_the_givers_and_a_shared_one_stays(void) {
	struct actor receiver;
	uint32_t own = slots_take(1);
	uint32_t slot;

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, own, RIGHTS_ALL, 0, 0));
	given_a_receiver(&receiver, 2);
	slot = receiver.script->window_slot;
	give_item(capability(own, ITEM_DERIVE, RIGHT_SEND, 0));
	give_item(capability(own, ITEM_SHARE, RIGHT_SEND, 1));
	CHECK_OK(send_now(receiver.thread, 0));
	CHECK_EQUAL(slot_kind(slot), KIND_THREAD);
	CHECK_EQUAL(slot_kind(slot + 1), KIND_THREAD);
	CHECK_EQUAL(answer.words[1], RIGHT_SEND);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, own));
	CHECK_EQUAL(slot_kind(slot), KIND_EMPTY);
	CHECK_EQUAL(slot_kind(slot + 1), KIND_THREAD);
}

static void a_moved_capability_leaves_an_empty_slot(void) {
	struct actor receiver;
	uint32_t own = slots_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, own, RIGHTS_ALL, 7, 1));
	given_a_receiver(&receiver, 1);
	give_item(capability(own, ITEM_MOVE, RIGHTS_ALL, 0));
	CHECK_OK(send_now(receiver.thread, 0));
	CHECK_EQUAL(slot_kind(own), KIND_EMPTY);
	CHECK_EQUAL(slot_kind(receiver.script->window_slot), KIND_THREAD);
	CHECK_EQUAL(answer.words[2], 7);
}

static void a_badge_is_fixed_once(void) {
	struct actor receiver;
	struct ipc_item item = capability(SLOT_SELF, ITEM_DERIVE, RIGHT_SEND, 0);
	uint32_t slot;

	given_a_receiver(&receiver, 1);
	slot = receiver.script->window_slot;
	item.header |= ITEM_BADGE;
	item.count = 99;
	give_item(item);
	CHECK_OK(send_now(receiver.thread, 0));
	CHECK_EQUAL(slot_kind(slot), KIND_THREAD);
	CHECK_EQUAL(answer.words[2], 99);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slots_take(1), RIGHT_SEND, 5, 1), ERROR_STATE);
}

static void a_server_gets_its_own_capability_back_as_a_badge(void) {
	struct actor caller;
	uint32_t badged = slots_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, badged, RIGHT_SEND, 1234, 1));
	actor_create(&caller);
	actor_step(&caller, IPC_CALL, SLOT_SELF, IPC_TAG(0, 0, 1))->items[0] =
		capability(badged, ITEM_SHARE, RIGHTS_ALL, 0);
	actor_play(&caller);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_ITEMS(answer.tag), 1);
	CHECK_EQUAL(main_utcb->received[0].header & (ITEM_TYPE_MASK | ITEM_OWN), ITEM_CAPABILITY | ITEM_OWN);
	CHECK_EQUAL(main_utcb->received[0].count, 1234);
	CHECK_OK(REPLY(ERROR_OK));
}

static void malformed_items_are_refused_by_their_index(void) {
	struct actor receiver;
	uint64_t frame = frames_take(1);
	const struct ipc_item good = pages(frame, 1, PAGE_READ, 0, 0);
	const struct ipc_item bad[] = {
		{.header = 0},
		{.header = 4},
		{.header = ITEM_OWN | ITEM_CAPABILITY, .source = SLOT_SELF},
		{.header = (UINT64_C(1) << 16) | ITEM_CAPABILITY, .source = SLOT_SELF},
		{.header = (UINT64_C(1) << 63) | ITEM_PAGES, .source = frame, .count = 1},
		{.header = ITEM_PAGES | ITEM_SHARE, .source = frame, .count = 1},
		{.header = ITEM_PAGES | ITEM_BADGE, .source = frame, .count = 1},
		pages(frame, 0, PAGE_READ, 0, PAGE),
		pages(frame, 17, PAGE_READ, 0, PAGE),
		pages(frame, ~UINT64_C(0), PAGE_READ, 0, PAGE),
		{.header = ITEM_CAPABILITY | 0x30, .source = SLOT_SELF},
		{.header = ITEM_CAPABILITY | ITEM_HOLD, .source = SLOT_SELF},
		{.header = ITEM_CAPABILITY | ITEM_LARGE, .source = SLOT_SELF},
		{.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_SHARE, RIGHT_SEND, ITEM_BADGE), .source = SLOT_SELF},
	};

	given_a_receiver(&receiver, 1);
	for (unsigned int index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
		give_item(good);
		give_item(bad[index]);
		CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_ARGUMENT, 1));
	}
	CHECK_EQUAL(actor_state(&receiver), THREAD_STATE_RECEIVING);
}

static void what_the_sender_does_not_have_is_refused(void) {
	struct actor receiver;
	uint64_t frame = frames_take(1);
	const struct {
		struct ipc_item item;
		uint64_t result;
	} cases[] = {
		{capability(0, ITEM_SHARE, RIGHTS_ALL, 0), ERROR_CAPABILITY},
		{capability(99, ITEM_SHARE, RIGHTS_ALL, 0), ERROR_CAPABILITY},
		{capability(SLOT_COUNT, ITEM_SHARE, RIGHTS_ALL, 0), ERROR_CAPABILITY},
		{capability(UINT32_MAX, ITEM_MOVE, RIGHTS_ALL, 0), ERROR_CAPABILITY},
		{capability(SLOT_SELF, ITEM_SHARE, 0, 0), ERROR_RIGHT},
		{pages(0x1000, 1, PAGE_READ, 0, 0), ERROR_NOT_FOUND},
		{pages(SCRATCH, 1, PAGE_READ, 0, 0), ERROR_NOT_FOUND},
		{pages(frame + 1, 1, PAGE_READ, 0, 0), ERROR_RANGE},
		{pages(ADDRESS_END, 1, PAGE_READ, 0, 0), ERROR_RANGE},
		{pages(0xffff800000000000, 1, PAGE_READ, 0, 0), ERROR_RANGE},
		{pages(frame, 1, PAGE_READ, ITEM_LARGE, 0), ERROR_RANGE},
		{pages(frame, 1, 0, 0, 0), ERROR_RIGHT},
		{pages(frame, 1, 8, 0, 0), ERROR_RIGHT},
		{{.header = ITEM_REPLY_RIGHT}, ERROR_STATE},
	};

	given_a_receiver(&receiver, 1);
	for (unsigned int index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		give_item(cases[index].item);
		tap_note("case %u", index);
		uint64_t result = send_now(receiver.thread, 0);
		/* A large page of a window that small is refused there. */
		CHECK_ERROR(result & ~IPC_RESULT_RECEIVER, cases[index].result);
	}
	CHECK_EQUAL(actor_state(&receiver), THREAD_STATE_RECEIVING);
}

static void what_the_receiver_has_no_room_for_is_refused_there(void) {
	struct actor receiver;
	uint64_t frames = frames_take(16);

	given_a_receiver(&receiver, 1);
	give_item(pages(frames, 1, PAGE_READ, 0, WINDOW_SIZE));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(ERROR_RANGE, 0));
	give_item(pages(frames, 2, PAGE_READ, 0, WINDOW_SIZE - PAGE));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(ERROR_RANGE, 0));
	give_item(pages(frames, 1, PAGE_READ, 0, ~UINT64_C(0xfff)));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(ERROR_RANGE, 0));
	give_item(capability(SLOT_SELF, ITEM_SHARE, RIGHT_SEND, 1));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(ERROR_RANGE, 0));
	give_item(capability(SLOT_SELF, ITEM_SHARE, RIGHT_SEND, ~UINT64_C(0)));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(ERROR_RANGE, 0));
}

static void a_window_that_makes_no_sense_takes_nothing(void) {
	static const struct {
		uint64_t address, size;
		uint64_t result;
	} windows[] = {
		{SCRATCH, 0, ERROR_RANGE},
		{SCRATCH, PAGE - 1, ERROR_RANGE},
		{ADDRESS_END, PAGE, ERROR_RANGE},
		{ADDRESS_END - PAGE, 2 * PAGE, ERROR_RANGE},
		{~UINT64_C(0xfff), PAGE, ERROR_RANGE},
		{~UINT64_C(0xfff), 2 * PAGE, ERROR_RANGE},
		{SCRATCH + 1, PAGE, ERROR_RANGE},
		{SCRATCH_BARE, PAGE, ERROR_NO_MEMORY},
		{UINT64_C(0x600000000000), PAGE, ERROR_NO_MEMORY},
	};
	uint64_t frame = frames_take(1);

	for (unsigned int index = 0; index < sizeof(windows) / sizeof(windows[0]); index++) {
		struct actor receiver;
		actor_create(&receiver);
		receiver.script->window_address = windows[index].address;
		receiver.script->window_size = windows[index].size;
		actor_step(&receiver, IPC_RECEIVE, 0, 0);
		actor_play(&receiver);
		settle();
		tap_note("window %u", index);
		give_item(pages(frame, 1, PAGE_READ, 0, 0));
		CHECK_ERROR(send_now(receiver.thread, 0) & ~IPC_RESULT_RECEIVER, windows[index].result);
	}
}

static void slots_that_cannot_be_filled_take_nothing(void) {
	static const struct {
		uint32_t slot;
		uint64_t result;
	} windows[] = {
		{0, ERROR_RANGE},          {SLOT_SELF, ERROR_EXISTS}, {SLOT_COUNT - 1, ERROR_NO_MEMORY},
		{SLOT_COUNT, ERROR_RANGE}, {UINT32_MAX, ERROR_RANGE},
	};

	for (unsigned int index = 0; index < sizeof(windows) / sizeof(windows[0]); index++) {
		struct actor receiver;
		actor_create(&receiver);
		receiver.script->window_slot = windows[index].slot;
		receiver.script->window_slot_count = 1;
		actor_step(&receiver, IPC_RECEIVE, 0, 0);
		actor_play(&receiver);
		settle();
		give_item(capability(SLOT_CONTROL, ITEM_SHARE, RIGHT_SEND, 0));
		CHECK_ERROR(send_now(receiver.thread, 0), REFUSED_THERE(windows[index].result, 0));
	}
}

static void if_one_item_is_refused_nothing_is_transferred(void) {
	struct actor receiver;
	uint64_t frames = frames_take(2);

	given_a_receiver(&receiver, 1);
	give_item(pages(frames, 2, PAGE_READ, 0, 0));
	give_item(capability(SLOT_CONTROL, ITEM_SHARE, RIGHTS_ALL, 0));
	give_item(capability(99, ITEM_SHARE, RIGHTS_ALL, 0));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_CAPABILITY, 2));
	CHECK_EQUAL(receiver.script->done, 0);
	CHECK_EQUAL(slot_kind(receiver.script->window_slot), KIND_EMPTY);
	/* No mapping was left behind: the frame can be granted. */
	give_frames(frames, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
}

static void a_message_touches_at_most_16_entries(void) {
	struct actor receiver;
	uint64_t frames = frames_take(17);

	given_a_receiver(&receiver, 1);
	give_item(pages(frames, 8, PAGE_READ, 0, 0));
	give_item(pages(frames + 8 * PAGE, 8, PAGE_READ, 0, 8 * PAGE));
	give_item(capability(SLOT_CONTROL, ITEM_SHARE, RIGHTS_ALL, 0));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_ARGUMENT, 2));
	give_item(pages(frames, 8, PAGE_READ, 0, 0));
	give_item(pages(frames + 8 * PAGE, 9, PAGE_READ, 0, 8 * PAGE));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_ARGUMENT, 1));
	give_item(pages(frames, 8, PAGE_READ, 0, 0));
	give_item(pages(frames + 8 * PAGE, 7, PAGE_READ, 0, 8 * PAGE));
	give_item(capability(SLOT_CONTROL, ITEM_SHARE, RIGHTS_ALL, 0));
	CHECK_OK(send_now(receiver.thread, 0));
	settle();
	CHECK_EQUAL(receiver.script->done, 1);
}

static void nothing_lands_twice_in_one_message(void) {
	struct actor receiver;
	uint64_t frames = frames_take(2);

	given_a_receiver(&receiver, 1);
	give_item(pages(frames, 1, PAGE_READ, 0, 0));
	give_item(pages(frames + PAGE, 1, PAGE_READ, 0, 0));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_EXISTS, 1));
	give_item(capability(SLOT_CONTROL, ITEM_SHARE, RIGHTS_ALL, 0));
	give_item(capability(SLOT_SPACE, ITEM_SHARE, RIGHTS_ALL, 0));
	CHECK_ERROR(send_now(receiver.thread, 0), REFUSED(ERROR_EXISTS, 1));
}

static void an_occupied_entry_is_refused_unless_only_rights_change(void) {
	struct actor receiver, again;
	uint64_t frames = frames_take(2);

	given_a_receiver(&receiver, 1);
	give_item(pages(frames, 1, PAGE_READ, 0, 0));
	CHECK_OK(send_now(receiver.thread, 0));
	settle();
	given_a_receiver(&again, 1);
	give_item(pages(frames + PAGE, 1, PAGE_READ, 0, 0));
	CHECK_ERROR(send_now(again.thread, 0), REFUSED_THERE(ERROR_EXISTS, 0));
	give_item(pages(frames, 1, PAGE_READ | PAGE_WRITE, 0, 0));
	CHECK_OK(send_now(again.thread, 0));
	*(volatile uint64_t *)WINDOW = 1;
	CHECK_EQUAL(*(volatile uint64_t *)WINDOW, 1);
}

static void a_reply_whose_items_are_refused_is_delivered_without_them(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 0);
	CHECK_OK(receive());
	give_capability(SLOT_CONTROL);
	CHECK_OK(REPLY(17, 5));
	settle();
	CHECK_OK(step_result(&caller, 0));
	CHECK_EQUAL(caller.script->steps[0].ipc.tag, IPC_TAG(17, 1, 0) | IPC_TAG_REFUSED);
	CHECK_EQUAL(caller.script->steps[0].ipc.words[0], 5);
}

static void a_queued_sender_learns_when_its_items_are_refused(void) {
	struct actor sender;

	actor_create(&sender);
	actor_step(&sender, IPC_SEND, SLOT_SELF, IPC_TAG(0, 0, 1))->items[0] =
		capability(SLOT_CONTROL, ITEM_SHARE, RIGHTS_ALL, 0);
	actor_play(&sender);
	settle();
	CHECK_EQUAL(actor_state(&sender), THREAD_STATE_SENDING);
	main_utcb->window_slot_count = 0;
	CHECK_ERROR(receive_now(), ERROR_WOULD_BLOCK | IPC_RESULT_IN_RECEIVE);
	settle();
	CHECK_ERROR(step_result(&sender, 0), REFUSED_THERE(ERROR_RANGE, 0));
}

static void superpages_travel_whole(void) {
	struct actor receiver;
	uint64_t block = superpage_take();

	actor_create(&receiver);
	receiver.script->window_address = SCRATCH_BARE;
	receiver.script->window_size = UINT64_C(4) << 20;
	actor_step(&receiver, IPC_RECEIVE, 0, 0);
	actor_play(&receiver);
	settle();
	give_item(pages(block, 1, PAGE_READ, 0, 0));
	CHECK_ERROR(send_now(receiver.thread, 0), ERROR_STATE);
	give_item(pages(block, 1, PAGE_READ | PAGE_WRITE, ITEM_LARGE, UINT64_C(2) << 20));
	CHECK_OK(send_now(receiver.thread, 0));
	*(volatile uint64_t *)(SCRATCH_BARE + 0x3ffff8) = 9;
	CHECK_EQUAL(*(volatile uint64_t *)(SCRATCH_BARE + 0x3ffff8), 9);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, block, 1, UNMAP_CHILDREN | UNMAP_LARGE));
}

const struct test item_tests[] = {
	TEST(pages_arrive_in_the_window_with_no_more_rights_than_given),
	TEST(a_hold_gives_authority_without_access),
	TEST(a_derived_capability_goes_with_the_givers_and_a_shared_one_stays),
	TEST(a_moved_capability_leaves_an_empty_slot),
	TEST(a_badge_is_fixed_once),
	TEST(a_server_gets_its_own_capability_back_as_a_badge),
	TEST(malformed_items_are_refused_by_their_index),
	TEST(what_the_sender_does_not_have_is_refused),
	TEST(what_the_receiver_has_no_room_for_is_refused_there),
	TEST(a_window_that_makes_no_sense_takes_nothing),
	TEST(slots_that_cannot_be_filled_take_nothing),
	TEST(if_one_item_is_refused_nothing_is_transferred),
	TEST(a_message_touches_at_most_16_entries),
	TEST(nothing_lands_twice_in_one_message),
	TEST(an_occupied_entry_is_refused_unless_only_rights_change),
	TEST(a_reply_whose_items_are_refused_is_delivered_without_them),
	TEST(a_queued_sender_learns_when_its_items_are_refused),
	TEST(superpages_travel_whole),
	TESTS_END,
};
