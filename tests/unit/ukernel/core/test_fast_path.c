/* SPDX-License-Identifier: MIT */
/*
 * The fast path against the general one: the same programs with and without it end in the same state.
 *
 * A program is random: calls, replies, receives, signals, faults, stops, time. It runs twice on equal machines,
 * world_enters() choosing the way in; what users and their controllers can see is compared step by step.
 */
#include "suite.h"

#include <stdio.h>

#include "random.h"

#define SERVERS 3u
#define THREADS 8u
#define STEPS   400u
#define SEEDS   12u

static struct actor *actors[THREADS];
static uint32_t to[THREADS][THREADS]; /* to[a][b]: a's slot for b, badge b */

/* The first run writes down what is seen, the second compares. */
static uint64_t *journal;
static size_t journal_length, journal_size;
static int comparing;
static uint64_t seed_now, step_now;

static void sees(uint64_t value, const char *what) {
	if (!comparing) {
		if (journal_length == journal_size) {
			journal_size = journal_size ? 2 * journal_size : 4096;
			uint64_t *longer = realloc(journal, journal_size * sizeof(*journal));
			ck_assert_ptr_nonnull(longer);
			journal = longer;
		}
		journal[journal_length++] = value;
		return;
	}
	ck_assert_msg(value == journal[journal_length], "seed %lu, step %lu: %s is %lx with the fast path, %lx without",
	              seed_now, step_now, what, journal[journal_length], value);
	journal_length++;
}

static void sees_thread(const struct actor *actor) {
	const struct thread *thread = actor->thread;
	const struct registers *registers = &thread->registers;

	sees(thread->state, "state");
	sees(thread->stops, "stops");
	sees(thread->signals, "signals");
	sees(thread->fault.label, "fault");
	sees(thread->held != NULL, "whether it serves");
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++) sees(registers->words[index], "word");
	sees(registers->operation, "result");
	sees(registers->target, "badge");
	sees(registers->tag, "tag");
	sees(registers->restart, "restart");
	sees(registers->ip, "instruction");
	for (unsigned int index = IPC_WORDS_IN_REGISTERS; index < 16; index++)
		sees(thread->utcb->words[index], "word in the UTCB");
	sees(thread->budget.consumed, "time used");
}

static unsigned int index_of(const struct thread *thread) {
	for (unsigned int index = 0; index < THREADS; index++)
		if (actors[index]->thread == thread) return index;
	return THREADS;
}

static void sees_all(void) {
	sees(index_of(arch_cpu()->current), "who runs");
	sees(fake_time, "time");
	sees(fake_log.switches, "switches");
	for (unsigned int index = 0; index < THREADS; index++) sees_thread(actors[index]);
}

/* The first are servers without time; all may be each other's clients. */
static void given_a_company(void) {
	struct home *homes[3];

	given_a_machine_with(8);
	world_check_every(64);
	for (unsigned int index = 0; index < 3; index++) homes[index] = given_a_space();
	for (unsigned int index = 0; index < THREADS; index++)
		actors[index] = index < SERVERS ? given_a_server(homes[index]) : given_a_thread(homes[index % 3]);
	for (unsigned int from = 0; from < THREADS; from++)
		for (unsigned int target = 0; target < THREADS; target++)
			to[from][target] =
				given_a_capability(actors[target], actors[from]->home,
			                           target == THREADS - 1 ? RIGHT_SIGNAL : RIGHT_SEND, 1 + target);
	for (unsigned int index = SERVERS; index < THREADS; index++) {
		puts_badged(&root, actors[index % SERVERS]->capability, RIGHT_SEND, 100 + index, 0);
		gets(&root, actors[index]->control, THREAD_SET_HANDLER, WORDS(HANDLER_PAGER));
	}
}

