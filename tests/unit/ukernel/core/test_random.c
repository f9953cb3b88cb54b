/* SPDX-License-Identifier: MIT */
/*
 * Programs that do anything at all, on a machine that interrupts whenever it likes.
 *
 * Whoever runs does something random: messages with random items, control of everything by everybody, faults. All
 * checks run after every kernel exit. A run is its seed: NACRE_TEST_SEED and NACRE_TEST_STEPS choose another.
 */
#include "suite.h"

#include <stdio.h>

#include <nacre/abi/fault.h>

#include "random.h"

#define HOMES       4u
#define THREADS     10u
#define POOL_FRAMES 400u
#define SLOTS_USED  40u

static struct home *homes[HOMES];
static uint64_t pool; /* frames in root's space that objects are made of */

static int one_in(uint64_t n) { return random_below(n) == 0; }

static uint32_t any_slot(void) { return (uint32_t)random_below(SLOTS_USED); }

/* Mostly one that holds a capability of @kind. */
static uint32_t any_slot_of(const struct thread *thread, unsigned int kind) {
	uint32_t slot = any_slot();

	for (unsigned int attempt = 0; attempt < SLOTS_USED && !one_in(40); attempt++) {
		const struct slot *found = slot_find(thread->space, slot);
		if (found && slot_kind(found) == kind) break;
		slot = (slot + 1) % SLOTS_USED;
	}
	return slot;
}

/* A page of the few that everybody uses. */
static uint64_t any_page(const struct thread *thread) {
	if (thread == root.thread && !one_in(4)) return pool + random_below(POOL_FRAMES) * PAGE_SIZE;
	return UINT64_C(0x40000000) + random_below(24) * PAGE_SIZE;
}

static void any_window(struct utcb *utcb) {
	utcb->window_address = UINT64_C(0x40000000) + random_below(8) * PAGE_SIZE;
	utcb->window_size = random_below(24) * PAGE_SIZE;
	utcb->window_slot = any_slot();
	utcb->window_slot_count = (uint32_t)random_below(6);
	utcb->save_slot = any_slot();
	utcb->deadline = fake_time + random_below(3) * 3000000;
}

static void any_item(struct thread *thread, struct ipc_item *item) {
	static const uint64_t actions[] = {ITEM_DERIVE, ITEM_SHARE, ITEM_MOVE};
	const unsigned int rights = (unsigned int)random_below(8);

	if (one_in(12)) {
		*item = (struct ipc_item){.header = ITEM_REPLY_RIGHT, .destination = random_below(4)};
	} else if (one_in(2)) {
		*item = (struct ipc_item){
			.header = ITEM_HEADER(ITEM_PAGES, 0, rights, one_in(2) ? ITEM_HOLD : 0),
			.source = any_page(thread),
			.count = 1 + random_below(3),
			.destination = random_below(16) * PAGE_SIZE,
		};
	} else {
		*item = (struct ipc_item){
			.header = ITEM_HEADER(ITEM_CAPABILITY, actions[random_below(3)], rights,
		                              one_in(3) ? ITEM_BADGE : 0),
			.source = any_slot_of(thread, KIND_THREAD),
			.count = random_below(16),
			.destination = random_below(4),
		};
	}
}

static uint64_t any_items(struct thread *thread) {
	uint64_t count = one_in(3) ? random_below(4) : 0;

	for (uint64_t index = 0; index < count; index++) any_item(thread, &thread->utcb->items[index]);
	return count;
}

static void enters(struct thread *thread, uint64_t operation, uint64_t target, uint64_t tag) {
	thread->registers.operation = operation;
	thread->registers.target = target;
	thread->registers.tag = tag;
	actor_enters_ipc(thread);
	kernel_ipc();
	world_settle();
}

