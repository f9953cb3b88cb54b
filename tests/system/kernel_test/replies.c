/* SPDX-License-Identifier: MIT */
/*
 * Reply rights: saved, passed on, lost; each call ends once.
 */
#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

#define IN_RECEIVE(error) ((uint64_t)(error) | IPC_RESULT_IN_RECEIVE)

/* An actor that has called this thread, which serves the call now. */
static void given_a_call(struct actor *caller) {
	actor_create(caller);
	actor_call(caller, SLOT_SELF, 1);
	CHECK_OK(receive());
}

static void a_reply_without_a_call_is_gone(void) { CHECK_ERROR(REPLY(ERROR_OK), ERROR_GONE); }

static void a_receive_with_an_unsaved_right_is_busy(void) {
	struct actor caller;

	given_a_call(&caller);
	CHECK_ERROR(receive(), IN_RECEIVE(ERROR_BUSY));
	CHECK_OK(REPLY(ERROR_OK));
}

static void a_saved_right_answers_later_while_others_are_served(void) {
	struct actor first, second;
	uint32_t slot = slots_take(1);

	given_a_call(&first);
	CHECK_OK(reply_save(slot));
	given_a_call(&second);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_EQUAL(second.script->done, 1);
	CHECK_EQUAL(first.script->done, 0);
	CHECK_OK(reply_to(slot, ERROR_OK));
	settle();
	CHECK_EQUAL(first.script->done, 1);
	CHECK_OK(step_result(&first, 0));
}

static void a_saved_right_works_once(void) {
	struct actor caller;
	uint32_t slot = slots_take(1);

	given_a_call(&caller);
	CHECK_OK(reply_save(slot));
	CHECK_OK(reply_to(slot, ERROR_OK));
	CHECK_ERROR(reply_to(slot, ERROR_OK), ERROR_CAPABILITY);
}

static void a_right_can_be_saved_in_the_same_breath_as_the_next_receive(void) {
	struct actor first, second;
	uint32_t slot = slots_take(1);

	given_a_call(&first);
	actor_create(&second);
	actor_call(&second, SLOT_SELF, 2);
	main_utcb->save_slot = slot;
	answer = (struct raw_ipc){.operation = IPC_SAVE | IPC_RECEIVE};
	raw_ipc(&answer);
	CHECK_OK(answer.operation);
	CHECK_EQUAL(answer.words[0], 2);
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(reply_to(slot, ERROR_OK));
	settle();
	CHECK_EQUAL(first.script->done + second.script->done, 2);
}

static void a_right_is_saved_to_an_empty_backed_slot_only(void) {
	struct actor caller;

	CHECK_ERROR(reply_save(slots_take(1)), ERROR_GONE);
	given_a_call(&caller);
	CHECK_ERROR(reply_save(0), ERROR_RANGE);
	CHECK_ERROR(reply_save(SLOT_COUNT), ERROR_RANGE);
	CHECK_ERROR(reply_save(0xffffffff), ERROR_RANGE);
	CHECK_ERROR(reply_save(SLOT_SELF), ERROR_EXISTS);
	CHECK_ERROR(reply_save(SLOT_COUNT - 1), ERROR_NO_MEMORY);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_OK(step_result(&caller, 0));
}

static void deleting_a_saved_right_ends_the_call_with_peer_lost_once(void) {
	struct actor caller;
	uint32_t slot = slots_take(1);

	given_a_call(&caller);
	actor_step(&caller, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0);
	CHECK_OK(reply_save(slot));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot));
	settle();
	CHECK_EQUAL(caller.script->done, 2);
	CHECK_ERROR(step_result(&caller, 0), ERROR_PEER_LOST);
	CHECK_ERROR(step_result(&caller, 1), IN_RECEIVE(ERROR_WOULD_BLOCK));
	CHECK_ERROR(reply_to(slot, ERROR_OK), ERROR_CAPABILITY);
}

static void replacing_a_saved_right_ends_the_call_with_peer_lost(void) {
	struct actor caller;
	uint32_t slot = slots_take(2);

	given_a_call(&caller);
	CHECK_OK(reply_save(slot));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, SLOT_SELF, slot + 1, RIGHTS_ALL));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, slot + 1, slot));
	settle();
	CHECK_ERROR(step_result(&caller, 0), ERROR_PEER_LOST);
}

static void a_saved_right_moves_and_still_answers(void) {
	struct actor caller;
	uint32_t slot = slots_take(2);

	given_a_call(&caller);
	CHECK_OK(reply_save(slot));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slot + 1, RIGHTS_ALL, 0, 0), ERROR_CAPABILITY);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, slot, slot + 1, RIGHTS_ALL), ERROR_CAPABILITY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_MOVE, slot, slot + 1));
	CHECK_ERROR(reply_to(slot, ERROR_OK), ERROR_CAPABILITY);
	CHECK_OK(reply_to(slot + 1, ERROR_OK));
	settle();
	CHECK_OK(step_result(&caller, 0));
}

