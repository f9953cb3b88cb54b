/* SPDX-License-Identifier: MIT */
/*
 * Third parties: who has control of two spaces passes on from one to the other as if the first had sent it.
 */
#include "suite.h"

#include "frame.h"

#define LABEL_ASK UINT32_C(0x1000005)

static struct actor *party, *server;
static struct home *from, *to;
static uint32_t control_of_from, control_of_to; /* the party's */
static uint32_t source;                         /* in the first space: unbadged, all rights */
static uint32_t place;                          /* an empty slot of the second */

static void given_a_third_party(void) {
	party = given_somebody();
	server = given_somebody();
	from = given_a_space();
	to = given_a_space();
	control_of_from = given_control_of_space(from, party->home);
	control_of_to = given_control_of_space(to, party->home);
	source = given_an_unbadged_capability(server, from, RIGHTS_ALL);
	place = given_a_slot_of(to);
}

/* The party does it with the second space as destination. */
static error_t passes(uint32_t label, const uint64_t *words, unsigned long count) {
	puts_capability(party, control_of_to, ITEM_DERIVE, 0, 0);
	return asks(party, control_of_from, label, words, count);
}

static void assert_holds(struct home *home, uint64_t slot, uint64_t kind, uint64_t rights, uint64_t badge) {
	gets(&root, home->control, SPACE_CAPABILITY_READ, WORDS(slot));
	ck_assert_uint_eq(word_of(&root, 0), kind);
	ck_assert_uint_eq(word_of(&root, 1), rights);
	ck_assert_uint_eq(word_of(&root, 2), badge);
}

START_TEST(a_derived_capability_goes_with_the_one_in_the_first_space) {
	given_a_third_party();
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_DERIVE, WORDS(source, place, RIGHT_SEND, 5, 1)), ERROR_OK);
	assert_holds(to, place, KIND_THREAD, RIGHT_SEND, 5);
	gets(party, control_of_from, SPACE_CAPABILITY_DELETE, WORDS(source));
	assert_holds(to, place, KIND_EMPTY, 0, 0);
}
END_TEST

START_TEST(a_shared_capability_survives_the_first_space) {
	given_a_third_party();
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_SHARE, WORDS(source, place, RIGHT_SEND)), ERROR_OK);
	gets(&root, from->control, SPACE_DESTROY, NO_WORDS);
	assert_holds(to, place, KIND_THREAD, RIGHT_SEND, 0);
}
END_TEST

START_TEST(a_moved_capability_leaves_the_first_space) {
	given_a_third_party();
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_MOVE, WORDS(source, place)), ERROR_OK);
	assert_holds(from, source, KIND_EMPTY, 0, 0);
	assert_holds(to, place, KIND_THREAD, RIGHTS_ALL, 0);
	gets(&root, from->control, SPACE_DESTROY, NO_WORDS);
	assert_holds(to, place, KIND_THREAD, RIGHTS_ALL, 0);
}
END_TEST

START_TEST(a_capability_is_put_over_another_in_the_second_space) {
	given_a_third_party();
	struct actor *other = given_somebody();
	uint32_t taken = given_a_capability(other, to, RIGHT_SEND, 9);
	uint32_t below = given_a_slot_of(to);
	gets(&root, to->control, SPACE_CAPABILITY_DERIVE, WORDS(taken, below, RIGHT_SEND, 0, 0));
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_DERIVE, WORDS(source, taken, RIGHT_SEND, 0, 0)), ERROR_EXISTS);
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_REPLACE, WORDS(source, taken)), ERROR_OK);
	assert_holds(to, taken, KIND_THREAD, RIGHTS_ALL, 0);
	assert_holds(to, below, KIND_EMPTY, 0, 0);
	assert_holds(from, source, KIND_EMPTY, 0, 0);
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_REPLACE, WORDS(source, taken)), ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_saved_right_moved_to_another_space_answers_its_call_there) {
	given_a_third_party();
	struct actor *client = given_somebody();
	struct actor *worker = given_a_thread(from);
	struct actor *successor = given_a_thread(to);
	uint32_t saved = given_a_slot_of(from);
	given_a_caller_served(client, worker);
	ck_assert_uint_eq(saves(worker, saved), ERROR_OK);
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_SHARE, WORDS(saved, place, RIGHTS_ALL)), ERROR_CAPABILITY);
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_DERIVE, WORDS(saved, place, RIGHTS_ALL, 0, 0)), ERROR_CAPABILITY);
	ck_assert_uint_eq(passes(SPACE_CAPABILITY_MOVE, WORDS(saved, place)), ERROR_OK);
	gets(&root, from->control, SPACE_DESTROY, NO_WORDS);
	assert_waiting(client);
	replies_to(successor, place, ERROR_OK, WORDS(3));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 3);
}
END_TEST