/* Who serves a call mostly answers it; others mostly call or receive. */
static uint64_t any_operation(const struct thread *thread) {
	static const uint64_t operations[] = {
		IPC_CALL,          IPC_CALL,  IPC_CALL,    IPC_SEND,    IPC_SEND | IPC_RECEIVE,
		IPC_REPLY_RECEIVE, IPC_REPLY, IPC_RECEIVE, IPC_RECEIVE, IPC_RECEIVE,
		IPC_NO_SEND,
	};
	static const uint64_t answers[] = {IPC_REPLY_RECEIVE, IPC_REPLY_RECEIVE, IPC_REPLY, IPC_RECEIVE | IPC_SAVE};

	if (thread->held && !one_in(4)) return answers[random_below(4)];
	return operations[random_below(sizeof(operations) / sizeof(operations[0]))];
}

static void any_message(struct thread *thread) {
	uint64_t operation = any_operation(thread);
	const uint64_t queue = one_in(4) ? any_slot_of(thread, KIND_THREAD) : 0;
	const uint64_t answers = (operation & IPC_SEND_MASK) == IPC_REPLY && (thread->held || one_in(4));

	if (one_in(2)) {
		enters(thread, operation, answers ? 0 : any_slot_of(thread, KIND_THREAD),
		       IPC_TAG(0, random_below(12), 0));
		return;
	}
	operation |= one_in(8) ? IPC_SEND_NONBLOCK : 0;
	operation |= one_in(8) ? IPC_RECEIVE_NONBLOCK : 0;
	operation |= one_in(6) ? IPC_DEADLINE : 0;
	operation |= one_in(10) ? IPC_SAVE : 0;
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		thread->registers.words[index] = random_below(4) * 3000000;
	const unsigned int kind = (operation & IPC_SEND_MASK) == IPC_REPLY ? KIND_REPLY : KIND_THREAD;
	enters(thread, operation, IPC_TARGET(answers ? 0 : any_slot_of(thread, kind), queue),
	       IPC_TAG(one_in(8) ? random_below(3) : 0, random_below(9), any_items(thread)));
}

static void offers_frames(struct thread *thread, unsigned int count) {
	for (unsigned int index = 0; index < count; index++)
		thread->utcb->items[index] = (struct ipc_item){
			.header = ITEM_HEADER(ITEM_PAGES, 0, PAGE_RIGHTS, ITEM_HOLD),
			.source =
				thread == root.thread ? pool + random_below(POOL_FRAMES) * PAGE_SIZE : any_page(thread),
			.count = 1,
		};
}

static unsigned int label_kind(uint32_t label) {
	return LABEL_PROTOCOL(label) == PROTOCOL_THREAD ? KIND_THREAD_CONTROL : KIND_SPACE_CONTROL;
}

/* What a method takes as its item @index. */
static unsigned int item_kind(uint32_t label, uint64_t index) {
	if (label == THREAD_REBIND) return index == 0 ? KIND_THREAD : KIND_THREAD_CONTROL;
	return label_kind(label) == KIND_THREAD_CONTROL || label == SPACE_SET_DEATH ? KIND_THREAD : KIND_SPACE_CONTROL;
}

