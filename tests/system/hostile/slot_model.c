/* SPDX-License-Identifier: MIT */
/*
 * Capability slots in lockstep with a model: random derive, share, move, delete, revoke, replace.
 */
#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "random.h"
#include "tests.h"

#define SLOTS 40u
#define NONE  SLOTS /* no parent: the object's own root */

struct model_slot {
	int is_full;
	int is_badged;
	unsigned int parent;
	unsigned int rights;
	uint64_t badge;
};

static struct model_slot slots[SLOTS];
static uint32_t first_slot;

static int is_below(unsigned int slot, unsigned int top) {
	for (slot = slots[slot].parent; slot != NONE; slot = slots[slot].parent)
		if (slot == top) return 1;
	return 0;
}

static void model_revoke(unsigned int top) {
	int gone[SLOTS];

	for (unsigned int index = 0; index < SLOTS; index++) gone[index] = slots[index].is_full && is_below(index, top);
	for (unsigned int index = 0; index < SLOTS; index++)
		if (gone[index]) slots[index].is_full = 0;
}

/* What a capability passed on would hold, or an error. */
static uint64_t model_grant(unsigned int from, unsigned int rights, uint64_t badge, uint64_t fix,
                            struct model_slot *result) {
	*result = slots[from];
	result->rights &= rights;
	if (result->rights == 0) return ERROR_RIGHT;
	if (!fix) return ERROR_OK;
	if (!result->is_badged)
		result->badge = badge;
	else if (result->rights == RIGHT_SIGNAL)
		result->badge &= badge;
	else
		return ERROR_STATE;
	result->is_badged = 1;
	return ERROR_OK;
}

static uint64_t model_pass(unsigned int from, unsigned int to, unsigned int parent, unsigned int rights, uint64_t badge,
                           uint64_t fix) {
	struct model_slot result;

	if (!slots[from].is_full) return ERROR_CAPABILITY;
	uint64_t error = model_grant(from, rights, badge, fix, &result);
	if (error != ERROR_OK) return error;
	if (slots[to].is_full) return ERROR_EXISTS;
	slots[to] = result;
	slots[to].parent = parent;
	return ERROR_OK;
}

static void model_rename(unsigned int from, unsigned int to) {
	slots[to] = slots[from];
	slots[from].is_full = 0;
	for (unsigned int index = 0; index < SLOTS; index++)
		if (slots[index].is_full && slots[index].parent == from) slots[index].parent = to;
}

static uint64_t model_replace(unsigned int from, unsigned int to) {
	if (!slots[from].is_full || !slots[to].is_full) return ERROR_CAPABILITY;
	if (from == to) return ERROR_ARGUMENT;
	model_revoke(to);
	if (!slots[from].is_full) return ERROR_CAPABILITY;
	model_rename(from, to);
	return ERROR_OK;
}

static void step(struct random *random) {
	unsigned int from = (unsigned int)random_below(random, SLOTS);
	unsigned int to = (unsigned int)random_below(random, SLOTS);
	unsigned int rights = (unsigned int)random_below(random, 8) | RIGHT_SEND;
	uint64_t badge = random_below(random, 16);
	uint64_t fix = random_one_in(random, 4) ? 1 : 0;
	const uint64_t source = first_slot + from;
	const uint64_t destination = first_slot + to;

	if (random_one_in(random, 8)) rights = (unsigned int)random_below(random, 8);
	switch (random_below(random, 8)) {
	case 0:
		tap_note("delete %u", from);
		model_revoke(from);
		slots[from].is_full = 0;
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, source));
		break;
	case 1:
		tap_note("revoke %u", from);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REVOKE, source),
		            slots[from].is_full ? ERROR_OK : ERROR_CAPABILITY);
		if (slots[from].is_full) model_revoke(from);
		break;
	case 2:
		tap_note("move %u to %u", from, to);
		uint64_t moved = !slots[from].is_full ? ERROR_CAPABILITY : slots[to].is_full ? ERROR_EXISTS : ERROR_OK;
		if (moved == ERROR_OK) model_rename(from, to);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_MOVE, source, destination), moved);
		break;
	case 3:
		tap_note("replace %u by %u", to, from);
		uint64_t replaced = model_replace(from, to);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_REPLACE, source, destination), replaced);
		break;
	case 4:
		tap_note("share %u to %u rights %u", from, to, rights);
		uint64_t shared = model_pass(from, to, slots[from].parent, rights, 0, 0);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, source, destination, rights), shared);
		break;
	default:
		tap_note("derive %u to %u rights %u badge %lu %lu", from, to, rights, (unsigned long)badge,
		         (unsigned long)fix);
		uint64_t derived = model_pass(from, to, from, rights, badge, fix);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, source, destination, rights, badge, fix),
		            derived);
		break;
	}
}

static void check_all(void) {
	for (unsigned int index = 0; index < SLOTS; index++) {
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_READ, first_slot + index));
		CHECK_EQUAL(answer.words[0], slots[index].is_full ? KIND_THREAD : KIND_EMPTY);
		if (!slots[index].is_full) continue;
		CHECK_EQUAL(answer.words[1], slots[index].rights);
		CHECK_EQUAL(answer.words[2], slots[index].badge);
	}
}

static void capability_slots_do_what_a_model_of_them_says(void) {
	struct random random = {hostile_seed()};
	uint64_t rounds = hostile_rounds(30000);
	struct actor queue;

	queue_create(&queue);
	first_slot = slots_take(SLOTS);
	CHECK_DONE();
	for (unsigned int index = 0; index < SLOTS; index++) slots[index].is_full = 0;
	for (uint64_t round = 0; round < rounds; round++) {
		tap_forget_notes();
		/* Something to begin with, again and again. */
		if (!slots[0].is_full) {
			CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, queue.thread, first_slot, RIGHTS_ALL, 0,
			                0));
			slots[0] = (struct model_slot){1, 0, NONE, RIGHTS_ALL, 0};
		}
		step(&random);
		CHECK_DONE();
		if (round % 16 == 0) check_all();
		CHECK_DONE();
	}
	check_all();
}

const struct test slot_model_tests[] = {
	TEST(capability_slots_do_what_a_model_of_them_says),
	TESTS_END,
};
