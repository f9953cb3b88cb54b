/* SPDX-License-Identifier: MIT */
/*
 * Help: a caller that waits gives its time to whoever it waits for, over at most 32 hops.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)
#define HOPS_MAX  32u

static struct actor *chain[HOPS_MAX + 2];

/* @count servers, each waiting for the next; the last runs. None has time but what @first, who called, has lent. */
static void given_a_chain(struct actor *first, unsigned int count) {
	struct home *home = given_a_space();
	struct actor *caller = first;

	for (unsigned int index = 0; index < count; index++) {
		chain[index] = given_a_server(home);
		given_a_caller_served(caller, chain[index]);
		caller = chain[index];
	}
}

static int gets_time(struct actor *actor) {
	for (unsigned int turn = 0; turn < 20; turn++) {
		if (arch_cpu()->current == actor->thread) return 1;
		time_passes(USUAL_QUANTUM / 2);
	}
	return 0;
}

static void helps_over(unsigned int hops, int expected) {
	struct actor *first = given_somebody();
	struct actor *second = given_somebody();

	given_a_chain(first, hops);
	ck_assert_msg(gets_time(chain[hops - 1]), "the last of the chain runs on the first one's time");
	gets(&root, first->control, THREAD_SET_BUDGET, WORDS(0, USUAL_PRIORITY));
	ck_assert_msg(!gets_time(chain[hops - 1]), "without time nobody runs");
	given_a_caller_queued(second, chain[0]);
	ck_assert_int_eq(gets_time(chain[hops - 1]), expected);
	/* Whether or not it was helped: with time, each answer finds its caller. */
	gets(&root, first->control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY));
	for (unsigned int index = hops; index-- > 0;) {
		gets(&root, chain[index]->control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY));
		reply_receives(chain[index], ERROR_OK, NO_WORDS);
	}
	assert_got(first, ERROR_OK, 0);
	ck_assert_uint_eq(second->thread->state, THREAD_WAITING);
}

START_TEST(a_waiting_caller_helps_over_one_hop) { helps_over(1, 1); }
END_TEST

START_TEST(a_waiting_caller_helps_over_thirty_two_hops) { helps_over(HOPS_MAX, 1); }
END_TEST

START_TEST(a_longer_chain_just_waits) { helps_over(HOPS_MAX + 1, 0); }
END_TEST

START_TEST(a_cycle_waits_and_can_be_cancelled) {
	struct actor *threads[5];
	struct home *home = given_a_space();

	for (unsigned int index = 0; index < 5; index++) threads[index] = given_a_thread(home);
	for (unsigned int index = 0; index < 5; index++)
		given_a_caller_queued(threads[index], threads[(index + 1) % 5]);
	time_passes(20 * USUAL_QUANTUM);
	for (unsigned int index = 0; index < 5; index++) assert_waiting(threads[index]);
	gets(&root, threads[2]->control, THREAD_CANCEL, NO_WORDS);
	assert_failed(threads[2], ERROR_CANCELLED);
	receives(threads[2]);
	replies(threads[2], ERROR_OK, NO_WORDS);
	assert_got(threads[1], ERROR_OK, 0);
}
END_TEST

START_TEST(when_nobody_can_run_the_machine_is_idle_until_a_deadline) {
	struct actor *one = given_somebody();
	struct actor *two = given_somebody();

	given_a_caller_queued(one, two);
	given_a_caller_queued(two, one);
	root.thread->utcb->deadline = fake_time + 10 * USUAL_QUANTUM;
	does(&root, IPC_RECEIVE | IPC_DEADLINE, 0, 0, NO_WORDS);
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_ptr_null(arch_cpu()->current);
	time_passes(5 * USUAL_QUANTUM);
	ck_assert_ptr_eq(arch_cpu()->current, root.thread);
}
END_TEST

START_TEST(a_helper_of_high_priority_pulls_the_server_over_others) {
	struct actor *first = given_somebody();
	struct actor *urgent = given_somebody();
	struct actor *spinner = given_somebody();
	struct actor *server = given_a_server(given_a_space());
	uint32_t slot = given_a_capability(server, urgent->home, RIGHT_SEND, 3);

	given_a_caller_served(first, server);
	receives(urgent);
	gets(&root, urgent->control, THREAD_SET_BUDGET, WORDS(50 * USUAL_QUANTUM, USUAL_PRIORITY + 10));
	gets(&root, urgent->control, THREAD_CANCEL, NO_WORDS);
	calls(urgent, slot, LABEL_ASK, NO_WORDS);
	const uint64_t before = spinner->thread->budget.consumed;
	ck_assert_ptr_eq(arch_cpu()->current, server->thread);
	time_passes(20 * USUAL_QUANTUM);
	ck_assert_ptr_eq(arch_cpu()->current, server->thread);
	ck_assert_uint_eq(spinner->thread->budget.consumed, before);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(server, LABEL_ASK, 3);
	assert_got(first, ERROR_OK, 0);
}
END_TEST

START_TEST(a_helper_that_is_cancelled_or_stopped_takes_its_time_along) {
	for (unsigned int stopped = 0; stopped < 2; stopped++) {
		struct actor *first = given_somebody();
		struct actor *second = given_somebody();
		struct actor *server = given_a_server(given_a_space());
		given_a_caller_served(first, server);
		gets(&root, first->control, THREAD_SET_BUDGET, WORDS(0, USUAL_PRIORITY));
		given_a_caller_queued(second, server);
		ck_assert_msg(gets_time(server), "it is helped");
		gets(&root, second->control, stopped ? THREAD_STOP : THREAD_CANCEL, NO_WORDS);
		ck_assert_msg(!gets_time(server), "without help it has no time");
		if (!stopped) continue;
		gets(&root, second->control, THREAD_RESUME, NO_WORDS);
		ck_assert_msg(gets_time(server), "it is helped again");
	}
}
END_TEST

START_TEST(many_helpers_of_one_server_are_served_in_turn_with_interrupts_between) {
	enum { HELPERS = 40 };
	struct actor *helpers[HELPERS];
	struct home *home = given_a_space();
	struct actor *server = given_a_thread(given_a_space());

	for (unsigned int index = 0; index < HELPERS; index++) {
		helpers[index] = given_a_thread(home);
		given_a_caller_queued(helpers[index], server);
	}
	gets(&root, server->control, THREAD_SET_BUDGET, WORDS(0, USUAL_PRIORITY));
	gets(&root, server->control, THREAD_STOP, NO_WORDS);
	time_passes(100 * USUAL_QUANTUM);
	fake_interrupt_every(1);
	gets(&root, server->control, THREAD_RESUME, NO_WORDS);
	for (unsigned int index = 0; index < HELPERS; index++) {
		receives(server);
		ck_assert_uint_eq(helpers[index]->thread->state, THREAD_WAITING);
		replies(server, ERROR_OK, WORDS(index));
		assert_got(helpers[index], ERROR_OK, 0);
		ck_assert_uint_eq(word_of(helpers[index], 0), index);
	}
	fake_interrupt_every(0);
}
END_TEST

SUITE("kernel help", a_waiting_caller_helps_over_one_hop, a_waiting_caller_helps_over_thirty_two_hops,
      a_longer_chain_just_waits, a_cycle_waits_and_can_be_cancelled,
      when_nobody_can_run_the_machine_is_idle_until_a_deadline, a_helper_of_high_priority_pulls_the_server_over_others,
      a_helper_that_is_cancelled_or_stopped_takes_its_time_along,
      many_helpers_of_one_server_are_served_in_turn_with_interrupts_between)