static void a_right_passed_to_another_thread_is_answered_there(void) {
	struct actor caller, worker;
	uint32_t slot = slots_take(1);

	actor_create(&worker);
	worker.script->window_slot = slot;
	worker.script->window_slot_count = 1;
	actor_step(&worker, IPC_RECEIVE, 0, 0);
	actor_step(&worker, IPC_REPLY, slot, IPC_TAG(0, 1, 0))->ipc.words[0] = 77;
	actor_play(&worker);
	settle();
	given_a_call(&caller);
	give_item((struct ipc_item){.header = ITEM_REPLY_RIGHT});
	CHECK_OK(send_now(worker.thread, 0));
	CHECK_ERROR(REPLY(ERROR_OK), ERROR_GONE);
	settle();
	CHECK_OK(step_result(&worker, 1));
	CHECK_EQUAL(caller.script->done, 1);
	CHECK_EQUAL(caller.script->steps[0].ipc.words[0], 77);
}

static void a_server_that_is_destroyed_ends_the_call_it_serves_with_peer_lost(void) {
	struct actor server, caller;

	actor_create(&server);
	actor_step(&server, IPC_RECEIVE, 0, 0);
	actor_play(&server);
	actor_create(&caller);
	actor_call(&caller, server.thread, 0);
	settle();
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_WAITING);
	CHECK_OK(KERNEL(server.control, THREAD_DESTROY));
	settle();
	CHECK_ERROR(step_result(&caller, 0), ERROR_PEER_LOST);
}

static void a_server_that_is_destroyed_ends_the_calls_in_its_queue_with_gone(void) {
	struct actor server, callers[3];

	actor_create(&server);
	for (unsigned int index = 0; index < 3; index++) {
		actor_create(&callers[index]);
		actor_call(&callers[index], server.thread, 0);
	}
	settle();
	CHECK_OK(KERNEL(server.control, THREAD_DESTROY));
	settle();
	for (unsigned int index = 0; index < 3; index++) CHECK_ERROR(step_result(&callers[index], 0), ERROR_GONE);
}

static void a_server_that_crashes_keeps_its_ties_for_its_supervisor(void) {
	struct actor server, caller;

	actor_create(&server);
	actor_step(&server, IPC_RECEIVE, 0, 0);
	actor_play(&server); /* and then runs into the end of its script */
	actor_create(&caller);
	actor_call(&caller, server.thread, 0);
	settle();
	CHECK_EQUAL(actor_state(&server), THREAD_STATE_HALTED);
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_WAITING);
}

static void the_reply_to_a_caller_that_was_destroyed_is_gone(void) {
	struct actor caller, saved;
	uint32_t slot = slots_take(1);

	given_a_call(&saved);
	CHECK_OK(reply_save(slot));
	given_a_call(&caller);
	CHECK_OK(KERNEL(caller.control, THREAD_DESTROY));
	CHECK_OK(KERNEL(saved.control, THREAD_DESTROY));
	CHECK_ERROR(REPLY(ERROR_OK), ERROR_GONE);
	CHECK_ERROR(reply_to(slot, ERROR_OK), ERROR_GONE);
	CHECK_ERROR(reply_to(slot, ERROR_OK), ERROR_CAPABILITY);
}

static void a_reply_to_a_stopped_caller_is_delivered_and_kept(void) {
	struct actor caller;

	given_a_call(&caller);
	CHECK_OK(KERNEL(caller.control, THREAD_STOP));
	CHECK_OK(REPLY(ERROR_OK, 55));
	settle();
	CHECK_EQUAL(caller.script->done, 0);
	CHECK_OK(KERNEL(caller.control, THREAD_RESUME));
	settle();
	CHECK_EQUAL(caller.script->done, 1);
	CHECK_EQUAL(caller.script->steps[0].ipc.words[0], 55);
}

const struct test reply_tests[] = {
	TEST(a_reply_without_a_call_is_gone),
	TEST(a_receive_with_an_unsaved_right_is_busy),
	TEST(a_saved_right_answers_later_while_others_are_served),
	TEST(a_saved_right_works_once),
	TEST(a_right_can_be_saved_in_the_same_breath_as_the_next_receive),
	TEST(a_right_is_saved_to_an_empty_backed_slot_only),
	TEST(deleting_a_saved_right_ends_the_call_with_peer_lost_once),
	TEST(replacing_a_saved_right_ends_the_call_with_peer_lost),
	TEST(a_saved_right_moves_and_still_answers),
	TEST(a_right_passed_to_another_thread_is_answered_there),
	TEST(a_server_that_is_destroyed_ends_the_call_it_serves_with_peer_lost),
	TEST(a_server_that_is_destroyed_ends_the_calls_in_its_queue_with_gone),
	TEST(a_server_that_crashes_keeps_its_ties_for_its_supervisor),
	TEST(the_reply_to_a_caller_that_was_destroyed_is_gone),
	TEST(a_reply_to_a_stopped_caller_is_delivered_and_kept),
	TESTS_END,
};
