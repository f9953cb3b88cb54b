/* SPDX-License-Identifier: MIT */
/*
 * Time: budgets, the scheduler's messages, time that follows calls.
 */
#include "faulting.h"

#include <first/machine.h>

#include "topics.h"

#define MILLISECOND UINT64_C(1000000)

static volatile uint64_t spins[4];

static _Noreturn void spin_run(uint64_t index) {
	for (;;) spins[index]++;
}

/* So many rounds of waiting are tried, each a millisecond or as much longer as the host is busy. */
#define ROUNDS_MAX 5000u

static volatile uint64_t may_answer;

/* Answers each call when it may, and computes until then. */
static _Noreturn void busy_server_run(uint64_t unused) {
	struct raw_ipc ipc = {.operation = IPC_RECEIVE};

	(void)unused;
	for (;;) {
		raw_ipc(&ipc);
		while (!may_answer) spins[3]++;
		ipc = (struct raw_ipc){.operation = IPC_REPLY_RECEIVE};
	}
}

/* A server at its first receive that lives on its callers' time from now on. */
static void given_a_busy_server(struct actor *server) {
	may_answer = 0;
	spins[3] = 0;
	actor_create(server);
	actor_start(server, ENTRY(busy_server_run), 0);
	settle();
	actor_set_budget(server, 0, 0);
}

/* Waits until @counter has moved on: however busy the host is, whoever moves it gets to run. */
static void wait_for_progress(const volatile uint64_t *counter) {
	uint64_t before = *counter;

	for (unsigned int round = 0; *counter == before && round < ROUNDS_MAX; round++) machine_sleep(MILLISECOND);
	CHECK(*counter != before);
}

/* Calls @slot for ever. */
static _Noreturn void caller_run(uint64_t slot) {
	for (;;) {
		struct raw_ipc ipc = {.operation = IPC_CALL, .target = slot};
		raw_ipc(&ipc);
	}
}

static void given_a_spinner(struct actor *actor, uint64_t index, uint64_t quantum) {
	actor_create(actor);
	handler_set(actor, HANDLER_SCHEDULER);
	actor_set_budget(actor, quantum, ACTOR_PRIORITY);
	spins[index] = 0;
	actor_start(actor, ENTRY(spin_run), index);
}

static uint64_t consumed(const struct actor *actor) {
	(void)actor_state(actor);
	return answer.words[4];
}

/* Waits until so much of the CPU's time was put down to @actor, whoever used it. */
static void wait_for_consumption(const struct actor *actor, uint64_t nanoseconds) {
	for (unsigned int round = 0; consumed(actor) < nanoseconds && round < ROUNDS_MAX; round++)
		machine_sleep(MILLISECOND);
	CHECK(consumed(actor) >= nanoseconds);
}

static void a_budget_that_is_used_up_is_told_to_the_scheduler(void) {
	struct actor spinner;

	given_a_spinner(&spinner, 0, 2 * MILLISECOND);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(FAULT_BUDGET, 3, 0));
	CHECK_EQUAL(answer.target, FAULT_BADGE + HANDLER_SCHEDULER);
	CHECK_EQUAL(answer.words[0], spinner.serial);
	CHECK_EQUAL(answer.words[1], 2 * MILLISECOND);
	CHECK_EQUAL(answer.words[2], ACTOR_PRIORITY);
	CHECK(consumed(&spinner) >= 2 * MILLISECOND);
	CHECK_OK(reply_save(slots_take(1)));
}

static void without_an_answer_it_does_not_run(void) {
	struct actor spinner;
	uint64_t before;

	given_a_spinner(&spinner, 0, MILLISECOND);
	CHECK_OK(receive());
	CHECK_OK(reply_save(slots_take(1)));
	before = spins[0];
	machine_sleep(10 * MILLISECOND);
	CHECK_EQUAL(spins[0], before);
}

static void the_answer_says_how_much_time_and_at_which_priority(void) {
	struct actor spinner;
	uint64_t before;

	given_a_spinner(&spinner, 0, MILLISECOND);
	CHECK_OK(receive());
	before = consumed(&spinner);
	CHECK_OK(REPLY(ERROR_OK, 5 * MILLISECOND, 60));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[2], 60);
	CHECK_EQUAL(answer.words[1], MILLISECOND);
	CHECK(consumed(&spinner) - before >= 5 * MILLISECOND);
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[2], 60);
	CHECK_OK(reply_save(slots_take(1)));
}

static void a_scheduler_that_is_lost_leaves_the_thread_its_quantum(void) {
	struct actor spinner;
	uint32_t slot = slots_take(1);

	given_a_spinner(&spinner, 0, MILLISECOND);
	CHECK_OK(receive());
	CHECK_OK(reply_save(slot));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot));
	wait_for_progress(&spins[0]);
}

