/* SPDX-License-Identifier: MIT */
/*
 * Sieges: attackers with random system calls, served by a main thread that answers at random.
 *
 * An attacker owns its space, its threads, frames, interrupt lines, ports, queues: all that a
 * context can be given, at a priority that cannot starve the main thread. Whatever it does, the
 * kernel stands, a bystander is left alone, and all frames come back.
 */
#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "attacker.h"
#include "random.h"
#include "tests.h"

#define PAGE        UINT64_C(4096)
#define MILLISECOND UINT64_C(1000000)
#define CEILING     UINT64_C(90)
#define NARROW      ((~UINT64_C(0) << CONTROL_CPUS_SHIFT) | CEILING)
#define FRAMES      48u
#define THREADS     2u
/* Rounds without a message after which attackers are beyond help. */
#define SILENCE_MAX 100u
#define PATTERN     UINT64_C(0x1122334455667788)
/* Lines and ports that nothing is connected to. */
#define LINE_FIRST 20u
#define LINE_COUNT 3u
#define PORT_FIRST 0x80u
#define PORT_COUNT 4u

static struct attack attacks[THREADS];

static volatile uint64_t bystander_rounds, bystander_bad;

struct siege {
	struct child space, bystander_space, empty;
	struct actor attackers[THREADS], bystander, queue, scheduler;
	uint64_t frames;
	uint32_t saved; /* slots for reply rights, and for what attackers send */
};

/* Keeps a pattern in its registers and memory. */
static _Noreturn void bystander_run(volatile uint64_t *memory) {
	for (;;) {
		uint64_t kept;
		for (unsigned int index = 0; index < 512; index++) memory[index] = PATTERN + index;
		__asm__ volatile("movq %1, %%xmm3\n\tmovq %1, %0\n\t"
		                 "movl $2000, %%ecx\n1:\tloop 1b\n\t"
		                 "movq %%xmm3, %%rcx\n\tcmpq %%rcx, %0\n\tje 2f\n\txorl %k0, %k0\n2:"
		                 : "=&r"(kept)
		                 : "r"(PATTERN)
		                 : "rcx", "xmm3", "cc");
		bystander_bad += kept != PATTERN;
		for (unsigned int index = 0; index < 512; index++) bystander_bad += memory[index] != PATTERN + index;
		bystander_rounds++;
	}
}

/*
 * Gives attackers time again. Not the main thread's task: it serves attackers, on their time, and
 * would wait for itself when that ends.
 */
static _Noreturn void scheduler_run(uint64_t seed) {
	struct random random = {seed};
	struct raw_ipc ipc = {.operation = IPC_RECEIVE};

	for (;;) {
		raw_ipc(&ipc);
		ipc = (struct raw_ipc){.operation = IPC_REPLY_RECEIVE, .tag = IPC_TAG(0, 2, 0)};
		ipc.words[0] = random_below(&random, MILLISECOND);
		ipc.words[1] = random_one_in(&random, 10) ? random_below(&random, 256) : CEILING;
	}
}

static void handlers_set(const struct siege *siege, const struct actor *actor) {
	for (uint64_t which = 0; which < HANDLER_COUNT; which++) {
		give_capability(which == HANDLER_SCHEDULER ? siege->scheduler.thread : SLOT_SELF);
		CHECK_OK(KERNEL(actor->control, THREAD_SET_HANDLER, which));
	}
}

static void give(const struct siege *siege, uint32_t from, uint64_t slot, uint64_t badge) {
	give_capability(siege->space.space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, from, slot, RIGHTS_ALL, badge, badge != 0));
}

static void give_range(const struct siege *siege, uint32_t from, uint32_t label, uint64_t first, uint64_t count,
                       uint64_t slot) {
	uint32_t part = slots_expect(1);

	CHECK_OK(KERNEL(from, label, first, count));
	give(siege, part, slot, 0);
}

/* Slots 1 to ATTACKER_SLOTS - 1 of the attackers' space; some stay empty. */
static void capabilities_give(const struct siege *siege) {
	give(siege, SLOT_SELF, 1, 7);
	give(siege, siege->space.space, 2, NARROW);
	for (unsigned int index = 0; index < THREADS; index++) {
		give(siege, siege->attackers[index].control, 3 + 2 * index, NARROW);
		give(siege, siege->attackers[index].thread, 4 + 2 * index, 0);
	}
	give(siege, siege->empty.space, 7, NARROW);
	give(siege, siege->queue.control, 8, NARROW);
	give(siege, siege->queue.thread, 9, 0);
	give(siege, siege->queue.signal, 10, 0);
	give(siege, siege->bystander.signal, 11, 0);
	give_range(siege, SLOT_INTERRUPTS, INTERRUPT_DERIVE, LINE_FIRST, LINE_COUNT, 12);
	give_range(siege, SLOT_PORTS, PORTS_DERIVE, PORT_FIRST, PORT_COUNT, 13);
}

