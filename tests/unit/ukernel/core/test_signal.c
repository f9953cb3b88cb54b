/* SPDX-License-Identifier: MIT */
/*
 * Signals, and several workers at one queue.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

#define assert_signalled(actor, bits)                                 \
	do {                                                          \
		assert_got(actor, 0, 0);                              \
		ck_assert_uint_ne(tag_of(actor) & IPC_TAG_SIGNAL, 0); \
		ck_assert_uint_eq(word_of(actor, 0), (bits));         \
	} while (0)

START_TEST(a_signal_wakes_a_receiver_with_the_word) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t slot = given_a_capability(waiter, sender->home, RIGHT_SIGNAL, 0x12);

	receives(waiter);
	sends(sender, slot, 0, NO_WORDS);
	ck_assert_uint_eq(error_of(sender), ERROR_OK);
	assert_signalled(waiter, 0x12);
	ck_assert_uint_eq(waiter->thread->signals, 0);
}
END_TEST

START_TEST(signals_gather_until_they_are_received_once) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t first = given_a_capability(waiter, sender->home, RIGHT_SIGNAL, 1);
	uint32_t second = given_a_capability(waiter, sender->home, RIGHT_SIGNAL, 4);

	sends(sender, first, 0, NO_WORDS);
	sends(sender, second, 0, NO_WORDS);
	sends(sender, first, 0, NO_WORDS);
	receives(waiter);
	assert_signalled(waiter, 5);
	does(waiter, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(waiter, ERROR_WOULD_BLOCK);
}
END_TEST

START_TEST(signals_come_before_queued_calls) {
	struct actor *client = given_somebody();
	struct actor *server = given_somebody();
	uint32_t signal = given_a_capability(server, client->home, RIGHT_SIGNAL, 8);

	sends(client, signal, 0, NO_WORDS);
	given_a_caller_queued(client, server);
	receives(server);
	assert_signalled(server, 8);
	receives(server);
	ck_assert_uint_eq(client->thread->state, THREAD_WAITING);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_wait_for_a_reply_is_not_disturbed_by_signals) {
	struct actor *client = given_somebody();
	struct actor *server = given_somebody();
	uint32_t signal = given_a_capability(client, server->home, RIGHT_SIGNAL, 2);

	given_a_caller_served(client, server);
	sends(server, signal, 0, NO_WORDS);
	assert_waiting(client);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	receives(client);
	assert_signalled(client, 2);
}
END_TEST

START_TEST(a_signal_capability_only_sends) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t slot = given_a_capability(waiter, sender->home, RIGHT_SIGNAL, 1);

	calls(sender, slot, 0, NO_WORDS);
	assert_failed(sender, ERROR_RIGHT);
	receives_from(sender, slot);
	assert_failed(sender, ERROR_RIGHT);
}
END_TEST

START_TEST(a_capability_that_may_also_send_carries_a_message) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t slot = given_a_capability(waiter, sender->home, RIGHT_SIGNAL | RIGHT_SEND, 1);

	receives(waiter);
	sends(sender, slot, LABEL_ASK, WORDS(5));
	assert_got(waiter, LABEL_ASK, 1);
	ck_assert_uint_eq(tag_of(waiter) & IPC_TAG_SIGNAL, 0);
}
END_TEST

START_TEST(a_send_through_a_signal_capability_can_go_on_to_receive) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t slot = given_a_capability(waiter, sender->home, RIGHT_SIGNAL, 1);

	receives(waiter);
	does(sender, IPC_SEND | IPC_RECEIVE, slot, 0, NO_WORDS);
	assert_waiting(sender);
	assert_signalled(waiter, 1);
}
END_TEST

START_TEST(a_signal_to_an_unbadged_capability_does_nothing) {
	struct actor *sender = given_somebody();
	struct actor *waiter = given_somebody();
	uint32_t slot = given_an_unbadged_capability(waiter, sender->home, RIGHT_SIGNAL);

	receives(waiter);
	sends(sender, slot, 0, NO_WORDS);
	assert_waiting(waiter);
}
END_TEST

/* --- Several workers ----------------------------------------------------------------------------- */

struct workshop {
	struct actor *queue;
	struct actor *workers[3];
	uint32_t serve[3]; /* the workers' slots */
};

static struct workshop given_a_workshop(void) {
	struct workshop shop = {.queue = given_a_queue(given_a_space())};

	for (unsigned int index = 0; index < 3; index++) {
		shop.workers[index] = given_somebody();
		shop.serve[index] = given_an_unbadged_capability(shop.queue, shop.workers[index]->home, RIGHT_SERVE);
	}
	return shop;
}

START_TEST(calls_to_a_queue_go_to_whichever_worker_receives) {
	struct workshop shop = given_a_workshop();
	struct actor *clients[3];

	for (unsigned int index = 0; index < 3; index++) receives_from(shop.workers[index], shop.serve[index]);
	for (unsigned int index = 0; index < 3; index++) {
		clients[index] = given_somebody();
		uint32_t slot = given_a_capability(shop.queue, clients[index]->home, RIGHT_SEND, index);
		calls(clients[index], slot, LABEL_ASK, NO_WORDS);
		assert_got(shop.workers[index], LABEL_ASK, index);
	}
	for (unsigned int index = 3; index-- > 0;) {
		replies(shop.workers[index], ERROR_OK, WORDS(index));
		assert_got(clients[index], ERROR_OK, 0);
		ck_assert_uint_eq(word_of(clients[index], 0), index);
	}
}
END_TEST

