/* SPDX-License-Identifier: MIT */
/*
 * Actors. Read first/actor.h first.
 */
#include <first/actor.h>

#include <string.h>

#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>
#include <first/tap.h>

#define PAGE        UINT64_C(4096)
#define STACK_PAGES UINT64_C(2)
/* For each actor: a UTCB, a gap, a stack. */
#define ACTOR_SPACE (UINT64_C(4) * PAGE)

static struct script scripts[ACTORS_MAX];
static unsigned int actors_used, actors_kept;

void actors_keep(void) { actors_kept = actors_used; }

void actors_forget(void) { actors_used = actors_kept; }

_Noreturn void script_run(struct script *script) {
	struct utcb *utcb = script->utcb;

	utcb->window_address = script->window_address;
	utcb->window_size = script->window_size;
	utcb->window_slot = script->window_slot;
	utcb->window_slot_count = script->window_slot_count;
	utcb->deadline = script->deadline;
	utcb->save_slot = script->save_slot;
	for (uint64_t index = 0; index < script->count; index++) {
		struct step *step = &script->steps[index];
		for (unsigned int item = 0; item < STEP_ITEMS; item++) utcb->items[item] = step->items[item];
		raw_ipc(&step->ipc);
		for (unsigned int item = 0; item < STEP_ITEMS; item++) step->received[item] = utcb->received[item];
		script->done = index + 1;
	}
	for (;;) __asm__ volatile("ud2");
}

static struct script *script_take(void) {
	if (!tap_check(actors_used < ACTORS_MAX, __FILE__, __LINE__, "there are actors left")) return &scripts[0];
	memset(&scripts[actors_used], 0, sizeof(scripts[0]));
	return &scripts[actors_used++];
}

static void thread_make(uint32_t space, struct actor *actor) {
	actor->control = slots_expect(2);
	actor->thread = actor->control + 1;
	actor->frames = frames_take(2);
	give_frames(actor->frames, actor->utcb ? 2 : 1);
	CHECK_OK(KERNEL(space, SPACE_CREATE_THREAD, actor->utcb));
	actor->serial = answer.words[0];
	actor->signal = slots_take(1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, actor->thread, actor->signal, RIGHT_SIGNAL, 1, 1));
	if (actor->utcb) actor_set_budget(actor, ACTOR_QUANTUM, ACTOR_PRIORITY);
}

void queue_create(struct actor *actor) {
	*actor = (struct actor){0};
	thread_make(SLOT_SPACE, actor);
}

void actor_create(struct actor *actor) {
	uint64_t base = ACTOR_REGION + actors_used * ACTOR_SPACE;

	*actor = (struct actor){
		.script = script_take(),
		.utcb = base,
		.stack = base + ACTOR_SPACE,
	};
	actor->script_there = actor->script;
	actor->script->utcb = (struct utcb *)base;
	pages_map(actor->stack - STACK_PAGES * PAGE, STACK_PAGES);
	thread_make(SLOT_SPACE, actor);
}

void actor_create_in(struct child *child, struct actor *actor) {
	uint64_t base = CHILD_ACTORS + actors_used * ACTOR_SPACE;
	uint64_t frames = frames_take(STACK_PAGES);

	*actor = (struct actor){
		.script_there = script_take(),
		.utcb = base,
		.stack = base + ACTOR_SPACE,
	};
	actor->script = child_view(child, actor->script_there);
	memset(actor->script, 0, sizeof(*actor->script));
	actor->script->utcb = (struct utcb *)base;
	child_map(child, frames, actor->stack - STACK_PAGES * PAGE, STACK_PAGES, PAGE_READ | PAGE_WRITE);
	thread_make(child->space, actor);
}

void actor_set_budget(const struct actor *actor, uint64_t quantum, uint64_t priority) {
	CHECK_OK(KERNEL(actor->control, THREAD_SET_BUDGET, quantum, priority));
}

void actor_start(const struct actor *actor, uint64_t entry, uint64_t argument) {
	/* As after a call instruction. */
	CHECK_OK(KERNEL(actor->control, THREAD_START, entry, actor->stack - 8, argument, 0, 0, 0, 0, 0));
}

struct step *actor_step(const struct actor *actor, uint64_t operation, uint64_t target, uint64_t tag) {
	struct script *script = actor->script;
	struct step *step = &script->steps[script->count];

	if (!tap_check(script->count < SCRIPT_STEPS, __FILE__, __LINE__, "the script has room"))
		return &script->steps[0];
	script->count++;
	step->ipc = (struct raw_ipc){.operation = operation, .target = target, .tag = tag};
	return step;
}

void actor_play(const struct actor *actor) {
	actor_start(actor, ENTRY(script_run), (uint64_t)(uintptr_t)actor->script_there);
}

void actor_call(const struct actor *actor, uint32_t slot, uint64_t word) {
	actor_step(actor, IPC_CALL, slot, IPC_TAG(0, 1, 0))->ipc.words[0] = word;
	actor_play(actor);
}

uint64_t step_result(const struct actor *actor, unsigned int index) {
	return actor->script->steps[index].ipc.operation;
}

uint64_t actor_state(const struct actor *actor) {
	uint64_t result = KERNEL(actor->control, THREAD_STATE);

	return result == ERROR_OK ? answer.words[0] : result;
}

void actor_wait(const struct actor *actor, uint64_t state) {
	for (unsigned int round = 0; actor_state(actor) != state && round < 5000; round++)
		machine_sleep(UINT64_C(1000000));
	CHECK_EQUAL(actor_state(actor), state);
}