static void without_a_scheduler_equals_take_turns(void) {
	struct actor actors[2];

	for (unsigned int index = 0; index < 2; index++) {
		actor_create(&actors[index]);
		actor_set_budget(&actors[index], MILLISECOND, ACTOR_PRIORITY);
		spins[index] = 0;
	}
	for (unsigned int index = 0; index < 2; index++) actor_start(&actors[index], ENTRY(spin_run), index);
	for (unsigned int index = 0; index < 2; index++) wait_for_progress(&spins[index]);
	CHECK_DONE();
	machine_sleep(40 * MILLISECOND);
	uint64_t first = consumed(&actors[0]);
	uint64_t second = consumed(&actors[1]);
	tap_note("%lu and %lu ns", (unsigned long)first, (unsigned long)second);
	CHECK(first >= MILLISECOND && second >= MILLISECOND);
	/* While the host does something else, whoever is on the CPU pays for it. */
	if (!machine_counts_instructions()) return;
	CHECK(first < 3 * second && second < 3 * first);
}

static void a_higher_priority_goes_first(void) {
	struct actor low, high;

	actor_create(&low);
	actor_create(&high);
	actor_set_budget(&low, MILLISECOND, ACTOR_PRIORITY - 1);
	spins[0] = 0;
	spins[1] = 0;
	actor_start(&high, ENTRY(spin_run), 1);
	actor_start(&low, ENTRY(spin_run), 0);
	wait_for_consumption(&high, 10 * MILLISECOND);
	CHECK_EQUAL(spins[0], 0);
	CHECK(spins[1] > 0);
	actor_set_budget(&low, MILLISECOND, ACTOR_PRIORITY + 1);
	wait_for_progress(&spins[0]);
}

static void time_follows_a_call_and_returns_with_the_reply(void) {
	struct actor server, caller;

	given_a_busy_server(&server);
	uint64_t own = consumed(&server);
	actor_create(&caller);
	actor_call(&caller, server.thread, 0);
	wait_for_consumption(&caller, 3 * MILLISECOND);
	CHECK(spins[3] > 0);
	may_answer = 1;
	settle();
	CHECK_EQUAL(caller.script->done, 1);
	CHECK_OK(step_result(&caller, 0));
	CHECK_EQUAL(consumed(&server), own);
}

static void a_thread_without_a_budget_never_runs_on_its_own(void) {
	struct actor actor;

	actor_create(&actor);
	actor_set_budget(&actor, 0, ACTOR_PRIORITY);
	spins[0] = 0;
	actor_start(&actor, ENTRY(spin_run), 0);
	machine_sleep(5 * MILLISECOND);
	settle();
	CHECK_EQUAL(spins[0], 0);
	actor_set_budget(&actor, MILLISECOND, ACTOR_PRIORITY);
	wait_for_progress(&spins[0]);
}

static void time_used_up_in_a_call_is_told_to_the_owners_scheduler(void) {
	struct actor server, caller;

	given_a_busy_server(&server);
	actor_create(&caller);
	handler_set(&caller, HANDLER_SCHEDULER);
	actor_set_budget(&caller, 2 * MILLISECOND, ACTOR_PRIORITY);
	actor_call(&caller, server.thread, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_BUDGET);
	CHECK_EQUAL(answer.words[0], caller.serial);
	CHECK_EQUAL(actor_state(&caller), THREAD_STATE_WAITING);
	/* The server goes on when there is time again, where it was. */
	CHECK_OK(REPLY(ERROR_OK, 3600000 * MILLISECOND));
	wait_for_progress(&spins[3]);
	may_answer = 1;
	settle();
	CHECK_EQUAL(caller.script->done, 1);
	CHECK_OK(step_result(&caller, 0));
}

static void time_stays_lent_while_its_owner_is_stopped(void) {
	struct actor server, caller;

	given_a_busy_server(&server);
	actor_create(&caller);
	actor_call(&caller, server.thread, 0);
	wait_for_progress(&spins[3]);
	CHECK_OK(KERNEL(caller.control, THREAD_STOP));
	wait_for_progress(&spins[3]);
	may_answer = 1;
	settle();
	CHECK_EQUAL(actor_state(&server), THREAD_STATE_RECEIVING);
	CHECK_EQUAL(caller.script->done, 0);
	CHECK_OK(KERNEL(caller.control, THREAD_RESUME));
	settle();
	CHECK_EQUAL(caller.script->done, 1);
}

static void a_queued_caller_helps_the_server_it_waits_for(void) {
	struct actor server, low, middle, high;

	given_a_busy_server(&server);
	actor_create(&low);
	actor_set_budget(&low, 10 * MILLISECOND, 10);
	actor_call(&low, server.thread, 0);
	wait_for_progress(&spins[3]);
	/* The server, at priority 10, stands behind a spinner at 50 until somebody at 90 waits for it. */
	actor_create(&middle);
	actor_set_budget(&middle, 10 * MILLISECOND, 50);
	spins[0] = 0;
	actor_start(&middle, ENTRY(spin_run), 0);
	uint64_t before = spins[3];
	wait_for_consumption(&middle, 20 * MILLISECOND);
	CHECK_EQUAL(spins[3], before);
	actor_create(&high);
	actor_set_budget(&high, 10 * MILLISECOND, 90);
	actor_call(&high, server.thread, 0);
	wait_for_progress(&spins[3]);
	may_answer = 1;
	actor_wait(&high, THREAD_STATE_HALTED);
	CHECK_EQUAL(high.script->done, 1);
	CHECK_OK(step_result(&high, 0));
}

