/* SPDX-License-Identifier: MIT */
/*
 * Destruction: whoever is destroyed, in whatever phase of a call, by whichever of its frames or capabilities.
 *
 * Each runs on a small machine, without an interrupt and with one at each preemption point, where somebody else may
 * come first. What it comes to is the same. That frames come back zeroed is checked after every kernel exit.
 */
#include "suite.h"

#include <stdio.h>

#include <nacre/abi/fault.h>

#include "frame.h"
#include "table.h"

#define SMALL_MEGABYTES 4u
#define NO_CHECKS       UINT32_MAX /* other tests check how circumstances are made */
#define LABEL_ASK       UINT32_C(0x1000005)

/* Beyond this many preemption points not each one is tried: the walk over empty slot pages has 472. */
#define POINTS_DENSE 8u

static struct home *home;
static struct actor *victim, *peer, *other;
static uint32_t to_victim;     /* the peer's slot */
static uint32_t other_control; /* the other's slots: control of the victim, and of its space */
static uint32_t other_space_control;
static uint32_t own_control;      /* the victim's slot with control of itself */
static uint32_t saved;            /* a slot with a saved right */
static uint64_t shared_page;      /* the peer's mapping that came from the victim's space */
static uint32_t shared_slot;      /* the peer's capability that came from the victim's space */
static int peer_has_called;       /* at an interrupt */
static uint64_t granted_at_start; /* before the victim's space was made */

/* --- Phases of the victim ------------------------------------------------------------------------- */

static void is_ready(void) {}

static void is_stopped(void) { gets(&root, victim->control, THREAD_STOP, NO_WORDS); }

static void receives_with_deadline(void) {
	victim->thread->utcb->deadline = fake_time + 1000 * USUAL_QUANTUM;
	does(victim, IPC_RECEIVE | IPC_DEADLINE, 0, 0, NO_WORDS);
}

static void has_a_caller_queued(void) { given_a_caller_queued(peer, victim); }

static void serves(void) { given_a_caller_served(peer, victim); }

static void serves_a_caller_that_was_cancelled(void) {
	serves();
	gets(&root, peer->control, THREAD_CANCEL, NO_WORDS);
}

static void has_saved_a_right(void) {
	serves();
	saved = given_a_slot_of(home);
	ck_assert_uint_eq(saves(victim, saved), ERROR_OK);
}

static void stands_in_a_queue(void) { given_a_caller_queued(victim, peer); }

static void waits_for_an_answer(void) { given_a_caller_served(victim, peer); }

static void waits_for_a_saved_answer(void) {
	waits_for_an_answer();
	saved = given_a_slot_of(peer->home);
	ck_assert_uint_eq(saves(peer, saved), ERROR_OK);
}

static void is_in_the_middle_of_a_chain(void) {
	given_a_caller_served(peer, victim);
	given_a_caller_served(victim, other);
}

static void handler_is_peer(uint64_t which) {
	puts_badged(&root, peer->capability, RIGHT_SEND, 5, 0);
	gets(&root, victim->control, THREAD_SET_HANDLER, WORDS(which));
}

static void has_a_fault_queued(void) {
	handler_is_peer(HANDLER_PAGER);
	faults(victim, UINT64_C(0x12345000), PAGE_WRITE);
}

static void has_a_fault_served(void) {
	has_a_fault_queued();
	receives(peer);
	assert_got(peer, FAULT_PAGE, 5);
}

static void is_halted(void) {
	excepts(victim, FAULT_VECTOR_INVALID, 0, 0);
	ck_assert_uint_eq(victim->thread->state, THREAD_HALTED);
}

static void has_used_up_its_time(void) {
	handler_is_peer(HANDLER_SCHEDULER);
	runs(victim);
	time_passes(2 * USUAL_QUANTUM);
}

static void helps_from_a_queue(void) {
	given_a_caller_queued(victim, peer);
	gets(&root, peer->control, THREAD_SET_BUDGET, WORDS(0, USUAL_PRIORITY));
	runs(peer); /* on the victim's time */
}

/* What the peer sees of it, at the latest when the space has gone too. */
enum outcome {
	PEER_NOTICES_NOTHING,
	PEER_GETS_GONE,
	PEER_GETS_PEER_LOST,
	PEER_GETS_CANCELLED,
	PEER_CANNOT_REPLY,
	PEER_CANNOT_REPLY_LATE, /* through its saved right */
};