static void bystander_make(struct siege *siege) {
	child_create(&siege->bystander_space);
	actor_create_in(&siege->bystander_space, &siege->bystander);
	/*
	 * The main thread serves attackers at their priority, whatever they make of it: a bystander
	 * above that would keep it from ever answering.
	 */
	actor_set_budget(&siege->bystander, MILLISECOND, 0);
	child_map(&siege->bystander_space, frames_take(1), CHILD_SCRATCH, 1, PAGE_READ | PAGE_WRITE);
	CHECK_DONE();
	actor_start(&siege->bystander, ENTRY(bystander_run), CHILD_SCRATCH);
}

static void attackers_make(struct siege *siege, uint64_t seed, uint64_t steps) {
	child_create(&siege->space);
	for (unsigned int index = 0; index < THREADS; index++) {
		actor_create_in(&siege->space, &siege->attackers[index]);
		actor_set_budget(&siege->attackers[index], MILLISECOND / 10, CEILING);
		handlers_set(siege, &siege->attackers[index]);
	}
	CHECK_DONE();
	for (unsigned int index = 0; index < THREADS; index++) {
		struct attack *attack = child_view(&siege->space, &attacks[index]);
		*attack = (struct attack){
			.seed = seed * 1000 + index,
			.steps = steps,
			.utcb = (struct utcb *)siege->attackers[index].utcb,
			.other = (struct utcb *)siege->attackers[(index + 1) % THREADS].utcb,
		};
	}
	siege->frames = frames_take(FRAMES);
	child_map(&siege->space, siege->frames, CHILD_SCRATCH, FRAMES, PAGE_RIGHTS | MAP_HOLD);
}

static void siege_begin(struct siege *siege, uint64_t seed, uint64_t steps) {
	space_create(&siege->empty);
	queue_create(&siege->queue);
	actor_create(&siege->scheduler);
	actor_set_budget(&siege->scheduler, ACTOR_QUANTUM, PRIORITY_MAX);
	actor_start(&siege->scheduler, ENTRY(scheduler_run), seed);
	bystander_make(siege);
	attackers_make(siege, seed, steps);
	CHECK_DONE();
	siege->saved = slots_take(16);
	capabilities_give(siege);
	for (unsigned int index = 0; index < THREADS; index++)
		actor_start(&siege->attackers[index], ENTRY(attacker_run), (uint64_t)(uintptr_t)&attacks[index]);
}

/* Something to go with a random answer: pages of the attackers' frames, or nonsense. */
static void random_items(const struct siege *siege, struct random *random) {
	while (random_one_in(random, 2)) {
		give_item((struct ipc_item){
			.header = ITEM_HEADER(random_below(random, 4), 0, 7, random_one_in(random, 2) ? ITEM_HOLD : 0),
			.source = siege->frames + random_below(random, FRAMES) * PAGE,
			.count = random_below(random, 4),
			.destination = random_edge(random),
		});
		if (random_one_in(random, 3)) return;
	}
}

/* An attacker at the start of its loop, with a new stack. */
static struct abi_registers attacker_registers(const struct siege *siege, unsigned int index) {
	return (struct abi_registers){
		.rip = ENTRY(attacker_run),
		.rsp = siege->attackers[index].stack - 8,
		.rdi = (uint64_t)(uintptr_t)&attacks[index],
	};
}

static void answer_exception(const struct siege *siege, struct random *random) {
	const struct abi_registers registers = attacker_registers(siege, (unsigned int)random_below(random, THREADS));

	(void)reply_words(random_one_in(random, 20) ? ERROR_STATE : ERROR_OK, (const uint64_t *)&registers,
	                  ABI_REGISTER_WORDS);
}

/* Attackers that have lost their code get it back; otherwise anything goes. */
static void answer_page_fault(const struct siege *siege, struct random *random) {
	const uint64_t address = answer.words[0];
	const uint64_t frame = child_image_frame(&siege->space, address);

	if (frame && !random_one_in(random, 10)) {
		give_item((struct ipc_item){
			.header = ITEM_HEADER(ITEM_PAGES, 0, PAGE_RIGHTS, 0),
			.source = frame,
			.count = 1,
			.destination = address & ~(PAGE - 1),
		});
		(void)REPLY(ERROR_OK);
	} else if (random_one_in(random, 4)) {
		random_items(siege, random);
		(void)REPLY(ERROR_OK);
	} else {
		(void)REPLY(ERROR_LIMIT);
	}
}

static void answer_message(const struct siege *siege, struct random *random) {
	switch (IPC_TAG_LABEL(answer.tag)) {
	case FAULT_EXCEPTION:
	case FAULT_FOREIGN: answer_exception(siege, random); break;
	case FAULT_PAGE: answer_page_fault(siege, random); break;
	default:
		random_items(siege, random);
		(void)REPLY((uint32_t)random_below(random, 20), random_edge(random));
		break;
	}
}

