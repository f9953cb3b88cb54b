/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: calls, sends and receives of words; what ends a wait.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

static struct actor *client, *server;
static uint32_t to_server; /* the client's slot */

static void given_client_and_server(void) {
	client = given_somebody();
	server = given_somebody();
	to_server = given_a_capability(server, client->home, RIGHT_SEND, 42);
}

static void receives_until(struct actor *actor, uint64_t deadline) {
	actor->thread->utcb->deadline = deadline;
	does(actor, IPC_RECEIVE | IPC_DEADLINE, 0, 0, NO_WORDS);
}

START_TEST(a_call_takes_words_and_badge_to_the_server_and_the_reply_back) {
	given_client_and_server();
	receives(server);
	calls(client, to_server, LABEL_ASK, WORDS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(IPC_TAG_WORDS(tag_of(server)), 10);
	for (unsigned int index = 0; index < 10; index++) ck_assert_uint_eq(word_of(server, index), index + 1);
	assert_waiting(client);

	reply_receives(server, ERROR_OK, WORDS(11, 12));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 11);
	ck_assert_uint_eq(word_of(client, 1), 12);
	assert_waiting(server);
}
END_TEST

START_TEST(a_call_that_comes_first_waits_until_the_server_receives) {
	given_client_and_server();
	calls(client, to_server, LABEL_ASK, WORDS(7));
	ck_assert_uint_eq(client->thread->state, THREAD_SENDING);
	receives(server);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(word_of(server, 0), 7);
	ck_assert_uint_eq(client->thread->state, THREAD_WAITING);
	replies(server, ERROR_OK, WORDS(8));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 8);
	ck_assert_uint_eq(error_of(server), ERROR_OK);
}
END_TEST

START_TEST(callers_are_served_in_the_order_in_which_they_came) {
	struct actor *clients[3];

	server = given_somebody();
	for (unsigned int index = 0; index < 3; index++) {
		clients[index] = given_somebody();
		uint32_t slot = given_a_capability(server, clients[index]->home, RIGHT_SEND, index);
		calls(clients[index], slot, LABEL_ASK, NO_WORDS);
	}
	receives(server);
	for (unsigned int index = 0; index < 3; index++) {
		assert_got(server, LABEL_ASK, index);
		reply_receives(server, ERROR_OK, NO_WORDS);
		assert_got(clients[index], ERROR_OK, 0);
	}
	assert_waiting(server);
}
END_TEST

START_TEST(all_sixty_four_words_travel_and_all_register_words_always_do) {
	uint64_t words[IPC_WORDS_MAX];

	given_client_and_server();
	for (unsigned int index = 0; index < IPC_WORDS_MAX; index++) words[index] = 1000 + index;
	receives(server);
	calls(client, to_server, LABEL_ASK, words, IPC_WORDS_MAX);
	for (unsigned int index = 0; index < IPC_WORDS_MAX; index++)
		ck_assert_uint_eq(word_of(server, index), 1000 + index);
	reply_receives(server, ERROR_OK, NO_WORDS);
	ck_assert_uint_eq(word_of(client, IPC_WORDS_IN_REGISTERS - 1), 0);
}
END_TEST

START_TEST(words_beyond_the_count_stay_with_the_sender) {
	given_client_and_server();
	receives(server);
	server->thread->utcb->words[9] = 5;
	client->thread->utcb->words[9] = 77;
	runs(client);
	client->thread->registers.operation = IPC_CALL;
	client->thread->registers.target = to_server;
	client->thread->registers.tag = IPC_TAG(LABEL_ASK, 9, 0);
	actor_enters_ipc(client->thread);
	kernel_ipc();
	world_settle();
	ck_assert_uint_eq(server->thread->utcb->words[9], 5);
}
END_TEST