/* A control message to something of the right kind, mostly. */
static void any_control(struct thread *thread) {
	static const struct {
		uint32_t label;
		unsigned int frames;
	} methods[] = {
		{SPACE_CREATE_SPACE, 2},
		{SPACE_CREATE_THREAD, 2},
		{SPACE_CREATE_THREAD, 1},
		{SPACE_ADD_TABLE, 5},
		{SPACE_ADD_SLOTS, 1},
		{SPACE_MAP, 0},
		{SPACE_MAP, 0},
		{SPACE_UNMAP, 0},
		{SPACE_PROTECT, 0},
		{SPACE_LOOK, 0},
		{SPACE_CAPABILITY_DERIVE, 0},
		{SPACE_CAPABILITY_DERIVE, 0},
		{SPACE_CAPABILITY_SHARE, 0},
		{SPACE_CAPABILITY_MOVE, 0},
		{SPACE_CAPABILITY_DELETE, 0},
		{SPACE_CAPABILITY_REVOKE, 0},
		{SPACE_CAPABILITY_REPLACE, 0},
		{SPACE_CAPABILITY_READ, 0},
		{SPACE_SET_DEATH, 0},
		{SPACE_THREAD, 0},
		{SPACE_DESTROY, 0},
		{THREAD_START, 0},
		{THREAD_STOP, 0},
		{THREAD_RESUME, 0},
		{THREAD_RESUME, 0},
		{THREAD_CANCEL, 0},
		{THREAD_SET_HANDLER, 0},
		{THREAD_SET_HANDLER, 0},
		{THREAD_SET_BUDGET, 0},
		{THREAD_DERIVE, 0},
		{THREAD_REBIND, 0},
		{THREAD_SET_DEATH, 0},
		{THREAD_DESTROY, 0},
		{THREAD_GET_REGISTERS, 0},
		{THREAD_SET_REGISTERS, 0},
		{THREAD_STATE, 0},
	};
	const unsigned int which = (unsigned int)random_below(sizeof(methods) / sizeof(methods[0]));
	const uint32_t label = methods[which].label;
	uint64_t *words = thread->registers.words;
	uint64_t items = methods[which].frames;

	if ((label == SPACE_DESTROY || label == THREAD_DESTROY) && !one_in(4)) return;
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++) words[index] = any_slot();
	if (items) {
		offers_frames(thread, (unsigned int)items);
		words[0] = label == SPACE_CREATE_THREAD && items == 1
		                   ? 0
		                   : UINT64_C(0x40100000) + random_below(16) * PAGE_SIZE;
		if (label == SPACE_ADD_TABLE) words[0] = UINT64_C(0x40000000) + random_below(3) * LARGE_PAGE_SIZE;
		words[1] = TABLE_LEVEL_4K;
	} else if (one_in(2)) {
		items = 1 + (label == THREAD_REBIND);
		for (uint64_t index = 0; index < items; index++)
			thread->utcb->items[index] = (struct ipc_item){
				.header = ITEM_HEADER(ITEM_CAPABILITY, one_in(2) ? ITEM_SHARE : ITEM_DERIVE, RIGHTS_ALL,
			                              one_in(2) ? ITEM_BADGE : 0),
				.source = any_slot_of(thread, item_kind(label, index)),
				.count = 1 + random_below(255),
			};
	}
	switch (label) {
	case SPACE_MAP:
		words[0] = any_page(thread);
		words[1] = UINT64_C(0x40000000) + random_below(24) * PAGE_SIZE;
		words[2] = 1 + random_below(4);
		words[3] = random_below(8) | (one_in(2) ? MAP_HOLD : 0);
		break;
	case SPACE_UNMAP:
	case SPACE_PROTECT:
	case SPACE_LOOK:
		words[0] = any_page(thread);
		words[1] = 1 + random_below(6);
		words[2] = label == SPACE_LOOK ? 0 : random_below(2);
		break;
	case THREAD_SET_BUDGET:
		words[0] = random_below(3) * 4000000;
		words[1] = 99 + random_below(3);
		break;
	case THREAD_SET_HANDLER: words[0] = random_below(3); break;
	}
	enters(thread, IPC_CALL, any_slot_of(thread, label_kind(label)),
	       IPC_TAG(label, label == THREAD_SET_REGISTERS ? 20 : 8, items));
}

static void any_fault(struct thread *thread) {
	if (one_in(2))
		kernel_page_fault((struct user_address){any_page(thread)}, PAGE_READ);
	else if (one_in(2))
		kernel_exception(6, 0, 0);
	else
		kernel_foreign_call(FAULT_SYSCALL);
	world_settle();
}

static void any_access(struct thread *thread) {
	static const unsigned int accesses[] = {PAGE_READ, PAGE_WRITE, PAGE_EXECUTE};

	fake_access(thread->space, any_page(thread), accesses[random_below(3)]);
}

