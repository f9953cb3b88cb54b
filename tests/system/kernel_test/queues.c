/* SPDX-License-Identifier: MIT */
/*
 * Queues that others serve, rebinding, stops, cancellation, signals and deadlines.
 */
#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

#define IN_RECEIVE(error) ((uint64_t)(error) | IPC_RESULT_IN_RECEIVE)
#define MILLISECOND       UINT64_C(1000000)

static void workers_with_the_serve_right_share_a_queue(void) {
	struct actor queue, workers[2], callers[2];

	queue_create(&queue);
	for (unsigned int index = 0; index < 2; index++) {
		actor_create(&workers[index]);
		actor_step(&workers[index], IPC_RECEIVE, IPC_TARGET(0, queue.thread), 0);
		actor_step(&workers[index], IPC_REPLY, 0, IPC_TAG(0, 0, 0));
		actor_play(&workers[index]);
		actor_create(&callers[index]);
		actor_call(&callers[index], queue.thread, 10 + index);
	}
	settle();
	for (unsigned int index = 0; index < 2; index++) {
		CHECK_OK(step_result(&callers[index], 0));
		CHECK_EQUAL(callers[index].script->done, 1);
		CHECK_EQUAL(workers[index].script->done, 2);
	}
}

static void receiving_from_a_queue_takes_the_serve_right(void) {
	struct actor queue;
	uint32_t send = slots_take(1);

	queue_create(&queue);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, queue.thread, send, RIGHT_SEND | RIGHT_SIGNAL, 0, 0));
	CHECK_ERROR(receive_until(send, 0), IN_RECEIVE(ERROR_RIGHT));
	CHECK_ERROR(receive_until(queue.control, 0), IN_RECEIVE(ERROR_CAPABILITY));
	CHECK_ERROR(receive_until(99, 0), IN_RECEIVE(ERROR_CAPABILITY));
	CHECK_ERROR(receive_until(0xffffffff, 0), IN_RECEIVE(ERROR_CAPABILITY));
	CHECK_ERROR(receive_until(queue.thread, 0), IN_RECEIVE(ERROR_TIMEOUT));
}

static void destroying_a_queue_ends_receivers_and_callers_with_gone(void) {
	struct actor queue, worker, other, caller;

	queue_create(&queue);
	queue_create(&other);
	actor_create(&worker);
	actor_step(&worker, IPC_RECEIVE, IPC_TARGET(0, queue.thread), 0);
	actor_play(&worker);
	actor_create(&caller);
	actor_call(&caller, other.thread, 0);
	settle();
	CHECK_OK(KERNEL(queue.control, THREAD_DESTROY));
	CHECK_OK(KERNEL(other.control, THREAD_DESTROY));
	settle();
	CHECK_ERROR(step_result(&worker, 0), IN_RECEIVE(ERROR_GONE));
	CHECK_ERROR(step_result(&caller, 0), ERROR_GONE);
}

static void a_badge_tells_through_which_capability_a_message_came(void) {
	struct actor caller;
	uint32_t badged = slots_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, badged, RIGHT_SEND, 0x123456789abcdef0, 1));
	actor_create(&caller);
	actor_call(&caller, badged, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.target, 0x123456789abcdef0);
	CHECK_OK(REPLY(ERROR_OK));
}

static void rebinding_takes_capabilities_and_queued_callers_along(void) {
	struct actor old, new, queued, waiting;
	uint32_t client = slots_take(3), grandchild = client + 1, saved = client + 2;

	queue_create(&old);
	queue_create(&new);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, old.thread, client, RIGHTS_ALL, 5, 1));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, client, grandchild, RIGHT_SEND, 0, 0));
	actor_create(&waiting);
	actor_call(&waiting, client, 1);
	settle();
	CHECK_OK(receive_until(old.thread, machine_now()));
	CHECK_OK(reply_save(saved));
	actor_create(&queued);
	actor_call(&queued, grandchild, 2);
	settle();
	give_capability(client);
	give_capability(new.control);
	CHECK_OK(KERNEL(old.control, THREAD_REBIND));
	CHECK_OK(receive_until(new.thread, machine_now() + 1000 * MILLISECOND));
	CHECK_EQUAL(answer.words[0], 2);
	CHECK_EQUAL(answer.target, 5);
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(reply_to(saved, ERROR_OK));
	settle();
	CHECK_OK(step_result(&queued, 0));
	CHECK_OK(step_result(&waiting, 0));
}

static void rebinding_takes_control_of_the_object_that_is_meant(void) {
	struct actor old, new;

	queue_create(&old);
	queue_create(&new);
	give_capability(SLOT_SELF);
	give_capability(new.control);
	CHECK_ERROR(KERNEL(old.control, THREAD_REBIND), ERROR_CAPABILITY);
	give_capability(old.thread);
	give_capability(new.thread);
	CHECK_ERROR(KERNEL(old.control, THREAD_REBIND), ERROR_CAPABILITY);
	give_capability(old.thread);
	CHECK_ERROR(KERNEL(old.control, THREAD_REBIND), ERROR_ARGUMENT);
}