/* Sometimes the right to answer is kept, and used or dropped later. */
static int keep_right(const struct siege *siege, struct random *random) {
	uint32_t slot = siege->saved + (uint32_t)random_below(random, 16);

	if (!random_one_in(random, 10)) return 0;
	if (random_one_in(random, 2))
		(void)reply_to(slot, ERROR_OK);
	else
		(void)KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slot);
	main_utcb->save_slot = slot;
	answer = (struct raw_ipc){.operation = IPC_SAVE};
	raw_ipc(&answer);
	return answer.operation == 0;
}

static void attacker_revive(const struct siege *siege, unsigned int index) {
	const struct abi_registers registers = attacker_registers(siege, index);
	const uint32_t control = siege->attackers[index].control;

	(void)KERNEL(control, THREAD_STOP);
	(void)kernel_call(control, THREAD_SET_REGISTERS, (const uint64_t *)&registers, ABI_REGISTER_WORDS);
	(void)KERNEL(control, THREAD_RESUME);
}

/* Sets attackers going that have halted, wait for nobody or were stopped. Returns whether any is left. */
static int attackers_push(const struct siege *siege, struct random *random) {
	int left = 0;

	for (unsigned int index = 0; index < THREADS; index++) {
		const struct actor *actor = &siege->attackers[index];
		uint64_t state = actor_state(actor);
		if (state > THREAD_STATE_QUEUE) continue; /* gone, or about to be */
		left = 1;
		if (state == THREAD_STATE_HALTED) attacker_revive(siege, index);
		handlers_set(siege, actor);
		(void)KERNEL(actor->control, THREAD_CANCEL);
		(void)KERNEL(actor->control, THREAD_RESUME);
		(void)KERNEL(actor->control, THREAD_SET_FLAGS, random_one_in(random, 10) ? THREAD_FOREIGN : 0);
		(void)KERNEL(actor->control, THREAD_SET_BUDGET, MILLISECOND / 10, CEILING);
	}
	return left;
}

static void siege_serve(const struct siege *siege, struct random *random, uint64_t rounds) {
	unsigned int silent = 0;

	for (uint64_t round = 0; round < rounds && silent < SILENCE_MAX; round++) {
		if (receive_until(0, machine_now() + MILLISECOND / 5) == 0) {
			silent = 0;
			if (answer.tag & (IPC_TAG_SIGNAL | IPC_TAG_ONE_WAY)) continue;
			if (!keep_right(siege, random)) answer_message(siege, random);
		} else {
			CHECK_ERROR(answer.operation, ERROR_TIMEOUT | IPC_RESULT_IN_RECEIVE);
			silent = attackers_push(siege, random) ? silent + 1 : SILENCE_MAX;
		}
	}
}

/* What must be as it was, whatever the attackers did. */
static void siege_check(const struct siege *siege) {
	const uint64_t *bad = child_view(&siege->bystander_space, (void *)&bystander_bad);
	const uint64_t *rounds = child_view(&siege->bystander_space, (void *)&bystander_rounds);

	for (unsigned int index = 0; index < THREADS; index++)
		(void)KERNEL(siege->attackers[index].control, THREAD_DESTROY);
	machine_sleep(3 * MILLISECOND);
	CHECK_EQUAL(actor_state(&siege->bystander), THREAD_STATE_READY);
	CHECK_EQUAL(*bad, 0);
	CHECK(*rounds > 0);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, SLOT_SELF));
	CHECK_EQUAL(answer.words[0], KIND_THREAD);
	CHECK_EQUAL(answer.words[1], RIGHTS_ALL);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, siege->frames, FRAMES, UNMAP_CHILDREN));
	frames_check_returned(siege->frames, FRAMES);
}

static void random_calls_by_owners_of_everything_harm_only_themselves(void) {
	uint64_t sieges = hostile_rounds(40);
	uint64_t steps = 0;

	for (uint64_t number = 0; number < sieges; number++) {
		struct random random = {hostile_seed() * 100 + number};
		struct siege siege;
		tap_forget_notes();
		tap_note("siege %lu", (unsigned long)number);
		siege_begin(&siege, hostile_seed() * 100 + number, 2000);
		CHECK_DONE();
		siege_serve(&siege, &random, 2000);
		CHECK_DONE();
		for (unsigned int index = 0; index < THREADS; index++)
			steps += ((struct attack *)child_view(&siege.space, &attacks[index]))->done;
		siege_check(&siege);
		CHECK_DONE();
		machine_reset();
		CHECK_DONE();
	}
	tap_figure("%lu random calls in %lu sieges", (unsigned long)steps, (unsigned long)sieges);
	CHECK(steps > sieges * 50);
}

const struct test siege_tests[] = {
	TEST(random_calls_by_owners_of_everything_harm_only_themselves),
	TESTS_END,
};