static void assert_outcome(enum outcome outcome) {
	switch (outcome) {
	case PEER_NOTICES_NOTHING: break;
	case PEER_GETS_GONE: assert_failed(peer, ERROR_GONE); break;
	case PEER_GETS_PEER_LOST: assert_failed(peer, ERROR_PEER_LOST); break;
	case PEER_GETS_CANCELLED: assert_failed(peer, ERROR_CANCELLED); break;
	case PEER_CANNOT_REPLY:
		replies(peer, ERROR_OK, NO_WORDS);
		assert_failed(peer, ERROR_GONE);
		break;
	case PEER_CANNOT_REPLY_LATE:
		replies_to(peer, saved, ERROR_OK, NO_WORDS);
		assert_failed(peer, ERROR_GONE);
		break;
	}
}

/* --- The cast ------------------------------------------------------------------------------------- */

/* Something of the victim's space is in the peer's, with the space as its parent. */
static void shares_with_peer(void) {
	uint64_t page = given_pages(home, 1, PAGE_RIGHTS);
	fake_access(home->space, page, PAGE_WRITE);
	shared_page = peer->home->next_page;
	peer->home->next_page += PAGE_SIZE;
	puts_capability(&root, peer->home->control, ITEM_DERIVE, 0, 0);
	gets(&root, home->control, SPACE_MAP, WORDS(page, shared_page, 1, PAGE_RIGHTS));
	ck_assert_int_eq(fake_access(peer->home->space, shared_page, PAGE_WRITE), ACCESS_DONE);

	uint32_t slot = given_a_capability(other, home, RIGHT_SEND, 3);
	shared_slot = given_a_slot_of(peer->home);
	puts_capability(&root, peer->home->control, ITEM_DERIVE, 0, 0);
	gets(&root, home->control, SPACE_CAPABILITY_DERIVE, WORDS(slot, shared_slot, RIGHT_SEND, 0, 0));
}

static void given_a_cast(void (*begin)(void)) {
	given_a_machine_with(SMALL_MEGABYTES);
	world_check_every(NO_CHECKS);
	peer_has_called = 0;
	peer = given_somebody();
	other = given_somebody();
	(void)given_a_slot();
	granted_at_start = frames_granted();
	home = given_a_space();
	victim = given_a_thread(home);
	shares_with_peer();
	to_victim = given_a_capability(victim, peer->home, RIGHT_SEND, 9);
	other_control = given_control_of(victim, other->home);
	other_space_control = given_control_of_space(home, other->home);
	own_control = given_control_of(victim, home);
	fake_access(home->space, victim->thread->utcb_address.value, PAGE_WRITE);
	begin();
	world_check_every(1);
	world_check();
}

/* --- Ways to destroy it --------------------------------------------------------------------------- */

static error_t root_revokes(const struct frame *frame) {
	const uint64_t hold = ROOT_HOLDS + frame_physical(frame).value;

	return asks(&root, ROOT_SLOT_SPACE, SPACE_UNMAP, WORDS(hold, 1, UNMAP_CHILDREN));
}

static error_t by_thread_destroy(void) { return asks(&root, victim->control, THREAD_DESTROY, NO_WORDS); }
static error_t by_space_destroy(void) { return asks(&root, home->control, SPACE_DESTROY, NO_WORDS); }
static error_t by_thread_frame(void) { return root_revokes(frame_of(victim->thread)); }
static error_t by_utcb_frame(void) { return root_revokes(frame_of(victim->thread->utcb)); }
static error_t by_space_frame(void) { return root_revokes(frame_of(home->space)); }
static error_t by_top_table_frame(void) { return root_revokes(frame_of(home->space->top_table)); }

static error_t by_table_frame(void) {
	return root_revokes(frame_of(table_walk(home->space, home->next_utcb, TABLE_LEVEL_4K).entry));
}

static error_t by_record_frame(void) {
	return root_revokes(frame_of(table_record(table_walk(home->space, home->next_utcb, TABLE_LEVEL_4K).entry)));
}

static error_t by_upper_table_frame(void) {
	return root_revokes(frame_of(table_walk(home->space, home->next_utcb, TABLE_LEVEL_2M).entry));
}

static int space_is_gone(void) { return slot_find(root_home.space, home->control)->object == 0; }

/* A thread that destroys itself gets no answer. */
static error_t victim_calls(uint32_t slot, uint32_t label) {
	calls(victim, slot, label, NO_WORDS);
	return ERROR_OK;
}

static error_t by_itself(void) { return victim_calls(own_control, THREAD_DESTROY); }

/* Should an interrupt come after it has destroyed itself, whoever else has control finishes the work. */
static error_t with_its_own_space(void) {
	victim_calls(home->own, SPACE_DESTROY);
	return space_is_gone() ? ERROR_OK : by_space_destroy();
}

static error_t (*const ways[])(void) = {
	by_thread_destroy,  by_space_destroy, by_thread_frame, by_utcb_frame,        by_space_frame,
	by_top_table_frame, by_table_frame,   by_record_frame, by_upper_table_frame,
};

