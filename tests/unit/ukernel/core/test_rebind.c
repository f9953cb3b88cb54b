/* SPDX-License-Identifier: MIT */
/*
 * Rebinding: a capability and all derived from it come to reach another thread, whatever is under way through them.
 */
#include "suite.h"

#include <nacre/abi/fault.h>

#define LABEL_ASK UINT32_C(0x1000005)

static struct actor *old, *new, *client, *other_client;
static uint32_t handed_out; /* root's, with a badge: what is re-pointed */
static uint32_t to_old;     /* the client's, derived from that */
static uint32_t beside;     /* the other client's, not derived from that */

/* A capability in @home that comes from root's @source. */
static uint32_t given_from(uint32_t source, struct home *home, unsigned int rights) {
	uint32_t slot = given_a_slot_of(home);

	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE, WORDS(source, slot, rights, 0, 0));
	return slot;
}

static void given_clients_of_the_old(void) {
	old = given_somebody();
	new = given_somebody();
	client = given_somebody();
	other_client = given_somebody();
	handed_out = given_a_capability(old, &root_home, RIGHTS_ALL, 11);
	to_old = given_from(handed_out, client->home, RIGHT_SEND);
	beside = given_a_capability(old, other_client->home, RIGHT_SEND, 12);
}

static error_t rebinds_to(uint32_t slot, const struct actor *from, const struct actor *target) {
	puts_capability(&root, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	puts_capability(&root, target->control, ITEM_DERIVE, 0, 0);
	return asks(&root, from->control, THREAD_REBIND, NO_WORDS);
}

static void assert_serves(struct actor *server, struct actor *caller, uint32_t slot, uint64_t badge) {
	receives(server);
	calls(caller, slot, LABEL_ASK, WORDS(6));
	assert_got(server, LABEL_ASK, badge);
	replies(server, ERROR_OK, WORDS(7));
	assert_got(caller, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(caller, 0), 7);
}

START_TEST(a_capability_and_all_below_it_reach_the_other_thread_with_their_badges) {
	given_clients_of_the_old();
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	assert_serves(new, client, to_old, 11);
	assert_serves(new, &root, handed_out, 11);
	assert_serves(old, other_client, beside, 12);
	gets(&root, new->control, THREAD_STATE, NO_WORDS);
	const uint64_t serial = word_of(&root, 5);
	gets(client, client->home->own, SPACE_CAPABILITY_READ, WORDS(to_old));
	ck_assert_uint_eq(word_of(client, 1), RIGHT_SEND);
	ck_assert_uint_eq(word_of(client, 2), 11);
	ck_assert_uint_eq(word_of(client, 3), serial);
}
END_TEST

START_TEST(callers_in_the_queue_go_along_in_their_order_and_others_stay) {
	struct actor *callers[4];

	given_clients_of_the_old();
	calls(other_client, beside, LABEL_ASK, WORDS(12));
	for (unsigned int index = 0; index < 4; index++) {
		callers[index] = given_somebody();
		calls(callers[index], given_from(handed_out, callers[index]->home, RIGHT_SEND), LABEL_ASK,
		      WORDS(index));
		assert_waiting(callers[index]);
	}
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	time_passes(10 * USUAL_QUANTUM);
	for (unsigned int index = 0; index < 4; index++) {
		receives(new);
		assert_got(new, LABEL_ASK, 11);
		ck_assert_uint_eq(word_of(new, 0), index);
		replies(new, ERROR_OK, NO_WORDS);
		assert_got(callers[index], ERROR_OK, 0);
	}
	receives(old);
	assert_got(old, LABEL_ASK, 12);
	replies(old, ERROR_OK, NO_WORDS);
	assert_got(other_client, ERROR_OK, 0);
	does(old, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(old, ERROR_WOULD_BLOCK);
}
END_TEST

START_TEST(a_call_that_was_taken_is_answered_by_who_took_it) {
	given_clients_of_the_old();
	receives(old);
	calls(client, to_old, LABEL_ASK, WORDS(1));
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	assert_waiting(client);
	replies(old, ERROR_OK, WORDS(2));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 2);
	assert_serves(new, client, to_old, 11);
}
END_TEST

START_TEST(a_saved_right_still_answers_its_call) {
	given_clients_of_the_old();
	uint32_t saved = given_a_slot_of(old->home);
	receives(old);
	calls(client, to_old, LABEL_ASK, WORDS(1));
	ck_assert_uint_eq(saves(old, saved), ERROR_OK);
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	replies_to(old, saved, ERROR_OK, WORDS(2));
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(faults_go_to_the_new_handler) {
	given_clients_of_the_old();
	puts_capability(&root, handed_out, ITEM_DERIVE, RIGHT_SEND, 0);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_PAGER));
	faults(client, UINT64_C(0x12345000), PAGE_READ);
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	receives(new);
	time_passes(4 * USUAL_QUANTUM);
	assert_got(new, FAULT_PAGE, 11);
	replies(new, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(client), "goes on");
}
END_TEST

