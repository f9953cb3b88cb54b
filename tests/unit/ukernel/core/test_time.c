/* SPDX-License-Identifier: MIT */
/*
 * Time: whom it belongs to, whom it follows, who is asked when it is used up, whom waiting callers help.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)
#define HIGH      (USUAL_PRIORITY + 10)
#define HELP_HOPS 32u

static struct actor *client, *server, *scheduler;

static uint64_t consumed_by(struct actor *actor) {
	gets(&root, actor->control, THREAD_STATE, NO_WORDS);
	return word_of(&root, 4);
}

static void set_budget(struct actor *actor, uint64_t quantum, unsigned int priority) {
	gets(&root, actor->control, THREAD_SET_BUDGET, WORDS(quantum, priority));
}

/* Root sleeps: what happens meanwhile is between the others. */
static void root_sleeps(uint64_t after) {
	root.thread->utcb->deadline = fake_time + after;
	does(&root, IPC_RECEIVE | IPC_DEADLINE, 0, 0, NO_WORDS);
	time_passes(after);
	assert_failed(&root, ERROR_TIMEOUT);
}

static void given_a_scheduler_of(struct actor *owner) {
	scheduler = given_somebody();
	receives(scheduler);
	puts_badged(&root, scheduler->capability, RIGHT_SEND, 4, 0);
	gets(&root, owner->control, THREAD_SET_HANDLER, WORDS(HANDLER_SCHEDULER));
}

/* --- Round robin and priorities ------------------------------------------------------------------ */

START_TEST(threads_of_one_priority_take_turns_of_their_quantum) {
	struct actor *spinners[3];
	uint64_t before[3];

	for (unsigned int index = 0; index < 3; index++) spinners[index] = given_somebody();
	set_budget(spinners[2], 2 * USUAL_QUANTUM, USUAL_PRIORITY);
	for (unsigned int index = 0; index < 3; index++) before[index] = consumed_by(spinners[index]);
	root_sleeps(40 * USUAL_QUANTUM);
	for (unsigned int index = 0; index < 3; index++) {
		const uint64_t share = (index == 2 ? 20 : 10) * USUAL_QUANTUM;
		const uint64_t took = consumed_by(spinners[index]) - before[index];
		ck_assert_msg(took + 2 * USUAL_QUANTUM >= share && took <= share + 2 * USUAL_QUANTUM,
		              "spinner %u took %lu ns instead of %lu", index, took, share);
	}
}
END_TEST

START_TEST(time_is_neither_lost_nor_invented) {
	struct actor *spinners[3];
	uint64_t before = 0, after = 0;

	for (unsigned int index = 0; index < 3; index++) spinners[index] = given_somebody();
	const uint64_t start = fake_time;
	for (unsigned int index = 0; index < 3; index++) before += consumed_by(spinners[index]);
	before += consumed_by(&root);
	time_passes(12345678);
	for (unsigned int index = 0; index < 3; index++) after += consumed_by(spinners[index]);
	after += consumed_by(&root);
	/* What a thread uses after it was asked is seen by nobody: at most a turn of each. */
	ck_assert_uint_le(after - before, fake_time - start);
	ck_assert_uint_ge(after - before + 8 * USUAL_QUANTUM, fake_time - start);
}
END_TEST

START_TEST(a_thread_of_lower_priority_runs_only_when_no_other_can) {
	struct actor *low = given_a_thread_with(given_a_space(), USUAL_QUANTUM, USUAL_PRIORITY - 1);
	struct actor *high = given_somebody();
	const uint64_t before = consumed_by(low);

	time_passes(50 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(low), before);
	receives(high);
	root_sleeps(5 * USUAL_QUANTUM);
	ck_assert_uint_ge(consumed_by(low), before + 4 * USUAL_QUANTUM);
}
END_TEST

START_TEST(a_deadline_takes_the_cpu_from_a_lower_priority_at_once) {
	struct actor *low = given_somebody();
	struct actor *high = given_somebody();

	set_budget(high, USUAL_QUANTUM, HIGH);
	high->thread->utcb->deadline = fake_time + 3 * USUAL_QUANTUM + 777;
	const uint64_t deadline = high->thread->utcb->deadline;
	does(high, IPC_RECEIVE | IPC_DEADLINE, 0, 0, NO_WORDS);
	runs(low);
	time_passes(deadline - fake_time - 1);
	ck_assert_ptr_ne(arch_cpu()->current, high->thread);
	time_passes(1);
	ck_assert_ptr_eq(arch_cpu()->current, high->thread);
}
END_TEST

START_TEST(a_changed_priority_takes_effect_at_once) {
	struct actor *one = given_somebody();
	struct actor *two = given_somebody();

	set_budget(two, USUAL_QUANTUM, USUAL_PRIORITY - 5);
	const uint64_t before = consumed_by(two);
	time_passes(20 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(two), before);
	set_budget(two, USUAL_QUANTUM, HIGH);
	ck_assert_ptr_eq(arch_cpu()->current, two->thread);
	receives(two);
	set_budget(one, 0, USUAL_PRIORITY);
	const uint64_t at = consumed_by(one);
	time_passes(20 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(one), at);
}
END_TEST

