/* SPDX-License-Identifier: MIT */
/*
 * Random register states: given to a thread that then runs with them, wherever that leads.
 *
 * The thread lives in a child with nothing but a queue to call. It runs into random instructions
 * of this program's own code, calls the kernel with what its registers hold, and faults.
 */
#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include <nacre/start.h>

#include "random.h"
#include "tests.h"

#define MILLISECOND UINT64_C(1000000)
#define PATIENCE    MILLISECOND

struct subject {
	struct child space;
	struct actor thread;
};

static void handler_set(const struct subject *subject, uint64_t which) {
	give_capability(SLOT_SELF);
	CHECK_OK(KERNEL(subject->thread.control, THREAD_SET_HANDLER, which));
}

static void subject_make(struct subject *subject) {
	child_create(&subject->space);
	actor_create_in(&subject->space, &subject->thread);
	CHECK_DONE();
	handler_set(subject, HANDLER_PAGER);
	handler_set(subject, HANDLER_EXCEPTION);
	child_give_badged(&subject->space, SLOT_SELF, 1, RIGHT_SEND, 1);
	actor_step(&subject->thread, IPC_NO_SEND, 0, 0);
	actor_play(&subject->thread);
}

static struct abi_registers random_registers(struct random *random) {
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++) words[index] = random_edge(random);
	if (!random_one_in(random, 8)) {
		registers.fs_base = random_next(random) >> 18;
		registers.gs_base = random_next(random) >> 18;
	}
	if (!random_one_in(random, 8)) registers.rip = start_info()->load_address + random_below(random, 0x10000);
	if (random_one_in(random, 2)) registers.rax = random_below(random, IPC_OPERATION_ALL + 1);
	return registers;
}

static int are_lawful(const struct abi_registers *registers) {
	return registers->rip < ADDRESS_END && registers->fs_base < ADDRESS_END && registers->gs_base < ADDRESS_END;
}

/* Waits for the thread's next message; gives it a push when it waits for nobody. */
static void next_message(const struct subject *subject) {
	for (unsigned int round = 0; round < 1000; round++) {
		if (receive_until(0, machine_now() + PATIENCE) == 0) return;
		CHECK_OK(KERNEL(subject->thread.control, THREAD_CANCEL));
		if (actor_state(&subject->thread) == THREAD_STATE_HALTED) return;
		/* It may run in a circle: stopped, it can be turned round. */
		CHECK_OK(KERNEL(subject->thread.control, THREAD_STOP));
		uint64_t result = KERNEL(subject->thread.control, THREAD_GET_REGISTERS);
		CHECK(result == ERROR_OK || result == ERROR_STATE);
		if (result == ERROR_OK && answer_word(16) < ADDRESS_END) {
			uint64_t words[ABI_REGISTER_WORDS] = {0};
			CHECK_OK(kernel_call(subject->thread.control, THREAD_SET_REGISTERS, words, ABI_REGISTER_WORDS));
		}
		CHECK_OK(KERNEL(subject->thread.control, THREAD_RESUME));
	}
	const int has_spoken = 0;
	CHECK(has_spoken);
}

/* Answers an exception with registers; the law says whether it runs with them. */
static void answer_exception(const struct subject *subject, struct random *random) {
	const struct abi_registers registers = random_registers(random);
	const uint64_t *words = (const uint64_t *)&registers;

	CHECK_OK(reply_words(ERROR_OK, words, ABI_REGISTER_WORDS));
	if (are_lawful(&registers)) return;
	CHECK_EQUAL(actor_state(&subject->thread), THREAD_STATE_HALTED);
}

/* Sets a halted thread going again, at last with lawful registers. */
static void revive(const struct subject *subject, struct random *random) {
	CHECK_OK(KERNEL(subject->thread.control, THREAD_STOP));
	for (;;) {
		const struct abi_registers registers = random_registers(random);
		uint64_t result = kernel_call(subject->thread.control, THREAD_SET_REGISTERS,
		                              (const uint64_t *)&registers, ABI_REGISTER_WORDS);
		CHECK_ERROR(result, are_lawful(&registers) ? ERROR_OK : ERROR_RANGE);
		if (result == ERROR_OK) break;
	}
	CHECK_OK(KERNEL(subject->thread.control, THREAD_RESUME));
}

static void a_thread_with_any_registers_harms_only_itself(void) {
	struct random random = {hostile_seed()};
	struct subject subject;
	uint64_t rounds = hostile_rounds(5000);
	uint64_t exceptions = 0;

	subject_make(&subject);
	CHECK_DONE();
	for (uint64_t round = 0; round < rounds; round++) {
		tap_forget_notes();
		tap_note("round %lu", (unsigned long)round);
		if (actor_state(&subject.thread) == THREAD_STATE_HALTED) revive(&subject, &random);
		next_message(&subject);
		CHECK_DONE();
		if (answer.operation != 0) continue;
		if (IPC_TAG_LABEL(answer.tag) == FAULT_EXCEPTION) {
			exceptions++;
			answer_exception(&subject, &random);
		} else if (!(answer.tag & (IPC_TAG_SIGNAL | IPC_TAG_ONE_WAY))) {
			CHECK_OK(REPLY(ERROR_LIMIT));
		}
		CHECK_DONE();
	}
	tap_figure("%lu exceptions in %lu rounds", (unsigned long)exceptions, (unsigned long)rounds);
	CHECK(exceptions > rounds / 10);
}

const struct test wild_register_tests[] = {
	TEST(a_thread_with_any_registers_harms_only_itself),
	TESTS_END,
};