/* Mostly what clients and servers do. */
static uint64_t random_operation(unsigned int who) {
	static const uint64_t any[] = {IPC_CALL, IPC_REPLY_RECEIVE, IPC_RECEIVE, IPC_REPLY, IPC_SEND};

	if (!random_below(6)) return any[random_below(sizeof(any) / sizeof(any[0]))];
	if (actors[who]->thread->held) return IPC_REPLY_RECEIVE;
	return who < SERVERS ? IPC_RECEIVE : IPC_CALL;
}

static void random_ipc(unsigned int who) {
	struct thread *thread = actors[who]->thread;
	uint64_t operation = random_operation(who);
	const uint64_t words = random_below(4) ? random_below(9) : random_below(16);
	uint64_t target = 0;

	if (operation == IPC_CALL || operation == IPC_SEND)
		target = to[who][random_below(random_below(8) ? SERVERS : THREADS)];
	if (operation == IPC_CALL && !random_below(20)) target = random_below(200000);
	if ((operation & IPC_RECEIVE) && !random_below(8)) {
		operation |= IPC_DEADLINE;
		thread->utcb->deadline = fake_time + random_below(4) * 3000000;
	}
	if (!random_below(16)) operation |= IPC_RECEIVE_NONBLOCK;
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		thread->registers.words[index] = random_next();
	for (unsigned int index = IPC_WORDS_IN_REGISTERS; index < 16; index++)
		thread->utcb->words[index] = random_next();
	thread->registers.operation = operation;
	thread->registers.target = target;
	thread->registers.tag = IPC_TAG(random_below(3), words, 0) | (random_below(30) ? 0 : IPC_TAG_REFUSED);
	actor_enters_ipc(thread);
	world_enters();
	world_settle();
}

/* Root does something to somebody; for that it must have its turn. */
static void random_control(void) {
	static const uint32_t labels[] = {THREAD_STOP, THREAD_RESUME, THREAD_RESUME, THREAD_CANCEL, THREAD_CANCEL};
	struct actor *actor = actors[random_below(THREADS)];
	const uint64_t what = random_below(7);

	if (what < sizeof(labels) / sizeof(labels[0]))
		(void)asks(&root, actor->control, labels[what], NO_WORDS);
	else
		gets(&root, actor->control, THREAD_SET_BUDGET,
		     WORDS(random_below(3) * 4000000, USUAL_PRIORITY + random_below(2) - 1));
}

static void random_step(void) {
	const unsigned int who = index_of(arch_cpu()->current);

	fake_interrupt_every(random_below(4) ? 0 : 1 + random_below(3));
	if (who == THREADS && arch_cpu()->current) {
		random_control();
		time_passes(USUAL_QUANTUM);
	} else if (who == THREADS || !random_below(6)) {
		time_passes(random_below(12000000));
	} else if (!random_below(16)) {
		faults(actors[who], UINT64_C(0x40100000), PAGE_READ);
	} else {
		random_ipc(who);
	}
	fake_interrupt_every(0);
}

static void runs_program(uint64_t seed, void (*enter)(void)) {
	world_enters = enter;
	random_start(seed);
	given_a_company();
	journal_length = 0;
	seed_now = seed;
	for (step_now = 0; step_now < STEPS; step_now++) {
		random_step();
		sees_all();
	}
	world_enters = kernel_ipc;
}

static uint64_t taken_up;

/* Counts the calls and replies with which the CPU goes on elsewhere at once. */
static void enters_counted(void) {
	const struct thread *before = arch_cpu()->current;
	const uint64_t operation = before->registers.operation;

	kernel_ipc();
	taken_up += (operation == IPC_CALL || operation == IPC_REPLY_RECEIVE) && arch_cpu()->current != before;
}

START_TEST(with_and_without_the_fast_path_programs_do_the_same) {
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		comparing = 0;
		runs_program(seed, enters_counted);
		comparing = 1;
		runs_program(seed, world_enters_slowly);
	}
	ck_assert_msg(taken_up > SEEDS * STEPS / 10, "only %lu calls and replies were taken up at once", taken_up);
	free(journal);
}
END_TEST

SUITE("kernel fast path", with_and_without_the_fast_path_programs_do_the_same)