/* --- The message to the scheduler ---------------------------------------------------------------- */

START_TEST(a_used_up_budget_is_a_message_to_its_owners_scheduler) {
	client = given_somebody();
	gets(&root, client->control, THREAD_STATE, NO_WORDS);
	const uint64_t serial = word_of(&root, 5);
	given_a_scheduler_of(client);
	runs(client);
	time_passes(USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
	ck_assert_uint_eq(word_of(scheduler, 0), serial);
	ck_assert_uint_eq(word_of(scheduler, 1), USUAL_QUANTUM);
	ck_assert_uint_eq(word_of(scheduler, 2), USUAL_PRIORITY);
	const uint64_t before = consumed_by(client);
	root_sleeps(20 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(client), before);

	reply_receives(scheduler, ERROR_OK, WORDS(3000, USUAL_PRIORITY + 1));
	ck_assert_ptr_eq(arch_cpu()->current, client->thread);
	time_passes(2999);
	assert_waiting(scheduler);
	time_passes(1);
	assert_got(scheduler, FAULT_BUDGET, 4);
	ck_assert_uint_eq(word_of(scheduler, 1), USUAL_QUANTUM);
	ck_assert_uint_eq(word_of(scheduler, 2), USUAL_PRIORITY + 1);
	ck_assert_uint_eq(consumed_by(client), before + 3000);

	reply_receives(scheduler, ERROR_OK, NO_WORDS);
	time_passes(USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
	ck_assert_uint_eq(consumed_by(client), before + 3000 + USUAL_QUANTUM);
}
END_TEST

START_TEST(a_scheduler_cannot_grant_a_priority_above_the_ceiling) {
	struct home *home = given_a_space();
	uint32_t narrow = given_a_slot();
	puts_capability(&root, ROOT_SLOT_SPACE, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE,
	     WORDS(home->control, narrow, 0, (CONTROL_BADGE_ALL & ~CONTROL_CEILING_MASK) | USUAL_PRIORITY, 1));
	struct home narrow_home = *home;
	narrow_home.control = narrow;
	client = given_a_thread(&narrow_home);
	ck_assert_uint_eq(asks(&root, client->control, THREAD_SET_BUDGET, WORDS(1, USUAL_PRIORITY + 1)), ERROR_RIGHT);
	given_a_scheduler_of(client);
	runs(client);
	time_passes(USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
	reply_receives(scheduler, ERROR_OK, WORDS(0, PRIORITY_MAX));
	gets(&root, client->control, THREAD_STATE, NO_WORDS);
	ck_assert_uint_eq(word_of(&root, 7), USUAL_PRIORITY);
}
END_TEST

START_TEST(a_busy_scheduler_finds_the_message_in_its_queue) {
	client = given_somebody();
	given_a_scheduler_of(client);
	gets(&root, scheduler->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(scheduler, ERROR_CANCELLED);
	runs(client);
	time_passes(USUAL_QUANTUM);
	receives(scheduler);
	assert_got(scheduler, FAULT_BUDGET, 4);
	replies(scheduler, ERROR_OK, NO_WORDS);
	runs(client);
}
END_TEST

START_TEST(the_answer_can_come_later_through_a_saved_right) {
	client = given_somebody();
	given_a_scheduler_of(client);
	uint32_t saved = given_a_slot_of(scheduler->home);
	runs(client);
	time_passes(USUAL_QUANTUM);
	ck_assert_uint_eq(saves(scheduler, saved), ERROR_OK);
	receives(scheduler);
	const uint64_t before = consumed_by(client);
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(client), before);
	/* Deleted unused, the right gives the quantum. */
	gets(&root, scheduler->home->control, SPACE_CAPABILITY_DELETE, WORDS(saved));
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_uint_eq(consumed_by(client), before + USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
}
END_TEST

START_TEST(when_the_scheduler_dies_the_budget_is_refilled) {
	for (unsigned int held = 0; held < 2; held++) {
		client = given_somebody();
		given_a_scheduler_of(client);
		if (!held) gets(&root, scheduler->control, THREAD_STOP, NO_WORDS);
		runs(client);
		time_passes(USUAL_QUANTUM);
		gets(&root, scheduler->control, THREAD_DESTROY, NO_WORDS);
		runs(client);
		time_passes(3 * USUAL_QUANTUM);
		runs(client);
		gets(&root, client->control, THREAD_DESTROY, NO_WORDS);
	}
}
END_TEST

/* --- Time follows calls -------------------------------------------------------------------------- */

static void given_a_client_of_a_server_without_time(void) {
	client = given_somebody();
	server = given_a_server(given_a_space());
}

START_TEST(a_server_works_on_its_callers_time) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	const uint64_t before = consumed_by(client);
	const uint64_t own = consumed_by(server);
	runs(server);
	time_passes(1000);
	ck_assert_ptr_eq(arch_cpu()->current, server->thread);
	ck_assert_uint_ge(consumed_by(client), before + 1000);
	ck_assert_uint_eq(consumed_by(server), own);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	runs(client);
}
END_TEST

START_TEST(without_a_caller_a_thread_without_budget_does_not_run) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	for (unsigned int turn = 0; turn < 20; turn++) {
		time_passes(USUAL_QUANTUM / 2);
		ck_assert_ptr_ne(arch_cpu()->current, server->thread);
	}
}
END_TEST

START_TEST(a_server_runs_at_the_priority_of_whom_it_serves) {
	given_a_client_of_a_server_without_time();
	struct actor *spinner = given_somebody();
	uint32_t slot = given_a_capability(server, client->home, RIGHT_SEND, 1);
	set_budget(client, 5 * USUAL_QUANTUM, HIGH);
	calls(client, slot, LABEL_ASK, NO_WORDS);
	const uint64_t before = spinner->thread->budget.consumed;
	time_passes(4 * USUAL_QUANTUM);
	ck_assert_ptr_eq(arch_cpu()->current, server->thread);
	ck_assert_uint_eq(spinner->thread->budget.consumed, before);
}
END_TEST

START_TEST(the_owners_scheduler_is_asked_when_a_callee_has_used_the_time_up) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	given_a_scheduler_of(client);
	gets(&root, client->control, THREAD_STATE, NO_WORDS);
	const uint64_t serial = word_of(&root, 5);
	runs(server);
	time_passes(2 * USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
	ck_assert_uint_eq(word_of(scheduler, 0), serial);
	/* The callee merely has no time. */
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_ptr_ne(arch_cpu()->current, server->thread);
	reply_receives(scheduler, ERROR_OK, NO_WORDS);
	runs(server);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_second_caller_helps_when_the_first_ones_time_is_used_up) {
	given_a_client_of_a_server_without_time();
	struct actor *second = given_somebody();
	given_a_caller_served(client, server);
	given_a_scheduler_of(client);
	runs(server);
	time_passes(USUAL_QUANTUM);
	assert_got(scheduler, FAULT_BUDGET, 4);
	given_a_caller_queued(second, server);
	runs(server);
	const uint64_t before = consumed_by(second);
	runs(server);
	time_passes(1000);
	ck_assert_uint_ge(consumed_by(second), before + 1000);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	/* Its own call is next, on its own time. */
	ck_assert_uint_eq(second->thread->state, THREAD_WAITING);
	replies(server, ERROR_OK, NO_WORDS);
	assert_got(second, ERROR_OK, 0);
	runs(second);
}
END_TEST

START_TEST(lent_time_stays_while_the_caller_is_stopped_and_comes_back) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	gets(&root, client->control, THREAD_STOP, NO_WORDS);
	runs(server);
	time_passes(3 * USUAL_QUANTUM);
	runs(server);
	reply_receives(server, ERROR_OK, NO_WORDS);
	gets(&root, client->control, THREAD_RESUME, NO_WORDS);
	runs(client);
	assert_got(client, ERROR_OK, 0);
}
END_TEST

START_TEST(a_cancelled_callers_time_comes_back_with_the_callees_next_receive) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	gets(&root, client->control, THREAD_CANCEL, NO_WORDS);
	runs(server);
	receives(server);
	assert_waiting(server);
	runs(client);
	assert_failed(client, ERROR_CANCELLED);
}
END_TEST

