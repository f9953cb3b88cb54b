/* SPDX-License-Identifier: MIT */
/*
 * Actors: threads at work. Read actor.h first.
 */
#include "actor.h"

#include <check.h>
#include <string.h>

#include "frame.h"
#include "given.h"

#define RUN_LIMIT 1000u

#define IPC_SIZE 2u

struct home root_home;
struct actor root;

void actors_start(void) {
	given_start();
	root_home = (struct home){
		.space = arch_cpu()->current->space,
		.control = ROOT_SLOT_SPACE,
		.own = ROOT_SLOT_SPACE,
		.next_slot = ROOT_SLOT_PORTS + 1,
	};
	root = (struct actor){.thread = arch_cpu()->current, .home = &root_home};
	root.control = given_a_slot();
	accepts_slots(&root, root.control, 1);
	gets(&root, ROOT_SLOT_SPACE, SPACE_THREAD, WORDS(0));
	root.capability = given_a_slot();
	accepts_slots(&root, root.capability, 1);
	gets(&root, root.control, THREAD_DERIVE, WORDS(RIGHTS_ALL, 0, 0));
	gets(&root, root.control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY));
}

/* --- Messages ------------------------------------------------------------------------------------ */

void puts_item(struct actor *actor, struct ipc_item item) {
	ck_assert_uint_lt(actor->items, IPC_ITEMS_MAX);
	actor->thread->utcb->items[actor->items++] = item;
}

void puts_pages(struct actor *actor, uint64_t address, uint64_t count, unsigned int rights, uint64_t flags,
                uint64_t destination) {
	puts_item(actor, (struct ipc_item){
				 .header = ITEM_HEADER(ITEM_PAGES, 0, rights, flags),
				 .source = address,
				 .count = count,
				 .destination = destination,
			 });
}

void puts_capability(struct actor *actor, uint32_t slot, uint64_t action, unsigned int rights, uint64_t destination) {
	puts_item(actor, (struct ipc_item){
				 .header = ITEM_HEADER(ITEM_CAPABILITY, action, rights, 0),
				 .source = slot,
				 .destination = destination,
			 });
}

void puts_badged(struct actor *actor, uint32_t slot, unsigned int rights, uint64_t badge, uint64_t destination) {
	puts_item(actor, (struct ipc_item){
				 .header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, rights, ITEM_BADGE),
				 .source = slot,
				 .count = badge,
				 .destination = destination,
			 });
}

void puts_reply_right(struct actor *actor, uint64_t destination) {
	puts_item(actor, (struct ipc_item){
				 .header = ITEM_HEADER(ITEM_REPLY_RIGHT, 0, 0, 0),
				 .destination = destination,
			 });
}

void accepts_pages(struct actor *actor, uint64_t address, uint64_t size) {
	actor->thread->utcb->window_address = address;
	actor->thread->utcb->window_size = size;
}

void accepts_slots(struct actor *actor, uint32_t first, uint32_t count) {
	actor->thread->utcb->window_slot = first;
	actor->thread->utcb->window_slot_count = count;
}

/* --- Doing --------------------------------------------------------------------------------------- */

void runs(struct actor *actor) {
	for (unsigned int turn = 0; arch_cpu()->current != actor->thread; turn++) {
		ck_assert_msg(turn < RUN_LIMIT && fake_timer_time != TIME_NEVER,
		              "a thread that is to do something never runs: state %u, stops %u", actor->thread->state,
		              actor->thread->stops);
		time_passes(fake_timer_time > fake_time ? fake_timer_time - fake_time : 0);
	}
	ck_assert_msg(actor->thread->state == THREAD_READY, "a blocked thread runs");
}

void actor_enters_ipc(struct thread *thread) {
	thread->registers.restart = 0;
	thread->registers.inside = 1;
	thread->registers.ip += IPC_SIZE;
}