START_TEST(pages_mapped_from_one_space_to_the_other_are_the_firsts_to_revoke) {
	given_a_third_party();
	uint64_t page = given_pages(from, 2, PAGE_READ | PAGE_WRITE);
	uint64_t goal = to->next_page;
	ck_assert_uint_eq(passes(SPACE_MAP, WORDS(page, goal, 2, PAGE_RIGHTS)), ERROR_OK);
	ck_assert_int_eq(fake_access(to->space, goal + PAGE_SIZE, PAGE_WRITE), ACCESS_DONE);
	ck_assert_int_eq(fake_access(to->space, goal, PAGE_EXECUTE), ACCESS_FAULT);
	gets(party, control_of_from, SPACE_UNMAP, WORDS(page, 1, UNMAP_CHILDREN));
	ck_assert_int_eq(fake_access(to->space, goal, PAGE_READ), ACCESS_FAULT);
	ck_assert_int_eq(fake_access(to->space, goal + PAGE_SIZE, PAGE_READ), ACCESS_DONE);
	gets(&root, from->control, SPACE_DESTROY, NO_WORDS);
	ck_assert_int_eq(fake_access(to->space, goal + PAGE_SIZE, PAGE_READ), ACCESS_FAULT);
}
END_TEST

/* The labels with a second space, and words that are right for each. */
static const uint32_t labels[] = {SPACE_CAPABILITY_DERIVE, SPACE_CAPABILITY_SHARE, SPACE_CAPABILITY_MOVE,
                                  SPACE_CAPABILITY_REPLACE, SPACE_MAP};

#define LABELS (sizeof(labels) / sizeof(labels[0]))

static error_t tries(uint32_t label, uint32_t item) {
	puts_capability(party, item, ITEM_DERIVE, 0, 0);
	if (label == SPACE_MAP)
		return asks(party, control_of_from, label, WORDS(from->next_page, to->next_page, 1, PAGE_READ));
	return asks(party, control_of_from, label, WORDS(source, place, RIGHTS_ALL, 0, 0));
}

START_TEST(the_destination_is_named_by_control_of_a_living_space) {
	given_a_third_party();
	uint32_t thread = given_control_of(server, party->home);
	uint32_t send = given_a_capability(server, party->home, RIGHTS_ALL, 1);
	uint32_t empty = given_a_slot_of(party->home);
	const uint32_t wrong[] = {thread, send, empty, 0, SLOT_COUNT, UINT32_MAX};
	for (size_t label = 0; label < LABELS; label++) {
		for (size_t index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++)
			ck_assert_uint_eq(tries(labels[label], wrong[index]), ERROR_CAPABILITY);
		puts_reply_right(party, 0);
		ck_assert_uint_eq(asks(party, control_of_from, labels[label], WORDS(source, place, 7, 0, 0)),
		                  ERROR_ARGUMENT);
		puts_pages(party, 0, 1, PAGE_READ, 0, 0);
		ck_assert_uint_eq(asks(party, control_of_from, labels[label], WORDS(source, place, 7, 0, 0)),
		                  ERROR_ARGUMENT);
	}
	gets(&root, to->control, SPACE_DESTROY, NO_WORDS);
	for (size_t label = 0; label < LABELS; label++)
		ck_assert_uint_eq(tries(labels[label], control_of_to), ERROR_CAPABILITY);
	assert_holds(from, source, KIND_THREAD, RIGHTS_ALL, 0);
}
END_TEST

