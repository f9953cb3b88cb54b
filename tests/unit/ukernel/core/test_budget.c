/* SPDX-License-Identifier: MIT */
/*
 * Budgets that are used up while somebody else has them.
 */
#include "suite.h"

static struct actor *client, *server;

/* The server has taken the client's call, whose scheduler is the server, too, and has time of its own or not. */
static void given_a_server_that_is_its_clients_scheduler(uint64_t quantum) {
	client = given_somebody();
	server = given_a_thread_with(given_a_space(), quantum, USUAL_PRIORITY);
	puts_capability(&root, server->capability, ITEM_DERIVE, RIGHT_SEND, 0);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	given_a_caller_served(client, server);
}

START_TEST(a_server_goes_on_on_its_own_time_when_lent_time_is_used_up) {
	given_a_server_that_is_its_clients_scheduler(USUAL_QUANTUM);
	time_passes(20 * USUAL_QUANTUM);
	ck_assert_uint_eq(client->thread->budget.state, BUDGET_EXHAUSTED);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(server, FAULT_BUDGET, 0);
	ck_assert_uint_eq(word_of(server, 0), client->thread->serial);
	replies(server, ERROR_OK, WORDS(2 * USUAL_QUANTUM));
	ck_assert_uint_eq(client->thread->budget.remaining, 2 * USUAL_QUANTUM);
	runs(client);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_server_goes_on_on_its_own_time_when_it_takes_a_call_with_used_up_time) {
	client = given_somebody();
	server = given_somebody();
	puts_capability(&root, server->capability, ITEM_DERIVE, RIGHT_SEND, 0);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	given_a_caller_queued(client, server);
	while (client->thread->budget.state != BUDGET_EXHAUSTED) time_passes(USUAL_QUANTUM);
	receives(server);
	ck_assert_msg(is_back(server) && label_of(server) != FAULT_BUDGET, "the call came first");
	time_passes(5 * USUAL_QUANTUM);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(server, FAULT_BUDGET, 0);
}
END_TEST

START_TEST(a_quantum_that_is_too_long_is_refused_and_a_longer_grant_is_cut) {
	given_a_server_that_is_its_clients_scheduler(USUAL_QUANTUM);
	ck_assert_uint_eq(asks(&root, client->control, THREAD_SET_BUDGET, WORDS(BUDGET_QUANTUM_MAX + 1, 5)),
	                  ERROR_RANGE);
	gets(&root, client->control, THREAD_SET_BUDGET, WORDS(BUDGET_QUANTUM_MAX, 5));
	time_passes(20 * USUAL_QUANTUM);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(server, FAULT_BUDGET, 0);
	replies(server, ERROR_OK, WORDS(UINT64_MAX));
	ck_assert_uint_eq(client->thread->budget.remaining, BUDGET_QUANTUM_MAX);
}
END_TEST

/* Its message stood in a queue that callers are led away from, and meanwhile there is nobody else to ask. */
START_TEST(a_budget_whose_scheduler_was_taken_away_is_refilled_when_its_message_moves_on) {
	struct actor *other = given_somebody();

	given_a_server_that_is_its_clients_scheduler(USUAL_QUANTUM);
	time_passes(20 * USUAL_QUANTUM);
	ck_assert_uint_eq(client->thread->budget.state, BUDGET_EXHAUSTED);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	puts_capability(&root, server->capability, ITEM_DERIVE, RIGHTS_ALL, 0);
	puts_capability(&root, other->control, ITEM_DERIVE, RIGHTS_ALL, 0);
	gets(&root, server->control, THREAD_REBIND, NO_WORDS);
	ck_assert_uint_ne(client->thread->budget.state, BUDGET_EXHAUSTED);
	replies(server, ERROR_OK, NO_WORDS);
	runs(client);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

SUITE("kernel budgets", a_server_goes_on_on_its_own_time_when_lent_time_is_used_up,
      a_server_goes_on_on_its_own_time_when_it_takes_a_call_with_used_up_time,
      a_quantum_that_is_too_long_is_refused_and_a_longer_grant_is_cut,
      a_budget_whose_scheduler_was_taken_away_is_refilled_when_its_message_moves_on)