static void callers_in_a_ring_wait_and_harm_nobody(void) {
	struct actor ring[3], other;

	for (unsigned int index = 0; index < 3; index++) actor_create(&ring[index]);
	for (unsigned int index = 0; index < 3; index++)
		actor_start(&ring[index], ENTRY(caller_run), ring[(index + 1) % 3].thread);
	actor_create(&other);
	actor_call(&other, SLOT_SELF, 1);
	CHECK_OK(receive());
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	for (unsigned int index = 0; index < 3; index++) CHECK_EQUAL(actor_state(&ring[index]), THREAD_STATE_SENDING);
	CHECK_EQUAL(other.script->done, 1);
}

static void a_worker_with_a_saved_right_uses_its_own_time(void) {
	struct actor caller;
	uint32_t slot = slots_take(1);
	uint64_t before;

	actor_create(&caller);
	actor_call(&caller, SLOT_SELF, 0);
	CHECK_OK(receive());
	CHECK_OK(reply_save(slot));
	CHECK_ERROR(receive_now(), ERROR_WOULD_BLOCK | IPC_RESULT_IN_RECEIVE);
	before = consumed(&caller);
	uint64_t end = machine_now() + 3 * MILLISECOND;
	while (machine_now() < end)
		;
	CHECK(consumed(&caller) - before < MILLISECOND);
	CHECK_OK(reply_to(slot, ERROR_OK));
}

/*
 * A timer that was set for a deadline which is gone goes off at some instruction of a caller on its way to wait: the
 * next to run must not be forgotten over it. Where instructions are counted one of the delays meets the instruction.
 */
static void a_timer_that_comes_for_nothing_does_not_leave_the_cpu_idle(void) {
	for (uint64_t delay = 4000; delay < 12000; delay += 50) {
		struct actor sleeper, caller, queue;

		actor_create(&sleeper);
		actor_create(&caller);
		queue_create(&queue);
		actor_step(&sleeper, IPC_RECEIVE | IPC_DEADLINE, 0, 0);
		actor_step(&sleeper, IPC_RECEIVE, 0, 0);
		sleeper.script->deadline = machine_now() + delay;
		actor_play(&sleeper);
		settle();
		(void)send_now(sleeper.thread, 1);
		actor_call(&caller, queue.thread, 0);
		settle();
		tap_note("after %lu ns", (unsigned long)delay);
		CHECK_DONE();
		machine_reset();
		tap_forget_notes();
	}
}

static void a_priority_above_the_ceiling_is_refused(void) {
	struct actor actor;
	uint32_t slot = slots_take(2);

	actor_create(&actor);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, actor.control, slot, 0,
	                (~UINT64_C(0) << CONTROL_CPUS_SHIFT) | 50, 1));
	CHECK_OK(KERNEL(slot, THREAD_SET_BUDGET, MILLISECOND, 50));
	CHECK_ERROR(KERNEL(slot, THREAD_SET_BUDGET, MILLISECOND, 51), ERROR_RIGHT);
	CHECK_ERROR(KERNEL(slot, THREAD_SET_BUDGET, MILLISECOND, 256), ERROR_RANGE);
	CHECK_ERROR(KERNEL(slot, THREAD_SET_BUDGET, MILLISECOND, ~UINT64_C(0)), ERROR_RANGE);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, slot, slot + 1, 0, ~UINT64_C(0), 1));
	CHECK_ERROR(KERNEL(slot + 1, THREAD_SET_BUDGET, MILLISECOND, 51), ERROR_RIGHT);
}

const struct test time_tests[] = {
	TEST(a_budget_that_is_used_up_is_told_to_the_scheduler),
	TEST(without_an_answer_it_does_not_run),
	TEST(the_answer_says_how_much_time_and_at_which_priority),
	TEST(a_scheduler_that_is_lost_leaves_the_thread_its_quantum),
	TEST(without_a_scheduler_equals_take_turns),
	TEST(a_higher_priority_goes_first),
	TEST(time_follows_a_call_and_returns_with_the_reply),
	TEST(a_thread_without_a_budget_never_runs_on_its_own),
	TEST(time_used_up_in_a_call_is_told_to_the_owners_scheduler),
	TEST(time_stays_lent_while_its_owner_is_stopped),
	TEST(a_queued_caller_helps_the_server_it_waits_for),
	TEST(callers_in_a_ring_wait_and_harm_nobody),
	TEST(a_worker_with_a_saved_right_uses_its_own_time),
	TEST(a_timer_that_comes_for_nothing_does_not_leave_the_cpu_idle),
	TEST(a_priority_above_the_ceiling_is_refused),
	TESTS_END,
};