static error_t (*const own_ways[])(void) = {by_itself, with_its_own_space};

#define WAYS     (sizeof(ways) / sizeof(ways[0]))
#define OWN_WAYS (sizeof(own_ways) / sizeof(own_ways[0]))

/* --- Who comes at the interrupt ------------------------------------------------------------------- */

static void nobody_comes(void) {}

static void other_destroys_the_thread(void) {
	calls(other, other_control, THREAD_DESTROY, NO_WORDS);
	ck_assert(error_of(other) == ERROR_CAPABILITY || label_of(other) == ERROR_OK);
}

static void other_destroys_the_space(void) {
	calls(other, other_space_control, SPACE_DESTROY, NO_WORDS);
	ck_assert(error_of(other) == ERROR_CAPABILITY || label_of(other) == ERROR_OK);
}

/* A call to what is being destroyed ends with it at the latest. */
static void peer_tries_its_capability(void) {
	if (!is_back(peer) || peer->thread->held || result_of(peer) != 0 || !peer->thread->budget.quantum) return;
	does(peer, IPC_CALL | IPC_SEND_NONBLOCK, to_victim, LABEL_ASK, NO_WORDS);
	peer_has_called = 1;
}

static void assert_call_failed(void) {
	const error_t error = error_of(peer);

	ck_assert_msg(is_back(peer), "a call to what was destroyed has not ended");
	ck_assert_msg(error == ERROR_GONE || error == ERROR_CAPABILITY || error == ERROR_WOULD_BLOCK ||
	                      error == ERROR_PEER_LOST,
	              "a call to what was destroyed ends with error %d", error);
}

static void (*const comers[])(void) = {
	nobody_comes,
	other_destroys_the_thread,
	other_destroys_the_space,
	peer_tries_its_capability,
};

#define COMERS (sizeof(comers) / sizeof(comers[0]))

static void (*comer)(void);
static unsigned int interruptions;

static void interrupts_end(void) {
	fake_interrupt_every(0);
	world_on_interrupt = NULL;
}

static void interrupted_once(void) {
	interrupts_end();
	interruptions++;
	comer();
}

/* At the @nth preemption point from now, @who comes. */
static void interrupt_at(unsigned int nth, void (*who)(void)) {
	interruptions = 0;
	comer = who;
	world_on_interrupt = interrupted_once;
	fake_interrupt_every(nth);
}

static unsigned int next_point(unsigned int nth) { return nth < POINTS_DENSE ? nth + 1 : nth * 2; }

/* --- What it comes to ----------------------------------------------------------------------------- */

static void assert_nothing_is_left(enum outcome outcome) {
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_STATE, NO_WORDS), ERROR_CAPABILITY);
	ck_assert_uint_eq(asks(&root, victim->capability, LABEL_ASK, NO_WORDS), ERROR_CAPABILITY);
	gets(&root, peer->home->control, SPACE_CAPABILITY_READ, WORDS(to_victim));
	ck_assert_uint_eq(word_of(&root, 0), KIND_EMPTY);
	if (!space_is_gone()) gets(&root, home->control, SPACE_DESTROY, NO_WORDS);
	ck_assert_uint_eq(asks(&root, home->control, SPACE_SERIAL, NO_WORDS), ERROR_CAPABILITY);
	ck_assert_int_eq(fake_access(peer->home->space, shared_page, PAGE_READ), ACCESS_FAULT);
	gets(&root, peer->home->control, SPACE_CAPABILITY_READ, WORDS(shared_slot));
	ck_assert_uint_eq(word_of(&root, 0), KIND_EMPTY);
	ck_assert_uint_eq(frames_granted(), granted_at_start);
	gets(&root, peer->control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY));
	if (peer_has_called)
		assert_call_failed();
	else
		assert_outcome(outcome);
	world_check_every(NO_CHECKS);
}