START_TEST(a_saved_right_keeps_the_time_until_the_next_receive) {
	given_a_client_of_a_server_without_time();
	given_a_caller_served(client, server);
	uint32_t saved = given_a_slot_of(server->home);
	ck_assert_uint_eq(saves(server, saved), ERROR_OK);
	runs(server);
	time_passes(USUAL_QUANTUM);
	runs(server);
	receives(server);
	/* Now nobody gives it time until somebody calls. */
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_ptr_ne(arch_cpu()->current, server->thread);
	struct actor *second = given_somebody();
	given_a_caller_served(second, server);
	replies_to(server, saved, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	runs(client);
}
END_TEST

SUITE("kernel time", threads_of_one_priority_take_turns_of_their_quantum, time_is_neither_lost_nor_invented,
      a_thread_of_lower_priority_runs_only_when_no_other_can, a_deadline_takes_the_cpu_from_a_lower_priority_at_once,
      a_changed_priority_takes_effect_at_once, a_used_up_budget_is_a_message_to_its_owners_scheduler,
      a_scheduler_cannot_grant_a_priority_above_the_ceiling, a_busy_scheduler_finds_the_message_in_its_queue,
      the_answer_can_come_later_through_a_saved_right, when_the_scheduler_dies_the_budget_is_refilled,
      a_server_works_on_its_callers_time, without_a_caller_a_thread_without_budget_does_not_run,
      a_server_runs_at_the_priority_of_whom_it_serves, the_owners_scheduler_is_asked_when_a_callee_has_used_the_time_up,
      a_second_caller_helps_when_the_first_ones_time_is_used_up,
      lent_time_stays_while_the_caller_is_stopped_and_comes_back,
      a_cancelled_callers_time_comes_back_with_the_callees_next_receive,
      a_saved_right_keeps_the_time_until_the_next_receive)