START_TEST(a_queue_keeps_callers_until_a_worker_comes) {
	struct workshop shop = given_a_workshop();
	struct actor *client = given_somebody();
	uint32_t slot = given_a_capability(shop.queue, client->home, RIGHT_SEND, 6);

	calls(client, slot, LABEL_ASK, NO_WORDS);
	time_passes(5 * USUAL_QUANTUM);
	receives_from(shop.workers[1], shop.serve[1]);
	assert_got(shop.workers[1], LABEL_ASK, 6);
	does(shop.workers[1], IPC_REPLY_RECEIVE, IPC_TARGET(0, shop.serve[1]), ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	assert_waiting(shop.workers[1]);
}
END_TEST

START_TEST(a_signal_to_a_queue_wakes_one_worker) {
	struct workshop shop = given_a_workshop();
	struct actor *client = given_somebody();
	uint32_t slot = given_a_capability(shop.queue, client->home, RIGHT_SIGNAL, 6);

	receives_from(shop.workers[0], shop.serve[0]);
	receives_from(shop.workers[1], shop.serve[1]);
	sends(client, slot, 0, NO_WORDS);
	assert_signalled(shop.workers[0], 6);
	assert_waiting(shop.workers[1]);
}
END_TEST

START_TEST(a_worker_can_still_be_called_itself) {
	struct workshop shop = given_a_workshop();
	struct actor *client = given_somebody();

	receives(shop.workers[0]);
	given_a_caller_served(client, shop.workers[0]);
	replies(shop.workers[0], ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(workers_and_callers_of_a_queue_that_dies_learn_it) {
	struct workshop shop = given_a_workshop();
	struct actor *client = given_somebody();

	receives_from(shop.workers[0], shop.serve[0]);
	receives_from(shop.workers[2], shop.serve[2]);
	gets(&root, shop.queue->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(shop.workers[0], ERROR_GONE);
	ck_assert_uint_ne(result_of(shop.workers[0]) & IPC_RESULT_IN_RECEIVE, 0);
	assert_failed(shop.workers[2], ERROR_GONE);
	receives_from(shop.workers[1], shop.serve[1]);
	assert_failed(shop.workers[1], ERROR_CAPABILITY);

	shop = given_a_workshop();
	given_a_caller_queued(client, shop.queue);
	gets(&root, shop.queue->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(client, ERROR_GONE);
}
END_TEST

START_TEST(a_queue_cannot_be_started_or_resumed) {
	struct actor *queue = given_a_queue(given_a_space());

	ck_assert_uint_eq(asks(&root, queue->control, THREAD_START, WORDS(0x1000, 0x2000)), ERROR_STATE);
	ck_assert_uint_eq(asks(&root, queue->control, THREAD_RESUME, NO_WORDS), ERROR_STATE);
	ck_assert_uint_eq(asks(&root, queue->control, THREAD_GET_REGISTERS, NO_WORDS), ERROR_STATE);
	gets(&root, queue->control, THREAD_STATE, NO_WORDS);
	ck_assert_uint_eq(word_of(&root, 0), THREAD_STATE_QUEUE);
}
END_TEST

START_TEST(a_successor_takes_over_the_queue_of_a_crashed_worker) {
	struct workshop shop = given_a_workshop();
	struct actor *client = given_somebody();
	struct actor *second = given_somebody();
	uint32_t slot = given_a_capability(shop.queue, client->home, RIGHT_SEND, 1);
	uint32_t other = given_a_capability(shop.queue, second->home, RIGHT_SEND, 2);

	receives_from(shop.workers[0], shop.serve[0]);
	calls(client, slot, LABEL_ASK, NO_WORDS);
	excepts(shop.workers[0], 6, 0, 0);
	calls(second, other, LABEL_ASK, NO_WORDS);
	receives_from(shop.workers[1], shop.serve[1]);
	assert_got(shop.workers[1], LABEL_ASK, 2);
	replies(shop.workers[1], ERROR_OK, NO_WORDS);
	assert_got(second, ERROR_OK, 0);
	assert_waiting(client);
	gets(&root, shop.workers[0]->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(client, ERROR_PEER_LOST);
}
END_TEST

SUITE("kernel signal", a_signal_wakes_a_receiver_with_the_word, signals_gather_until_they_are_received_once,
      signals_come_before_queued_calls, a_wait_for_a_reply_is_not_disturbed_by_signals, a_signal_capability_only_sends,
      a_capability_that_may_also_send_carries_a_message, a_send_through_a_signal_capability_can_go_on_to_receive,
      a_signal_to_an_unbadged_capability_does_nothing, calls_to_a_queue_go_to_whichever_worker_receives,
      a_queue_keeps_callers_until_a_worker_comes, a_signal_to_a_queue_wakes_one_worker,
      a_worker_can_still_be_called_itself, workers_and_callers_of_a_queue_that_dies_learn_it,
      a_queue_cannot_be_started_or_resumed, a_successor_takes_over_the_queue_of_a_crashed_worker)
