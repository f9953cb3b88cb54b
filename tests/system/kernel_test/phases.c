/* SPDX-License-Identifier: MIT */
/*
 * Send, receive, reply: who meets whom, in every order, and what `ipc` refuses.
 */
#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

#define IN_RECEIVE(error) ((uint64_t)(error) | IPC_RESULT_IN_RECEIVE)

static void a_call_reaches_a_waiting_server_and_the_reply_its_caller(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 42);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 42);
	CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0));
	CHECK_OK(REPLY(ERROR_OK, 43));
	settle();
	CHECK_EQUAL(caller.script->done, 1);
	CHECK_OK(step_result(&caller, 0));
	CHECK_EQUAL(caller.script->steps[0].ipc.words[0], 43);
	CHECK_EQUAL(caller.script->steps[0].ipc.target, 0);
}

static void a_call_waits_in_the_queue_until_the_server_receives(void) {
	struct actor caller;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 7);
	settle();
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_SENDING);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], 7);
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_WAITING);
	CHECK_EQUAL(caller.script->done, 0);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_EQUAL(caller.script->done, 1);
}

static void queued_callers_are_served_in_the_order_in_which_they_came(void) {
	struct actor callers[4];

	for (uint64_t index = 0; index < 4; index++) {
		actor_create(&callers[index]);
		actor_call(&callers[index], SLOT_SELF, index);
		settle();
	}
	for (uint64_t index = 0; index < 4; index++) {
		CHECK_OK(receive());
		CHECK_EQUAL(answer.words[0], index);
		CHECK_OK(REPLY(ERROR_OK));
	}
	CHECK_ERROR(receive_now(), IN_RECEIVE(ERROR_WOULD_BLOCK));
}

static void a_send_waits_for_a_receiver_and_for_no_reply(void) {
	struct actor sender;

	actor_create(&sender);
	actor_step(&sender, IPC_SEND, SLOT_SELF, IPC_TAG(5, 1, 0))->ipc.words[0] = 9;
	actor_play(&sender);
	settle();
	CHECK_EQUAL(actor_state(&sender), THREAD_STATE_SENDING);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(5, 1, 0) | IPC_TAG_ONE_WAY);
	CHECK_EQUAL(answer.words[0], 9);
	CHECK_ERROR(REPLY(ERROR_OK), ERROR_GONE);
	settle();
	CHECK_EQUAL(sender.script->done, 1);
	CHECK_OK(step_result(&sender, 0));
}

static void a_send_to_a_waiting_receiver_is_delivered_at_once(void) {
	struct actor receiver;

	actor_create(&receiver);
	actor_step(&receiver, IPC_RECEIVE, 0, 0);
	actor_play(&receiver);
	settle();
	CHECK_OK(send_now(receiver.thread, 3));
	settle();
	CHECK_EQUAL(receiver.script->done, 1);
	CHECK_EQUAL(receiver.script->steps[0].ipc.tag, IPC_TAG(3, 0, 0) | IPC_TAG_ONE_WAY);
}

static void a_send_that_must_not_wait_fails_and_leaves_nothing_behind(void) {
	struct actor receiver;

	actor_create(&receiver);
	CHECK_ERROR(send_now(receiver.thread, 3), ERROR_WOULD_BLOCK);
	actor_step(&receiver, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0);
	actor_play(&receiver);
	settle();
	CHECK_ERROR(step_result(&receiver, 0), IN_RECEIVE(ERROR_WOULD_BLOCK));
}

static void a_send_with_a_receive_phase_does_one_after_the_other(void) {
	struct actor actor;

	actor_create(&actor);
	actor_step(&actor, IPC_SEND | IPC_RECEIVE, SLOT_SELF, IPC_TAG(1, 0, 0));
	actor_play(&actor);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), 1);
	settle();
	CHECK_EQUAL(actor_state(&actor), THREAD_STATE_RECEIVING);
	CHECK_OK(send_now(actor.thread, 2));
	settle();
	CHECK_EQUAL(actor.script->done, 1);
	CHECK_EQUAL(IPC_TAG_LABEL(actor.script->steps[0].ipc.tag), 2);
}