START_TEST(messages_of_used_up_budgets_go_along) {
	given_clients_of_the_old();
	puts_capability(&root, handed_out, ITEM_DERIVE, RIGHT_SEND, 0);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	runs(client);
	time_passes(2 * USUAL_QUANTUM);
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	does(old, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(old, ERROR_WOULD_BLOCK);
	receives(new);
	assert_got(new, FAULT_BUDGET, 11);
	replies(new, ERROR_OK, NO_WORDS);
	runs(client);
}
END_TEST

START_TEST(a_used_up_budget_whose_scheduler_was_taken_away_is_refilled) {
	given_clients_of_the_old();
	puts_capability(&root, handed_out, ITEM_DERIVE, RIGHT_SEND, 0);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	runs(client);
	time_passes(2 * USUAL_QUANTUM);
	gets(&root, client->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	runs(client);
	time_passes(2 * USUAL_QUANTUM);
	runs(client);
}
END_TEST

START_TEST(signals_that_came_before_stay_and_later_ones_go_to_the_new) {
	given_clients_of_the_old();
	uint32_t signal = given_from(handed_out, client->home, RIGHT_SIGNAL);
	sends(client, signal, 0, NO_WORDS);
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	receives(old);
	ck_assert_uint_eq(word_of(old, 0), 11);
	receives(new);
	assert_waiting(new);
	sends(client, signal, 0, NO_WORDS);
	ck_assert_uint_ne(tag_of(new) & IPC_TAG_SIGNAL, 0);
	ck_assert_uint_eq(word_of(new, 0), 11);
}
END_TEST

START_TEST(what_was_rebound_lives_and_dies_with_the_new_thread) {
	given_clients_of_the_old();
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	gets(&root, old->control, THREAD_DESTROY, NO_WORDS);
	assert_serves(new, client, to_old, 11);
	calls(other_client, beside, LABEL_ASK, NO_WORDS);
	assert_failed(other_client, ERROR_CAPABILITY);
	gets(&root, new->control, THREAD_DESTROY, NO_WORDS);
	calls(client, to_old, LABEL_ASK, NO_WORDS);
	assert_failed(client, ERROR_CAPABILITY);
}
END_TEST

START_TEST(only_capabilities_of_the_two_threads_are_rebound) {
	given_clients_of_the_old();
	uint32_t foreign = given_a_capability(client, &root_home, RIGHT_SEND, 1);
	ck_assert_uint_eq(rebinds_to(foreign, old, new), ERROR_CAPABILITY);
	ck_assert_uint_eq(rebinds_to(old->control, old, new), ERROR_CAPABILITY);
	ck_assert_uint_eq(rebinds_to(given_a_slot(), old, new), ERROR_CAPABILITY);
	puts_capability(&root, handed_out, ITEM_DERIVE, 0, 0);
	puts_capability(&root, new->capability, ITEM_DERIVE, 0, 0);
	ck_assert_uint_eq(asks(&root, old->control, THREAD_REBIND, NO_WORDS), ERROR_CAPABILITY);
	puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	puts_capability(&root, new->control, ITEM_DERIVE, 0, 0);
	ck_assert_uint_eq(asks(&root, old->control, THREAD_REBIND, NO_WORDS), ERROR_ARGUMENT);
	/* What names the other one already is fine: it may have been interrupted. */
	ck_assert_uint_eq(rebinds_to(new->capability, old, new), ERROR_OK);
	assert_serves(old, client, to_old, 11);
}
END_TEST

START_TEST(there_and_back_again_is_where_it_was) {
	given_clients_of_the_old();
	ck_assert_uint_eq(rebinds_to(handed_out, old, new), ERROR_OK);
	ck_assert_uint_eq(rebinds_to(handed_out, new, old), ERROR_OK);
	assert_serves(old, client, to_old, 11);
	ck_assert_uint_eq(rebinds_to(handed_out, old, old), ERROR_OK);
	assert_serves(old, client, to_old, 11);
}
END_TEST

/* --- Interrupted ------------------------------------------------------------------------------------ */

#define CHAIN  20u
#define BRANCH 5u

static uint32_t below[CHAIN + BRANCH]; /* root's, below handed_out: a chain, and branches off its end */
static void (*meanwhile)(void);

static void given_much_below(void) {
	uint32_t source = handed_out;

	for (unsigned int index = 0; index < CHAIN + BRANCH; index++) {
		below[index] = given_from(source, &root_home, RIGHT_SEND);
		if (index < CHAIN) source = below[index];
	}
	calls(client, to_old, LABEL_ASK, WORDS(5));
	assert_waiting(client);
}

static void interrupts_end(void) {
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
}

static void happens_once(void) {
	interrupts_end();
	meanwhile();
}

static error_t rebinds_interrupted(unsigned int nth, void (*what)(void)) {
	meanwhile = what;
	world_on_interrupt = happens_once;
	fake_interrupt_every(nth);
	error_t error = rebinds_to(handed_out, old, new);
	const int came = world_on_interrupt == NULL;
	interrupts_end();
	return came ? error : ERROR_WOULD_BLOCK;
}

static void nothing(void) {}

START_TEST(an_interrupted_rebinding_ends_the_same) {
	for (unsigned int nth = 1;; nth += 3) {
		given_a_machine_with(6);
		given_clients_of_the_old();
		given_much_below();
		error_t error = rebinds_interrupted(nth, nothing);
		for (unsigned int index = 0; index < CHAIN + BRANCH; index++) {
			gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_READ, WORDS(below[index]));
			const uint64_t serial = word_of(&root, 3);
			gets(&root, new->control, THREAD_STATE, NO_WORDS);
			ck_assert_uint_eq(serial, word_of(&root, 5));
		}
		receives(new);
		time_passes(4 * USUAL_QUANTUM);
		assert_got(new, LABEL_ASK, 11);
		if (error == ERROR_WOULD_BLOCK) break; /* no interrupt came any more */
		ck_assert_uint_eq(error, ERROR_OK);
	}
}
END_TEST

static uint32_t control_of_old, control_of_new; /* the other client's */

static void destroys_the_old(void) { gets(other_client, control_of_old, THREAD_DESTROY, NO_WORDS); }
static void destroys_the_new(void) { gets(other_client, control_of_new, THREAD_DESTROY, NO_WORDS); }

/* Either thread may go at any point: no capability is left that names a thread that is gone. */
static void goes_while_rebound(void (*what)(void)) {
	for (unsigned int nth = 1;; nth += 4) {
		given_a_machine_with(6);
		given_clients_of_the_old();
		control_of_old = given_control_of(old, other_client->home);
		control_of_new = given_control_of(new, other_client->home);
		given_much_below();
		error_t error = rebinds_interrupted(nth, what);
		if (error == ERROR_WOULD_BLOCK) break;
		ck_assert_msg(error == ERROR_OK || error == ERROR_CAPABILITY || error == ERROR_GONE, "error %d", error);
		const struct actor *left = what == destroys_the_old ? new : old;
		for (unsigned int index = 0; index < CHAIN + BRANCH; index++) {
			gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_READ, WORDS(below[index]));
			const uint64_t kind = word_of(&root, 0);
			const uint64_t serial = word_of(&root, 3);
			gets(&root, left->control, THREAD_STATE, NO_WORDS);
			ck_assert(kind == KIND_EMPTY || serial == word_of(&root, 5));
		}
	}
}

START_TEST(the_old_thread_may_go_while_its_capabilities_are_rebound) { goes_while_rebound(destroys_the_old); }
END_TEST

START_TEST(the_new_thread_may_go_while_capabilities_are_rebound_to_it) { goes_while_rebound(destroys_the_new); }
END_TEST

SUITE("kernel rebind", a_capability_and_all_below_it_reach_the_other_thread_with_their_badges,
      callers_in_the_queue_go_along_in_their_order_and_others_stay, a_call_that_was_taken_is_answered_by_who_took_it,
      a_saved_right_still_answers_its_call, faults_go_to_the_new_handler, messages_of_used_up_budgets_go_along,
      a_used_up_budget_whose_scheduler_was_taken_away_is_refilled,
      signals_that_came_before_stay_and_later_ones_go_to_the_new, what_was_rebound_lives_and_dies_with_the_new_thread,
      only_capabilities_of_the_two_threads_are_rebound, there_and_back_again_is_where_it_was,
      an_interrupted_rebinding_ends_the_same, the_old_thread_may_go_while_its_capabilities_are_rebound,
      the_new_thread_may_go_while_capabilities_are_rebound_to_it)
