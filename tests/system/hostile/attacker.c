/* SPDX-License-Identifier: MIT */
/*
 * The attacker. Read attacker.h first.
 *
 * Runs in a child's copy of this program: knows nothing of the main thread's variables.
 */
#include "attacker.h"

#include <nacre/abi/label.h>

#include <first/raw.h>

#include "random.h"

static void utcb_scribble(struct random *random, struct utcb *utcb) {
	volatile uint64_t *word = (volatile uint64_t *)utcb;

	for (unsigned int count = 0; count < 8; count++)
		word[random_below(random, offsetof(struct utcb, user) / sizeof(*word))] = random_edge(random);
}

/* A window that things can land in, most of the time. */
static void window_open(struct random *random, struct utcb *utcb) {
	if (random_one_in(random, 4)) return;
	utcb->window_address = random_edge(random);
	utcb->window_size = random_below(random, 64) * 4096;
	utcb->window_slot = (uint32_t)random_below(random, 128);
	utcb->window_slot_count = (uint32_t)random_below(random, 16);
	utcb->save_slot = (uint32_t)random_below(random, 128);
	utcb->deadline = random_edge(random);
}

static void items_make(struct random *random, struct utcb *utcb) {
	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++) {
		const uint64_t type = random_below(random, 4);
		volatile struct ipc_item *item = &utcb->items[index];
		item->header = type | (random_next(random) & 0x7f70);
		if (random_one_in(random, 2))
			item->header = ITEM_HEADER(type, ITEM_DERIVE, 7, type == ITEM_PAGES ? ITEM_HOLD : 0);
		item->source = type == ITEM_PAGES ? random_edge(random) : random_below(random, ATTACKER_SLOTS);
		item->count = random_one_in(random, 4) ? random_edge(random) : 1 + random_below(random, 5);
		item->destination = random_one_in(random, 2) ? 0 : random_below(random, 16) * 4096;
	}
}

static uint64_t operation_make(struct random *random) {
	if (random_one_in(random, 8)) return random_below(random, IPC_OPERATION_ALL + 1);
	if (random_one_in(random, 20)) return random_next(random);
	if (random_one_in(random, 4)) return IPC_SEND | IPC_SEND_NONBLOCK;
	if (random_one_in(random, 8)) return IPC_RECEIVE | IPC_RECEIVE_NONBLOCK;
	return IPC_CALL;
}

static uint64_t tag_make(struct random *random) {
	uint32_t label = LABEL(1 + random_below(random, 5), random_below(random, 42));
	uint64_t words = random_below(random, 9);
	uint64_t items = random_below(random, 3);

	if (random_one_in(random, 16)) label = (uint32_t)random_next(random);
	if (random_one_in(random, 16)) words = random_below(random, 65);
	if (random_one_in(random, 16)) items = random_below(random, 9);
	return IPC_TAG(label, words, items);
}

_Noreturn void attacker_run(struct attack *attack) {
	struct random random = {attack->seed + attack->done};

	while (attack->done < attack->steps) {
		struct raw_ipc ipc = {
			.operation = operation_make(&random),
			.target = random_below(&random, ATTACKER_SLOTS),
			.tag = tag_make(&random),
		};
		if (random_one_in(&random, 16)) ipc.target = random_next(&random);
		for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
			ipc.words[index] = random_edge(&random);
		if (random_one_in(&random, 4)) utcb_scribble(&random, attack->utcb);
		if (attack->other && random_one_in(&random, 4)) utcb_scribble(&random, attack->other);
		window_open(&random, attack->utcb);
		items_make(&random, attack->utcb);
		attack->done++;
		raw_ipc(&ipc);
	}
	for (;;) __asm__ volatile("ud2");
}