static void the_result_tells_a_failed_send_from_a_failed_receive(void) {
	struct actor actor;

	actor_create(&actor);
	actor_step(&actor, IPC_SEND | IPC_RECEIVE, 99, 0);
	actor_step(&actor, IPC_SEND | IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, SLOT_SELF, 0);
	actor_play(&actor);
	CHECK_OK(receive());
	settle();
	CHECK_EQUAL(actor.script->done, 2);
	CHECK_ERROR(step_result(&actor, 0), ERROR_CAPABILITY);
	CHECK_ERROR(step_result(&actor, 1), IN_RECEIVE(ERROR_WOULD_BLOCK));
}

static void reply_and_receive_answers_one_caller_and_takes_the_next(void) {
	struct actor server;

	actor_create(&server);
	actor_step(&server, IPC_RECEIVE, 0, 0);
	actor_step(&server, IPC_REPLY_RECEIVE, 0, IPC_TAG(0, 1, 0))->ipc.words[0] = 100;
	actor_step(&server, IPC_REPLY_RECEIVE, 0, IPC_TAG(0, 1, 0))->ipc.words[0] = 101;
	actor_play(&server);
	for (uint64_t round = 0; round < 2; round++) {
		CHECK_OK(KERNEL(server.thread, 0, round));
		CHECK_EQUAL(answer.words[0], 100 + round);
		CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0));
		CHECK_EQUAL(server.script->steps[round].ipc.words[0], round);
	}
}

static void all_64_words_arrive_in_both_directions(void) {
	struct actor server;
	volatile struct utcb *utcb;

	actor_create(&server);
	utcb = (volatile struct utcb *)server.utcb;
	actor_step(&server, IPC_RECEIVE, 0, 0);
	actor_step(&server, IPC_REPLY, 0, IPC_TAG(0, 64, 0));
	actor_play(&server);
	settle();
	for (uint64_t index = 0; index < IPC_WORDS_MAX; index++) main_utcb->words[index] = 1000 + index;
	answer = (struct raw_ipc){.operation = IPC_CALL,
	                          .target = server.thread,
	                          .tag = IPC_TAG(0, 64, 0),
	                          .words = {1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007}};
	raw_ipc(&answer);
	CHECK_OK(answer.operation);
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		CHECK_EQUAL(server.script->steps[0].ipc.words[index], 1000 + index);
	for (unsigned int index = 8; index < IPC_WORDS_MAX; index++) {
		CHECK_EQUAL(utcb->words[index], 1000 + index);
		CHECK_EQUAL(answer_word(index), 1000 + index);
	}
}

static void words_in_registers_travel_whatever_the_count_says(void) {
	struct actor caller;
	struct step *step;

	actor_create(&caller);
	step = actor_step(&caller, IPC_CALL, SLOT_SELF, IPC_TAG(0, 0, 0));
	for (uint64_t index = 0; index < IPC_WORDS_IN_REGISTERS; index++) step->ipc.words[index] = 50 + index;
	actor_play(&caller);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_WORDS(answer.tag), 0);
	for (uint64_t index = 0; index < IPC_WORDS_IN_REGISTERS; index++) CHECK_EQUAL(answer.words[index], 50 + index);
	CHECK_OK(REPLY(ERROR_OK));
}

static void operations_that_make_no_sense_are_refused(void) {
	static const uint64_t operations[] = {
		IPC_CALL | IPC_RECEIVE, IPC_REPLY | IPC_SAVE, IPC_REPLY_RECEIVE | IPC_SAVE,
		IPC_OPERATION_ALL + 1,  UINT64_C(1) << 63,    ~UINT64_C(0),
	};

	for (unsigned int index = 0; index < sizeof(operations) / sizeof(operations[0]); index++) {
		answer = (struct raw_ipc){.operation = operations[index], .target = SLOT_SPACE};
		raw_ipc(&answer);
		CHECK_ERROR(answer.operation, ERROR_ARGUMENT);
	}
}

static void an_operation_that_asks_for_nothing_does_nothing(void) {
	answer = (struct raw_ipc){.operation = IPC_NO_SEND, .target = 99, .tag = ~UINT64_C(0)};
	raw_ipc(&answer);
	CHECK_OK(answer.operation);
}

