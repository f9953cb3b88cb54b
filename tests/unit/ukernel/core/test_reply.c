/* SPDX-License-Identifier: MIT */
/*
 * Ties: who waits for whose reply, saved rights, and what callers learn when a right is lost.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

static struct actor *client, *server;

static void given_client_and_server(void) {
	client = given_somebody();
	server = given_somebody();
}

/* Returns the server's slot. */
static uint32_t given_a_saved_right(void) {
	given_client_and_server();
	given_a_caller_served(client, server);
	uint32_t slot = given_a_slot_of(server->home);
	ck_assert_uint_eq(saves(server, slot), ERROR_OK);
	return slot;
}

static struct slot *slot_of(const struct actor *actor, uint32_t number) {
	return slot_find(actor->home->space, number);
}

START_TEST(a_saved_right_answers_its_call_once) {
	uint32_t slot = given_a_saved_right();

	assert_waiting(client);
	replies_to(server, slot, ERROR_OK, WORDS(9));
	ck_assert_uint_eq(error_of(server), ERROR_OK);
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 9);
	replies_to(server, slot, ERROR_OK, WORDS(10));
	assert_failed(server, ERROR_CAPABILITY);
	ck_assert_uint_eq(word_of(client, 0), 9);
}
END_TEST

START_TEST(a_server_that_saved_a_right_serves_others_meanwhile) {
	uint32_t slot = given_a_saved_right();
	struct actor *other = given_somebody();

	given_a_caller_served(other, server);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(other, ERROR_OK, 0);
	assert_waiting(client);
	replies_to(server, slot, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_receive_while_holding_an_unsaved_right_is_busy) {
	given_client_and_server();
	given_a_caller_served(client, server);
	receives(server);
	assert_failed(server, ERROR_BUSY);
	assert_waiting(client);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(saving_needs_a_right_and_an_empty_slot) {
	given_client_and_server();
	uint32_t slot = given_a_slot_of(server->home);
	ck_assert_uint_eq(saves(server, slot), ERROR_GONE);
	given_a_caller_served(client, server);
	ck_assert_uint_eq(saves(server, 0), ERROR_RANGE);
	ck_assert_uint_eq(saves(server, SLOT_COUNT), ERROR_RANGE);
	ck_assert_uint_eq(saves(server, SLOTS_PER_PAGE * 5), ERROR_NO_MEMORY);
	ck_assert_uint_eq(saves(server, server->home->own), ERROR_EXISTS);
	assert_waiting(client);
	ck_assert_uint_eq(saves(server, slot), ERROR_OK);
	ck_assert_uint_eq(slot_kind(slot_of(server, slot)), KIND_REPLY);
}
END_TEST

START_TEST(destroying_an_unused_right_ends_the_call_with_peer_lost_once) {
	uint32_t slot = given_a_saved_right();

	gets(server, server->home->own, SPACE_CAPABILITY_DELETE, WORDS(slot));
	assert_failed(client, ERROR_PEER_LOST);
	gets(server, server->home->own, SPACE_CAPABILITY_DELETE, WORDS(slot));
	receives(server); /* until then it has the client's time */
	receives(client);
	assert_waiting(client);
}
END_TEST

START_TEST(replacing_a_saved_right_ends_the_call_with_peer_lost) {
	uint32_t slot = given_a_saved_right();
	uint32_t other = given_an_unbadged_capability(client, server->home, RIGHT_SEND);

	gets(server, server->home->own, SPACE_CAPABILITY_REPLACE, WORDS(other, slot));
	assert_failed(client, ERROR_PEER_LOST);
	ck_assert_uint_eq(slot_kind(slot_of(server, slot)), KIND_THREAD);
	ck_assert_uint_eq(slot_kind(slot_of(server, other)), KIND_EMPTY);
}
END_TEST

START_TEST(a_server_that_dies_answers_held_calls_with_peer_lost_and_queued_ones_with_gone) {
	struct actor *second = given_somebody();

	given_client_and_server();
	given_a_caller_served(client, server);
	given_a_caller_queued(second, server);
	gets(&root, server->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(client, ERROR_PEER_LOST);
	assert_failed(second, ERROR_GONE);
}
END_TEST

START_TEST(a_space_that_dies_takes_its_saved_rights_along) {
	given_a_saved_right();
	gets(&root, server->home->control, SPACE_DESTROY, NO_WORDS);
	assert_failed(client, ERROR_PEER_LOST);
}
END_TEST

START_TEST(a_server_that_faults_keeps_its_callers) {
	given_client_and_server();
	given_a_caller_served(client, server);
	excepts(server, 6, 0, 0);
	ck_assert_uint_eq(server->thread->state, THREAD_HALTED);
	time_passes(5 * USUAL_QUANTUM);
	assert_waiting(client);
	gets(&root, server->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(client, ERROR_PEER_LOST);
}
END_TEST

START_TEST(a_caller_that_was_cancelled_is_gone_for_the_holder_of_its_right) {
	uint32_t slot = given_a_saved_right();

	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(client, ERROR_CANCELLED);
	ck_assert_uint_eq(slot_kind(slot_of(server, slot)), KIND_REPLY);
	replies_to(server, slot, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
	ck_assert_uint_eq(slot_kind(slot_of(server, slot)), KIND_EMPTY);
}
END_TEST

START_TEST(a_caller_that_died_is_gone_for_the_holder_of_its_right) {
	uint32_t slot = given_a_saved_right();

	gets(&root, client->control, THREAD_DESTROY, NO_WORDS);
	replies_to(server, slot, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
}
END_TEST

START_TEST(a_moved_right_still_answers_its_call) {
	uint32_t slot = given_a_saved_right();
	uint32_t other = given_a_slot_of(server->home);

	gets(server, server->home->own, SPACE_CAPABILITY_MOVE, WORDS(slot, other));
	ck_assert_uint_eq(slot_kind(slot_of(server, slot)), KIND_EMPTY);
	replies_to(server, other, ERROR_OK, WORDS(3));
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_right_that_is_worth_nothing_can_be_moved_and_deleted) {
	uint32_t slot = given_a_saved_right();
	uint32_t other = given_a_slot_of(server->home);

	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	gets(server, server->home->own, SPACE_CAPABILITY_MOVE, WORDS(slot, other));
	gets(server, server->home->own, SPACE_CAPABILITY_DELETE, WORDS(other));
	replies_to(server, other, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_right_can_only_be_moved) {
	uint32_t slot = given_a_saved_right();
	uint32_t other = given_a_slot_of(server->home);

	ck_assert_uint_eq(
		asks(server, server->home->own, SPACE_CAPABILITY_DERIVE, WORDS(slot, other, RIGHTS_ALL, 0, 0)),
		ERROR_CAPABILITY);
	ck_assert_uint_eq(asks(server, server->home->own, SPACE_CAPABILITY_SHARE, WORDS(slot, other, RIGHTS_ALL)),
	                  ERROR_CAPABILITY);
	assert_waiting(client);
}
END_TEST

START_TEST(a_right_sent_on_lets_another_answer) {
	struct actor *worker = given_somebody();
	given_client_and_server();
	uint32_t to_worker = given_a_capability(worker, server->home, RIGHT_SEND, 1);
	uint32_t slot = given_a_slot_of(worker->home);

	given_a_caller_served(client, server);
	accepts_slots(worker, slot, 1);
	receives(worker);
	puts_reply_right(server, 0);
	sends(server, to_worker, LABEL_ASK, WORDS(4));
	assert_got(worker, LABEL_ASK, 1);
	ck_assert_uint_eq(item_of(worker, 0)->header & ITEM_TYPE_MASK, ITEM_REPLY_RIGHT);
	ck_assert_uint_eq(item_of(worker, 0)->source, slot);
	replies(server, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
	replies_to(worker, slot, ERROR_OK, WORDS(8));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 8);
}
END_TEST

START_TEST(a_right_travels_with_a_message_that_waited_in_a_queue) {
	struct actor *worker = given_somebody();
	given_client_and_server();
	uint32_t to_worker = given_a_capability(worker, server->home, RIGHT_SEND, 1);
	uint32_t slot = given_a_slot_of(worker->home);

	given_a_caller_served(client, server);
	puts_reply_right(server, 0);
	sends(server, to_worker, LABEL_ASK, NO_WORDS);
	assert_waiting(server);
	accepts_slots(worker, slot, 1);
	receives(worker);
	assert_got(worker, LABEL_ASK, 1);
	ck_assert_uint_eq(error_of(server), ERROR_OK);
	replies_to(worker, slot, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_saved_right_can_be_sent_on_as_a_capability_that_moves) {
	uint32_t saved = given_a_saved_right();
	struct actor *worker = given_somebody();
	uint32_t to_worker = given_a_capability(worker, server->home, RIGHT_SEND, 1);
	uint32_t slot = given_a_slot_of(worker->home);

	accepts_slots(worker, slot, 1);
	receives(worker);
	puts_capability(server, saved, ITEM_MOVE, RIGHTS_ALL, 0);
	sends(server, to_worker, LABEL_ASK, NO_WORDS);
	assert_got(worker, LABEL_ASK, 1);
	replies_to(worker, slot, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_reply_without_a_call_is_gone) {
	given_client_and_server();
	replies(server, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_GONE);
	replies_to(server, server->home->own, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_reply_with_a_bad_tag_keeps_the_right) {
	given_client_and_server();
	given_a_caller_served(client, server);
	does(server, IPC_REPLY, 0, 0, NULL, 65);
	assert_failed(server, ERROR_ARGUMENT);
	assert_waiting(client);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_reply_and_receive_that_cannot_receive_has_replied) {
	given_client_and_server();
	given_a_caller_served(client, server);
	does(server, IPC_REPLY_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, ERROR_OK, NO_WORDS);
	assert_failed(server, ERROR_WOULD_BLOCK);
	ck_assert_uint_ne(result_of(server) & IPC_RESULT_IN_RECEIVE, 0);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(calls_can_be_nested_and_each_answer_finds_its_caller) {
	struct actor *chain[6];

	chain[0] = given_somebody();
	for (unsigned int index = 1; index < 6; index++) {
		chain[index] = given_somebody();
		given_a_caller_served(chain[index - 1], chain[index]);
	}
	for (unsigned int index = 5; index > 0; index--) {
		for (unsigned int above = 0; above < index; above++) assert_waiting(chain[above]);
		replies(chain[index], ERROR_OK, WORDS(index));
		assert_got(chain[index - 1], ERROR_OK, 0);
		ck_assert_uint_eq(word_of(chain[index - 1], 0), index);
	}
}
END_TEST

START_TEST(the_middle_of_a_chain_can_die) {
	struct actor *chain[4];

	chain[0] = given_somebody();
	for (unsigned int index = 1; index < 4; index++) {
		chain[index] = given_somebody();
		given_a_caller_served(chain[index - 1], chain[index]);
	}
	gets(&root, chain[2]->control, THREAD_DESTROY, NO_WORDS);
	assert_failed(chain[1], ERROR_PEER_LOST);
	assert_waiting(chain[0]);
	replies(chain[3], ERROR_OK, NO_WORDS);
	assert_failed(chain[3], ERROR_GONE);
	replies(chain[1], ERROR_OK, NO_WORDS);
	assert_got(chain[0], ERROR_OK, 0);
}
END_TEST

SUITE("kernel reply", a_saved_right_answers_its_call_once, a_server_that_saved_a_right_serves_others_meanwhile,
      a_receive_while_holding_an_unsaved_right_is_busy, saving_needs_a_right_and_an_empty_slot,
      destroying_an_unused_right_ends_the_call_with_peer_lost_once,
      replacing_a_saved_right_ends_the_call_with_peer_lost,
      a_server_that_dies_answers_held_calls_with_peer_lost_and_queued_ones_with_gone,
      a_space_that_dies_takes_its_saved_rights_along, a_server_that_faults_keeps_its_callers,
      a_caller_that_was_cancelled_is_gone_for_the_holder_of_its_right,
      a_caller_that_died_is_gone_for_the_holder_of_its_right, a_moved_right_still_answers_its_call,
      a_right_that_is_worth_nothing_can_be_moved_and_deleted, a_right_can_only_be_moved,
      a_right_sent_on_lets_another_answer, a_right_travels_with_a_message_that_waited_in_a_queue,
      a_saved_right_can_be_sent_on_as_a_capability_that_moves, a_reply_without_a_call_is_gone,
      a_reply_with_a_bad_tag_keeps_the_right, a_reply_and_receive_that_cannot_receive_has_replied,
      calls_can_be_nested_and_each_answer_finds_its_caller, the_middle_of_a_chain_can_die)