/* The space's memory is taken back, which takes long enough to be interrupted. Control of it goes last. */
static unsigned int tries_meanwhile;

static void tries_on_a_dying_space(void) {
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	for (size_t label = 0; label < LABELS; label++) {
		ck_assert_uint_eq(tries(labels[label], control_of_to), ERROR_GONE);
		tries_meanwhile++;
	}
	ck_assert_uint_eq(asks(party, control_of_to, SPACE_SERIAL, NO_WORDS), ERROR_GONE);
}

START_TEST(nothing_is_put_into_a_dying_space) {
	given_a_third_party();
	for (unsigned int index = 0; index < 10; index++) given_a_capability(server, to, RIGHT_SEND, index);
	world_on_interrupt = tries_on_a_dying_space;
	fake_interrupt_every(4);
	const uint64_t hold = ROOT_HOLDS + frame_physical(frame_of(to->space)).value;
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(hold, 1, UNMAP_CHILDREN));
	ck_assert_uint_eq(tries_meanwhile, LABELS);
	assert_holds(from, source, KIND_THREAD, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(party, control_of_to, SPACE_SERIAL, NO_WORDS), ERROR_CAPABILITY);
}
END_TEST

/* The same of a thread. */
static uint32_t control_of_thread, to_thread;

static void tries_on_a_dying_thread(void) {
	static const uint32_t methods[] = {THREAD_STATE, THREAD_STOP, THREAD_CANCEL, THREAD_DERIVE, THREAD_SET_BUDGET};

	fake_interrupt_every(0);
	world_on_interrupt = NULL;
	for (size_t index = 0; index < sizeof(methods) / sizeof(methods[0]); index++)
		ck_assert_uint_eq(asks(party, control_of_thread, methods[index], WORDS(1, 1, 1)), ERROR_GONE);
	calls(party, to_thread, LABEL_ASK, NO_WORDS);
	assert_failed(party, ERROR_GONE);
	sends(party, to_thread, LABEL_ASK, NO_WORDS);
	assert_failed(party, ERROR_GONE);
	receives_from(party, to_thread);
	assert_failed(party, ERROR_GONE);
	tries_meanwhile++;
}

START_TEST(nothing_is_done_to_a_dying_thread) {
	given_a_third_party();
	control_of_thread = given_control_of(server, party->home);
	to_thread = given_an_unbadged_capability(server, party->home, RIGHTS_ALL);
	for (unsigned int index = 0; index < 20; index++) given_a_capability(server, to, RIGHT_SEND, index);
	world_on_interrupt = tries_on_a_dying_thread;
	fake_interrupt_every(1);
	const uint64_t hold = ROOT_HOLDS + frame_physical(frame_of(server->thread)).value;
	gets(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(hold, 1, UNMAP_CHILDREN));
	ck_assert_uint_eq(tries_meanwhile, 1);
}
END_TEST

SUITE("kernel third party", a_derived_capability_goes_with_the_one_in_the_first_space,
      a_shared_capability_survives_the_first_space, a_moved_capability_leaves_the_first_space,
      a_capability_is_put_over_another_in_the_second_space, a_saved_right_moved_to_another_space_answers_its_call_there,
      pages_mapped_from_one_space_to_the_other_are_the_firsts_to_revoke,
      the_destination_is_named_by_control_of_a_living_space, nothing_is_put_into_a_dying_space,
      nothing_is_done_to_a_dying_thread)