static void tags_that_make_no_sense_are_refused(void) {
	static const uint64_t tags[] = {
		IPC_TAG(0, 65, 0), IPC_TAG(0, 255, 0), IPC_TAG(0, 0, 9), IPC_TAG(0, 0, 15), UINT64_C(1) << 12,
		UINT64_C(1) << 15, IPC_TAG_SIGNAL,     IPC_TAG_ONE_WAY,  UINT64_C(1) << 19, UINT64_C(1) << 31,
	};
	struct actor server;

	actor_create(&server);
	actor_step(&server, IPC_RECEIVE, 0, 0);
	actor_play(&server);
	settle();
	for (unsigned int index = 0; index < sizeof(tags) / sizeof(tags[0]); index++) {
		const uint32_t slots[] = {SLOT_SPACE, SLOT_CONTROL, SLOT_PORTS, server.thread};
		for (unsigned int slot = 0; slot < 4; slot++) {
			answer = (struct raw_ipc){.operation = IPC_CALL, .target = slots[slot], .tag = tags[index]};
			raw_ipc(&answer);
			CHECK_ERROR(answer.operation, ERROR_ARGUMENT);
		}
	}
	CHECK_EQUAL(actor_state(&server), THREAD_STATE_RECEIVING);
}

static void only_what_is_there_can_be_called(void) {
	static const uint64_t slots[] = {0,          99,         SLOTS_PER_PAGE * 20, SLOT_COUNT - 1,
	                                 SLOT_COUNT, 0x7fffffff, 0xffffffff};
	const uint64_t phases[] = {IPC_CALL, IPC_SEND, IPC_SEND | IPC_SEND_NONBLOCK};

	for (unsigned int index = 0; index < sizeof(slots) / sizeof(slots[0]); index++) {
		for (unsigned int phase = 0; phase < 3; phase++) {
			answer = (struct raw_ipc){.operation = phases[phase], .target = slots[index]};
			raw_ipc(&answer);
			CHECK_ERROR(answer.operation, ERROR_CAPABILITY);
		}
	}
}

static void control_answers_calls_only(void) {
	static const uint32_t slots[] = {SLOT_SPACE, SLOT_CONTROL, SLOT_INTERRUPTS, SLOT_PORTS};

	for (unsigned int index = 0; index < 4; index++) CHECK_ERROR(send_now(slots[index], SPACE_INFO), ERROR_RIGHT);
}

static void a_capability_without_the_send_right_carries_no_message(void) {
	uint32_t serve = slots_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, serve, RIGHT_SERVE, 0, 0));
	CHECK_ERROR(KERNEL(serve, 0), CALL_FAILED | ERROR_RIGHT);
	CHECK_ERROR(send_now(serve, 0), ERROR_RIGHT);
}

static void a_method_that_the_kernel_does_not_know_is_unknown(void) {
	static const uint32_t slots[] = {SLOT_SPACE, SLOT_CONTROL, SLOT_INTERRUPTS, SLOT_PORTS};
	static const uint32_t labels[] = {0, 1, 0xffff, 0x1ffff, 0x20010, 0x3ffff, 0x1000001, 0xffffffff};

	for (unsigned int slot = 0; slot < 4; slot++)
		for (unsigned int index = 0; index < sizeof(labels) / sizeof(labels[0]); index++)
			CHECK_ERROR(KERNEL(slots[slot], labels[index]), ERROR_UNKNOWN);
}

const struct test phase_tests[] = {
	TEST(a_call_reaches_a_waiting_server_and_the_reply_its_caller),
	TEST(a_call_waits_in_the_queue_until_the_server_receives),
	TEST(queued_callers_are_served_in_the_order_in_which_they_came),
	TEST(a_send_waits_for_a_receiver_and_for_no_reply),
	TEST(a_send_to_a_waiting_receiver_is_delivered_at_once),
	TEST(a_send_that_must_not_wait_fails_and_leaves_nothing_behind),
	TEST(a_send_with_a_receive_phase_does_one_after_the_other),
	TEST(the_result_tells_a_failed_send_from_a_failed_receive),
	TEST(reply_and_receive_answers_one_caller_and_takes_the_next),
	TEST(all_64_words_arrive_in_both_directions),
	TEST(words_in_registers_travel_whatever_the_count_says),
	TEST(operations_that_make_no_sense_are_refused),
	TEST(an_operation_that_asks_for_nothing_does_nothing),
	TEST(tags_that_make_no_sense_are_refused),
	TEST(only_what_is_there_can_be_called),
	TEST(control_answers_calls_only),
	TEST(a_capability_without_the_send_right_carries_no_message),
	TEST(a_method_that_the_kernel_does_not_know_is_unknown),
	TESTS_END,
};