/* The others go on, with the time that is theirs. */
static void assert_life_goes_on(void) {
	does(other, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(other, ERROR_WOULD_BLOCK);
	gets(&root, peer->control, THREAD_CANCEL, NO_WORDS);
	if (peer->thread->held) replies(peer, ERROR_OK, NO_WORDS);
	does(peer, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	ck_assert(error_of(peer) == ERROR_WOULD_BLOCK || error_of(peer) == ERROR_CANCELLED);
	uint32_t slot = given_a_capability(other, peer->home, RIGHT_SEND, 1);
	receives(other);
	calls(peer, slot, LABEL_ASK, WORDS(4));
	if (is_back(peer)) calls(peer, slot, LABEL_ASK, WORDS(4)); /* the cancel above was still to come */
	assert_got(other, LABEL_ASK, 1);
	replies(other, ERROR_OK, WORDS(5));
	assert_got(peer, ERROR_OK, 0);
}

/* One run; returns whether an interrupt came. @nth 0: none wanted. */
static int one_run(void (*begin)(void), enum outcome outcome, error_t (*way)(void), unsigned int nth,
                   void (*who)(void)) {
	if (getenv("NACRE_TEST_TRACE")) fprintf(stderr, "way %p, at point %u comes %p\n", way, nth, who);
	given_a_cast(begin);
	interruptions = 0;
	if (nth) interrupt_at(nth, who);
	error_t error = way();
	interrupts_end();
	ck_assert_msg(error == ERROR_OK || (interruptions && error == ERROR_CAPABILITY), "it ends with error %d",
	              error);
	assert_nothing_is_left(outcome);
	assert_life_goes_on();
	return interruptions != 0;
}

/* Comers take turns, so that each meets each phase and each way. */
static void runs_at_all_points(void (*begin)(void), enum outcome outcome, error_t (*way)(void)) {
	static unsigned int turn;

	one_run(begin, outcome, way, 0, nobody_comes);
	for (unsigned int nth = 1; one_run(begin, outcome, way, nth, comers[turn++ % COMERS]);) nth = next_point(nth);
}

static void runs_in_all_ways(void (*begin)(void), enum outcome outcome) {
	given_a_cast(begin);
	const int can_run = thread_is_runnable(victim->thread) && victim->thread->budget.state != BUDGET_EXHAUSTED;
	for (size_t way = 0; way < WAYS; way++) runs_at_all_points(begin, outcome, ways[way]);
	for (size_t way = 0; way < OWN_WAYS && can_run; way++) runs_at_all_points(begin, outcome, own_ways[way]);
}

/* The sentence begins a_thread_that_. */
#define DESTROYED(phase, outcome)                                                                               \
	START_TEST(a_thread_that_##phase##_can_be_destroyed_in_every_way) { runs_in_all_ways(phase, outcome); } \
	END_TEST

DESTROYED(is_ready, PEER_NOTICES_NOTHING)
DESTROYED(is_stopped, PEER_NOTICES_NOTHING)
DESTROYED(receives_with_deadline, PEER_NOTICES_NOTHING)
DESTROYED(has_a_caller_queued, PEER_GETS_GONE)
DESTROYED(serves, PEER_GETS_PEER_LOST)
DESTROYED(serves_a_caller_that_was_cancelled, PEER_GETS_CANCELLED)
DESTROYED(has_saved_a_right, PEER_GETS_PEER_LOST)
DESTROYED(stands_in_a_queue, PEER_NOTICES_NOTHING)
DESTROYED(waits_for_an_answer, PEER_CANNOT_REPLY)
DESTROYED(waits_for_a_saved_answer, PEER_CANNOT_REPLY_LATE)
DESTROYED(is_in_the_middle_of_a_chain, PEER_GETS_PEER_LOST)
DESTROYED(has_a_fault_queued, PEER_NOTICES_NOTHING)
DESTROYED(has_a_fault_served, PEER_CANNOT_REPLY)
DESTROYED(is_halted, PEER_NOTICES_NOTHING)
DESTROYED(has_used_up_its_time, PEER_NOTICES_NOTHING)
DESTROYED(helps_from_a_queue, PEER_NOTICES_NOTHING)

SUITE("kernel destruction", a_thread_that_is_ready_can_be_destroyed_in_every_way,
      a_thread_that_is_stopped_can_be_destroyed_in_every_way,
      a_thread_that_receives_with_deadline_can_be_destroyed_in_every_way,
      a_thread_that_has_a_caller_queued_can_be_destroyed_in_every_way,
      a_thread_that_serves_can_be_destroyed_in_every_way,
      a_thread_that_serves_a_caller_that_was_cancelled_can_be_destroyed_in_every_way,
      a_thread_that_has_saved_a_right_can_be_destroyed_in_every_way,
      a_thread_that_stands_in_a_queue_can_be_destroyed_in_every_way,
      a_thread_that_waits_for_an_answer_can_be_destroyed_in_every_way,
      a_thread_that_waits_for_a_saved_answer_can_be_destroyed_in_every_way,
      a_thread_that_is_in_the_middle_of_a_chain_can_be_destroyed_in_every_way,
      a_thread_that_has_a_fault_queued_can_be_destroyed_in_every_way,
      a_thread_that_has_a_fault_served_can_be_destroyed_in_every_way,
      a_thread_that_is_halted_can_be_destroyed_in_every_way,
      a_thread_that_has_used_up_its_time_can_be_destroyed_in_every_way,
      a_thread_that_helps_from_a_queue_can_be_destroyed_in_every_way)