START_TEST(a_one_way_message_is_marked_and_leaves_the_sender_free) {
	given_client_and_server();
	receives(server);
	sends(client, to_server, LABEL_ASK, WORDS(3));
	ck_assert_uint_eq(error_of(client), ERROR_OK);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_ne(tag_of(server) & IPC_TAG_ONE_WAY, 0);
	replies(server, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
}
END_TEST

START_TEST(a_one_way_message_to_a_busy_server_waits_in_its_queue) {
	given_client_and_server();
	sends(client, to_server, LABEL_ASK, WORDS(3));
	assert_waiting(client);
	receives(server);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(error_of(client), ERROR_OK);
	ck_assert_msg(is_back(client), "the sender goes on");
}
END_TEST

START_TEST(a_send_with_receive_goes_on_to_receive_when_the_message_was_taken) {
	given_client_and_server();
	does(client, IPC_SEND | IPC_RECEIVE, to_server, LABEL_ASK, WORDS(3));
	ck_assert_uint_eq(client->thread->state, THREAD_SENDING);
	receives(server);
	assert_got(server, LABEL_ASK, 42);
	time_passes(3 * USUAL_QUANTUM);
	ck_assert_uint_eq(client->thread->state, THREAD_RECEIVING);
	uint32_t back = given_a_capability(client, server->home, RIGHT_SEND, 9);
	sends(server, back, LABEL_ASK, WORDS(4));
	assert_got(client, LABEL_ASK, 9);
	ck_assert_uint_eq(word_of(client, 0), 4);
}
END_TEST

START_TEST(a_nonblocking_send_fails_when_nobody_receives) {
	given_client_and_server();
	does(client, IPC_SEND | IPC_SEND_NONBLOCK, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_WOULD_BLOCK);
	does(client, IPC_CALL | IPC_SEND_NONBLOCK, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_WOULD_BLOCK);
	receives(server);
	does(client, IPC_CALL | IPC_SEND_NONBLOCK, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
}
END_TEST

START_TEST(a_nonblocking_receive_fails_when_nothing_is_there) {
	given_client_and_server();
	does(server, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(server, ERROR_WOULD_BLOCK);
	ck_assert_uint_ne(result_of(server) & IPC_RESULT_IN_RECEIVE, 0);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	does(server, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
}
END_TEST

START_TEST(a_receive_ends_at_its_deadline_and_not_before) {
	given_client_and_server();
	const uint64_t deadline = fake_time + 5 * USUAL_QUANTUM;
	receives_until(server, deadline);
	assert_waiting(server);
	time_passes(deadline - fake_time - 1);
	assert_waiting(server);
	time_passes(1);
	assert_failed(server, ERROR_TIMEOUT);
	ck_assert_uint_ne(result_of(server) & IPC_RESULT_IN_RECEIVE, 0);
}
END_TEST

START_TEST(deadlines_end_in_their_order_whatever_the_order_they_were_set_in) {
	static const unsigned int offsets[] = {7, 3, 9, 1, 5, 8, 2, 6, 4};
	const unsigned int count = sizeof(offsets) / sizeof(offsets[0]);
	struct actor *sleepers[10] = {0};
	struct home *home = given_a_space();
	uint64_t start = fake_time + 1000 * USUAL_QUANTUM;

	for (unsigned int index = 0; index < count; index++) {
		sleepers[offsets[index]] = given_a_thread(home);
		receives_until(sleepers[offsets[index]], start + offsets[index] * USUAL_QUANTUM);
	}
	/* Some wake earlier for other reasons. */
	gets(&root, sleepers[1]->control, THREAD_CANCEL, NO_WORDS);
	gets(&root, sleepers[5]->control, THREAD_CANCEL, NO_WORDS);
	for (unsigned int turn = 2; turn <= count; turn++) {
		time_passes(start + turn * USUAL_QUANTUM - fake_time);
		assert_failed(sleepers[turn], turn == 5 ? ERROR_CANCELLED : ERROR_TIMEOUT);
		if (turn < count && turn + 1 != 5) assert_waiting(sleepers[turn + 1]);
	}
}
END_TEST

START_TEST(a_deadline_that_has_passed_ends_the_receive_at_once) {
	given_client_and_server();
	receives_until(server, fake_time);
	assert_failed(server, ERROR_TIMEOUT);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	receives_until(server, 0);
	assert_got(server, LABEL_ASK, 42);
}
END_TEST

START_TEST(a_message_before_the_deadline_ends_the_receive_once) {
	given_client_and_server();
	receives_until(server, fake_time + 100 * USUAL_QUANTUM);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	time_passes(200 * USUAL_QUANTUM);
	assert_got(server, LABEL_ASK, 42);
}
END_TEST

START_TEST(a_restart_does_not_stretch_a_deadline) {
	given_client_and_server();
	const uint64_t deadline = fake_time + 20 * USUAL_QUANTUM;
	receives_until(server, deadline);
	gets(&root, server->control, THREAD_STOP, NO_WORDS);
	time_passes(10 * USUAL_QUANTUM);
	gets(&root, server->control, THREAD_RESUME, NO_WORDS);
	time_passes(deadline - fake_time);
	time_passes(4 * USUAL_QUANTUM);
	assert_failed(server, ERROR_TIMEOUT);
}
END_TEST

START_TEST(deadlines_and_time_are_in_the_spaces_own_time) {
	const uint64_t offset = UINT64_C(1) << 40;
	given_client_and_server();
	gets(&root, server->home->control, SPACE_SET_TIME_OFFSET, WORDS(offset));
	gets(server, server->home->own, SPACE_INFO, NO_WORDS);
	ck_assert_uint_eq(word_of(server, 0), ABI_VERSION);
	ck_assert_uint_eq(word_of(server, 4), fake_time + offset);
	ck_assert_uint_eq(word_of(server, 5), offset);
	receives_until(server, fake_time + offset + 4 * USUAL_QUANTUM);
	assert_waiting(server);
	time_passes(4 * USUAL_QUANTUM);
	assert_failed(server, ERROR_TIMEOUT);
}
END_TEST

START_TEST(a_negative_offset_makes_early_deadlines_pass_at_once) {
	given_client_and_server();
	gets(&root, server->home->control, SPACE_SET_TIME_OFFSET, WORDS(UINT64_C(1) << 50));
	receives_until(server, 1000);
	assert_failed(server, ERROR_TIMEOUT);
}
END_TEST

START_TEST(cancel_ends_a_receive_a_send_and_a_wait) {
	given_client_and_server();
	receives(server);
	gets(&root, server->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(server, ERROR_CANCELLED);
	ck_assert_uint_ne(result_of(server) & IPC_RESULT_IN_RECEIVE, 0);

	calls(client, to_server, LABEL_ASK, NO_WORDS);
	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(client, ERROR_CANCELLED);
	does(server, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(server, ERROR_WOULD_BLOCK);

	calls(client, to_server, LABEL_ASK, NO_WORDS);
	receives(server);
	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(client, ERROR_CANCELLED);
	replies(server, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
}
END_TEST

START_TEST(cancel_of_a_running_thread_ends_its_next_blocking_ipc) {
	given_client_and_server();
	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_CANCELLED);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	assert_waiting(client);
	gets(&root, server->control, THREAD_CANCEL, NO_WORDS);
	receives(server);
	assert_got(server, LABEL_ASK, 42);
	replies(server, ERROR_OK, NO_WORDS);
	receives(server);
	assert_failed(server, ERROR_CANCELLED);
}
END_TEST

START_TEST(a_stopped_sender_or_receiver_leaves_the_queue_and_comes_back) {
	given_client_and_server();
	calls(client, to_server, LABEL_ASK, WORDS(5));
	gets(&root, client->control, THREAD_STOP, NO_WORDS);
	does(server, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(server, ERROR_WOULD_BLOCK);
	gets(&root, client->control, THREAD_RESUME, NO_WORDS);
	time_passes(3 * USUAL_QUANTUM);
	receives(server);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(word_of(server, 0), 5);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_reply_to_a_stopped_caller_is_delivered_and_kept) {
	given_client_and_server();
	receives(server);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	gets(&root, client->control, THREAD_STOP, NO_WORDS);
	reply_receives(server, ERROR_OK, WORDS(6));
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_ptr_ne(arch_cpu()->current, client->thread);
	gets(&root, client->control, THREAD_RESUME, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 6);
}
END_TEST

START_TEST(a_save_happens_once_even_if_its_call_is_executed_again) {
	struct actor *other = given_somebody();

	given_client_and_server();
	uint32_t to_other = given_a_capability(other, server->home, RIGHT_SEND, 1);
	uint32_t saved = given_a_slot_of(server->home);
	receives(server);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	server->thread->utcb->save_slot = saved;
	does(server, IPC_CALL | IPC_SAVE, to_other, LABEL_ASK, NO_WORDS);
	ck_assert_uint_eq(server->thread->state, THREAD_SENDING);
	gets(&root, server->control, THREAD_STOP, NO_WORDS);
	gets(&root, server->control, THREAD_RESUME, NO_WORDS);
	time_passes(3 * USUAL_QUANTUM);
	ck_assert_uint_eq(server->thread->state, THREAD_SENDING);
	receives(other);
	replies(other, ERROR_OK, NO_WORDS);
	assert_got(server, ERROR_OK, 0);
	replies_to(server, saved, ERROR_OK, WORDS(1));
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(malformed_operations_and_tags_are_refused) {
	given_client_and_server();
	does(client, UINT64_C(1) << 7, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_ARGUMENT);
	does(client, IPC_CALL | IPC_RECEIVE, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_ARGUMENT);
	does(client, IPC_REPLY | IPC_SAVE, 0, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_ARGUMENT);
	does(client, IPC_CALL, to_server, LABEL_ASK, NULL, 65);
	assert_failed(client, ERROR_ARGUMENT);
	does(client, IPC_CALL, to_server, LABEL_ASK, NULL, 0x3000); /* bits 12, 13 */
	assert_failed(client, ERROR_ARGUMENT);
	does(client, IPC_CALL, to_server, LABEL_ASK, NULL, IPC_TAG_ONE_WAY);
	assert_failed(client, ERROR_ARGUMENT);
	client->items = IPC_ITEMS_MAX + 1;
	does(client, IPC_CALL, to_server, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_ARGUMENT);
}
END_TEST

START_TEST(without_a_capability_nothing_is_reached) {
	given_client_and_server();
	uint32_t signal_only = given_a_capability(server, client->home, RIGHT_SIGNAL, 1);
	const uint32_t wrong[] = {0, given_a_slot_of(client->home), SLOTS_PER_PAGE * 3, SLOT_COUNT, UINT32_MAX};
	for (unsigned int index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		calls(client, wrong[index], LABEL_ASK, NO_WORDS);
		assert_failed(client, ERROR_CAPABILITY);
	}
	calls(client, signal_only, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_RIGHT);
	sends(client, client->home->own, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_RIGHT);
	receives_from(client, to_server);
	assert_failed(client, ERROR_RIGHT);
	receives_from(client, client->home->own);
	assert_failed(client, ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_thread_that_calls_itself_waits_until_it_is_cancelled) {
	client = given_somebody();
	uint32_t own = given_a_capability(client, client->home, RIGHT_SEND, 1);
	calls(client, own, LABEL_ASK, NO_WORDS);
	assert_waiting(client);
	time_passes(10 * USUAL_QUANTUM);
	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(client, ERROR_CANCELLED);
}
END_TEST

SUITE("kernel ipc", a_call_takes_words_and_badge_to_the_server_and_the_reply_back,
      a_call_that_comes_first_waits_until_the_server_receives, callers_are_served_in_the_order_in_which_they_came,
      all_sixty_four_words_travel_and_all_register_words_always_do, words_beyond_the_count_stay_with_the_sender,
      a_one_way_message_is_marked_and_leaves_the_sender_free, a_one_way_message_to_a_busy_server_waits_in_its_queue,
      a_send_with_receive_goes_on_to_receive_when_the_message_was_taken, a_nonblocking_send_fails_when_nobody_receives,
      a_nonblocking_receive_fails_when_nothing_is_there, a_receive_ends_at_its_deadline_and_not_before,
      deadlines_end_in_their_order_whatever_the_order_they_were_set_in,
      a_deadline_that_has_passed_ends_the_receive_at_once, a_message_before_the_deadline_ends_the_receive_once,
      a_restart_does_not_stretch_a_deadline, deadlines_and_time_are_in_the_spaces_own_time,
      a_negative_offset_makes_early_deadlines_pass_at_once, cancel_ends_a_receive_a_send_and_a_wait,
      cancel_of_a_running_thread_ends_its_next_blocking_ipc,
      a_stopped_sender_or_receiver_leaves_the_queue_and_comes_back, a_reply_to_a_stopped_caller_is_delivered_and_kept,
      a_save_happens_once_even_if_its_call_is_executed_again, malformed_operations_and_tags_are_refused,
      without_a_capability_nothing_is_reached, a_thread_that_calls_itself_waits_until_it_is_cancelled)