static void a_stopped_sender_leaves_the_queue_and_comes_back(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 3);
	settle();
	CHECK_OK(KERNEL(caller.control, THREAD_STOP));
	CHECK_EQUAL(answer.words[0], 1);
	CHECK_ERROR(receive_now(), IN_RECEIVE(ERROR_WOULD_BLOCK));
	CHECK_OK(KERNEL(caller.control, THREAD_RESUME));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 3);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_OK(step_result(&caller, 0));
}

static void stops_count(void) {
	struct actor actor;

	actor_create(&actor);
	actor_step(&actor, IPC_NO_SEND, 0, 0);
	actor_play(&actor);
	CHECK_OK(KERNEL(actor.control, THREAD_STOP));
	CHECK_OK(KERNEL(actor.control, THREAD_STOP));
	CHECK_EQUAL(answer.words[0], 2);
	CHECK_OK(KERNEL(actor.control, THREAD_RESUME));
	settle();
	CHECK_EQUAL(actor.script->done, 0);
	CHECK_OK(KERNEL(actor.control, THREAD_RESUME));
	settle();
	CHECK_EQUAL(actor.script->done, 1);
	CHECK_ERROR(KERNEL(actor.control, THREAD_RESUME), ERROR_STATE);
}

static void a_thread_is_started_once(void) {
	struct actor actor, queue;

	actor_create(&actor);
	actor_play(&actor);
	CHECK_ERROR(KERNEL(actor.control, THREAD_START, 0x1000, 0), ERROR_STATE);
	queue_create(&queue);
	CHECK_ERROR(KERNEL(queue.control, THREAD_START, 0x1000, 0), ERROR_STATE);
	CHECK_ERROR(KERNEL(queue.control, THREAD_RESUME), ERROR_STATE);
	CHECK_EQUAL(actor_state(&queue), THREAD_STATE_QUEUE);
}

static void cancel_ends_a_receive_a_send_and_a_wait(void) {
	struct actor receiver, sender, waiter, queue;

	queue_create(&queue);
	actor_create(&receiver);
	actor_step(&receiver, IPC_RECEIVE, 0, 0);
	actor_play(&receiver);
	actor_create(&sender);
	actor_call(&sender, queue.thread, 0);
	actor_create(&waiter);
	actor_call(&waiter, SLOT_SELF, 0);
	CHECK_OK(receive());
	CHECK_OK(reply_save(slots_take(1)));
	settle();
	CHECK_OK(KERNEL(receiver.control, THREAD_CANCEL));
	CHECK_OK(KERNEL(sender.control, THREAD_CANCEL));
	CHECK_OK(KERNEL(waiter.control, THREAD_CANCEL));
	settle();
	CHECK_ERROR(step_result(&receiver, 0), IN_RECEIVE(ERROR_CANCELLED));
	CHECK_ERROR(step_result(&sender, 0), ERROR_CANCELLED);
	CHECK_ERROR(step_result(&waiter, 0), ERROR_CANCELLED);
}

static void the_holder_of_a_cancelled_call_learns_it_when_it_replies(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 0);
	CHECK_OK(receive());
	CHECK_OK(KERNEL(caller.control, THREAD_CANCEL));
	CHECK_ERROR(REPLY(ERROR_OK), ERROR_GONE);
	settle();
	CHECK_ERROR(step_result(&caller, 0), ERROR_CANCELLED);
}

static void cancel_of_a_running_thread_ends_its_next_wait(void) {
	struct actor actor;

	actor_create(&actor);
	actor_step(&actor, IPC_RECEIVE, 0, 0);
	CHECK_OK(KERNEL(actor.control, THREAD_CANCEL));
	actor_play(&actor);
	settle();
	CHECK_ERROR(step_result(&actor, 0), IN_RECEIVE(ERROR_CANCELLED));
}

static void signals_are_gathered_and_come_before_callers(void) {
	struct actor caller;
	uint32_t slot = slots_take(2);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot, RIGHT_SIGNAL, 5, 1));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot + 1, RIGHT_SIGNAL, UINT64_C(1) << 63, 1));
	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 1);
	settle();
	CHECK_OK(send_now(slot, 0));
	CHECK_OK(send_now(slot, 0));
	CHECK_OK(send_now(slot + 1, 0));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0) | IPC_TAG_SIGNAL);
	CHECK_EQUAL(answer.words[0], (UINT64_C(1) << 63) | 5);
	CHECK_EQUAL(answer.target, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0));
	CHECK_OK(REPLY(ERROR_OK));
}