static void ipc_until_done(struct actor *actor) {
	struct thread *thread = actor->thread;

	actor_enters_ipc(thread);
	world_enters();
	world_settle();
	/* If it was interrupted, it goes on when it is its turn. */
	while (frame_of(thread)->type == FRAME_THREAD && thread->registers.restart && thread_is_runnable(thread))
		time_passes(fake_timer_time - fake_time);
}

void does(struct actor *actor, uint64_t operation, uint64_t target, uint32_t label, const uint64_t *words,
          unsigned long count) {
	struct registers *registers = &actor->thread->registers;

	runs(actor);
	for (unsigned long index = 0; index < IPC_WORDS_MAX; index++) {
		uint64_t word = words && index < count ? words[index] : 0;
		if (index < IPC_WORDS_IN_REGISTERS)
			registers->words[index] = word;
		else
			actor->thread->utcb->words[index] = word;
	}
	registers->operation = operation;
	registers->target = target;
	registers->tag = IPC_TAG(label, count, actor->items);
	actor->items = 0;
	ipc_until_done(actor);
}

void calls(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count) {
	does(actor, IPC_CALL, slot, label, words, count);
}

void sends(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count) {
	does(actor, IPC_SEND, slot, label, words, count);
}

void receives(struct actor *actor) { does(actor, IPC_RECEIVE, 0, 0, NO_WORDS); }

void receives_from(struct actor *actor, uint32_t queue) { does(actor, IPC_RECEIVE, IPC_TARGET(0, queue), 0, NO_WORDS); }

void replies(struct actor *actor, uint32_t label, const uint64_t *words, unsigned long count) {
	does(actor, IPC_REPLY, 0, label, words, count);
}

void reply_receives(struct actor *actor, uint32_t label, const uint64_t *words, unsigned long count) {
	does(actor, IPC_REPLY_RECEIVE, 0, label, words, count);
}

void replies_to(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count) {
	does(actor, IPC_REPLY, slot, label, words, count);
}

error_t saves(struct actor *actor, uint32_t slot) {
	actor->thread->utcb->save_slot = slot;
	does(actor, IPC_SAVE, 0, 0, NO_WORDS);
	return error_of(actor);
}

error_t asks(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count) {
	calls(actor, slot, label, words, count);
	ck_assert_msg(is_back(actor), "the kernel has not answered label %#x", label);
	return error_of(actor) != ERROR_OK ? error_of(actor) : (error_t)label_of(actor);
}

void gets(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count) {
	error_t error = asks(actor, slot, label, words, count);

	ck_assert_msg(error == ERROR_OK, "label %#x is answered with error %d", label, error);
}

void faults(struct actor *actor, uint64_t address, unsigned int access) {
	runs(actor);
	kernel_page_fault((struct user_address){address}, access);
	world_settle();
}

void excepts(struct actor *actor, uint64_t vector, uint64_t code, uint64_t address) {
	runs(actor);
	kernel_exception(vector, code, address);
	world_settle();
}

/* --- What came of it ----------------------------------------------------------------------------- */

int is_back(const struct actor *actor) {
	return actor->thread->state == THREAD_READY && !actor->thread->registers.restart && !actor->thread->fault.label;
}

uint64_t result_of(const struct actor *actor) { return actor->thread->registers.operation; }

error_t error_of(const struct actor *actor) { return IPC_RESULT_ERROR(actor->thread->registers.operation); }

uint64_t tag_of(const struct actor *actor) { return actor->thread->registers.tag; }

uint32_t label_of(const struct actor *actor) { return IPC_TAG_LABEL(actor->thread->registers.tag); }

uint64_t badge_of(const struct actor *actor) { return actor->thread->registers.target; }

uint64_t word_of(const struct actor *actor, unsigned int index) {
	ck_assert_uint_lt(index, IPC_WORDS_MAX);
	if (index < IPC_WORDS_IN_REGISTERS) return actor->thread->registers.words[index];
	/* cppcheck-suppress arrayIndexOutOfBoundsCond ; it takes every index above the registers' for 64 */
	return actor->thread->utcb->words[index];
}

const struct ipc_item *item_of(const struct actor *actor, unsigned int index) {
	return &actor->thread->utcb->received[index];
}