/* Root keeps a few things in order, so that something goes on. */
static void root_tidies(void) {
	struct thread *thread = root.thread;
	const uint32_t slot = any_slot_of(thread, KIND_THREAD_CONTROL);

	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++) thread->registers.words[index] = 0;
	switch (random_below(4)) {
	case 0:
		thread->registers.words[0] = UINT64_C(0x1000);
		enters(thread, IPC_CALL, slot, IPC_TAG(THREAD_START, 8, 0));
		break;
	case 1: enters(thread, IPC_CALL, slot, IPC_TAG(THREAD_RESUME, 0, 0)); break;
	case 2: enters(thread, IPC_CALL, slot, IPC_TAG(THREAD_CANCEL, 0, 0)); break;
	default:
		thread->registers.words[0] = 5000000;
		thread->registers.words[1] = USUAL_PRIORITY;
		enters(thread, IPC_CALL, slot, IPC_TAG(THREAD_SET_BUDGET, 2, 0));
		break;
	}
}

static void any_step(void) {
	struct thread *thread;

	fake_interrupt_every(one_in(2) ? 0 : 1 + random_below(4));
	if (one_in(8))
		time_passes(random_below(12000000));
	else if (one_in(16))
		fake_line_raise((unsigned int)random_below(4));
	world_settle();
	thread = arch_cpu()->current;
	if (!thread) {
		time_passes(5000000);
		return;
	}
	any_window(thread->utcb);
	if (thread == root.thread && one_in(2))
		root_tidies();
	else if (one_in(12))
		any_fault(thread);
	else if (one_in(6))
		any_access(thread);
	else if (thread == root.thread || one_in(6))
		any_control(thread);
	else
		any_message(thread);
}

/* Puts capabilities to everything into every space. */
static void given_a_mess(void) {
	struct actor *actors[THREADS];

	pool = given_frames(POOL_FRAMES);
	for (unsigned int index = 0; index < HOMES; index++) homes[index] = given_a_space();
	for (unsigned int index = 0; index < THREADS; index++) {
		struct home *home = homes[index % HOMES];
		actors[index] = index < 2 ? given_a_queue(home)
		                          : given_a_thread_with(home, index == 3 ? 0 : USUAL_QUANTUM, USUAL_PRIORITY);
	}
	for (unsigned int index = 0; index < THREADS; index++) {
		for (unsigned int home = 0; home < HOMES; home++) {
			given_a_capability(actors[index], homes[home], RIGHTS_ALL & ~(index % 2), 1 + index);
			if (home == index % HOMES) given_control_of(actors[index], homes[home]);
		}
	}
	for (unsigned int index = 2; index < THREADS; index++) {
		for (uint64_t which = 0; which < HANDLER_COUNT; which++) {
			if (one_in(3)) continue;
			puts_badged(&root, actors[random_below(THREADS)]->capability, RIGHT_SEND, which, 0);
			gets(&root, actors[index]->control, THREAD_SET_HANDLER, WORDS(which));
		}
	}
	for (unsigned int home = 0; home < HOMES; home++)
		given_pages(homes[home], 8, PAGE_RIGHTS | (home % 2 ? MAP_HOLD : 0));
}

static uint64_t setting(const char *name, uint64_t usual) {
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : usual;
}

static void any_life(uint64_t seed, uint64_t steps) {
	/* The last of these lines is the one that fails. */
	fprintf(stderr, "NACRE_TEST_SEED=%lu NACRE_TEST_STEPS=%lu\n", seed, steps);
	random_start(seed);
	given_a_mess();
	for (uint64_t step = 0; step < steps; step++) {
		if (getenv("NACRE_TEST_TRACE")) fprintf(stderr, "seed %lu step %lu\n", seed, step);
		any_step();
	}
}

START_TEST(nothing_that_programs_do_breaks_an_invariant) {
	const uint64_t first = setting("NACRE_TEST_SEED", 1);
	const uint64_t seeds = getenv("NACRE_TEST_SEED") ? 1 : setting("NACRE_TEST_SEEDS", 8);
	const uint64_t steps = setting("NACRE_TEST_STEPS", 1000);

	for (uint64_t seed = first; seed < first + seeds; seed++) {
		given_a_machine();
		any_life(seed, steps);
	}
}
END_TEST

SUITE("kernel, anything", nothing_that_programs_do_breaks_an_invariant)