static void a_signal_does_not_disturb_a_wait_for_a_reply(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 1);
	actor_step(&caller, IPC_RECEIVE, 0, 0);
	CHECK_OK(receive());
	CHECK_OK(send_now(caller.signal, 0));
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_WAITING);
	CHECK_OK(REPLY(ERROR_OK, 66));
	settle();
	CHECK_EQUAL(caller.script->steps[0].ipc.words[0], 66);
	CHECK_EQUAL(caller.script->steps[1].ipc.words[0], 1);
	CHECK_EQUAL(caller.script->done, 2);
}

static void a_signal_capability_cannot_call_and_its_bits_only_narrow(void) {
	uint32_t slot = slots_take(3);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot, RIGHT_SIGNAL, 6, 1));
	CHECK_ERROR(KERNEL(slot, 0), CALL_FAILED | ERROR_RIGHT);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slot + 1, RIGHT_SIGNAL, 0xc, 1));
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slot + 2, RIGHT_SEND | RIGHT_SERVE, 0, 0),
	            ERROR_RIGHT);
	CHECK_OK(send_now(slot + 1, 0));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 4);
}

static void a_deadline_ends_a_receive_with_timeout_and_not_before(void) {
	uint64_t deadline = machine_now() + 3 * MILLISECOND;

	CHECK_ERROR(receive_until(0, deadline), IN_RECEIVE(ERROR_TIMEOUT));
	CHECK(machine_now() >= deadline);
}

static void deadlines_of_many_threads_end_in_their_order(void) {
	static const uint64_t order[] = {4, 1, 7, 3, 6, 2, 0, 5};
	struct actor actors[8];
	uint64_t base = machine_now() + 400 * MILLISECOND;

	for (unsigned int index = 0; index < 8; index++) {
		struct actor *actor = &actors[index];
		actor_create(actor);
		actor->script->deadline = base + order[index] * 25 * MILLISECOND;
		actor_step(actor, IPC_RECEIVE | IPC_DEADLINE, 0, 0);
		actor_step(actor, IPC_SEND, SLOT_SELF, IPC_TAG(0, 1, 0))->ipc.words[0] = order[index];
		actor_play(actor);
	}
	for (uint64_t expected = 0; expected < 8; expected++) {
		CHECK_OK(receive());
		CHECK_EQUAL(answer.words[0], expected);
	}
}

static void a_deadline_follows_the_time_offset_of_the_space(void) {
	uint64_t hour = UINT64_C(3600000) * MILLISECOND;

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_TIME_OFFSET, hour));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_INFO));
	CHECK_EQUAL(answer.words[5], hour);
	CHECK(answer.words[4] > hour);
	CHECK_ERROR(receive_until(0, machine_now() + hour / 2), IN_RECEIVE(ERROR_TIMEOUT));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_TIME_OFFSET, -hour));
	CHECK_ERROR(receive_until(0, machine_now() - hour + MILLISECOND), IN_RECEIVE(ERROR_TIMEOUT));
}

static void a_message_that_arrives_takes_its_receiver_off_the_deadlines(void) {
	struct actor actor;

	actor_create(&actor);
	actor.script->deadline = machine_now() + 300 * MILLISECOND;
	actor_step(&actor, IPC_RECEIVE | IPC_DEADLINE, 0, 0);
	actor_step(&actor, IPC_RECEIVE, 0, 0);
	actor_play(&actor);
	settle();
	CHECK_OK(send_now(actor.thread, 1));
	machine_sleep(310 * MILLISECOND);
	CHECK_EQUAL(actor.script->done, 1);
	CHECK_OK(step_result(&actor, 0));
	CHECK_EQUAL(actor_state(&actor), THREAD_STATE_RECEIVING);
}

const struct test queue_tests[] = {
	TEST(workers_with_the_serve_right_share_a_queue),
	TEST(receiving_from_a_queue_takes_the_serve_right),
	TEST(destroying_a_queue_ends_receivers_and_callers_with_gone),
	TEST(a_badge_tells_through_which_capability_a_message_came),
	TEST(rebinding_takes_capabilities_and_queued_callers_along),
	TEST(rebinding_takes_control_of_the_object_that_is_meant),
	TEST(a_stopped_sender_leaves_the_queue_and_comes_back),
	TEST(stops_count),
	TEST(a_thread_is_started_once),
	TEST(cancel_ends_a_receive_a_send_and_a_wait),
	TEST(the_holder_of_a_cancelled_call_learns_it_when_it_replies),
	TEST(cancel_of_a_running_thread_ends_its_next_wait),
	TEST(signals_are_gathered_and_come_before_callers),
	TEST(a_signal_does_not_disturb_a_wait_for_a_reply),
	TEST(a_signal_capability_cannot_call_and_its_bits_only_narrow),
	TEST(a_deadline_ends_a_receive_with_timeout_and_not_before),
	TEST(deadlines_of_many_threads_end_in_their_order),
	TEST(a_deadline_follows_the_time_offset_of_the_space),
	TEST(a_message_that_arrives_takes_its_receiver_off_the_deadlines),
	TESTS_END,
};
