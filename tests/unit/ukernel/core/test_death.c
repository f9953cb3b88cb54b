/* SPDX-License-Identifier: MIT */
/*
 * Death notices: who wanted to know that a space or thread was destroyed learns it, once.
 */
#include "suite.h"

static struct actor *watcher, *victim;

static void watches(uint32_t control, uint32_t label, const struct actor *actor, uint64_t bits) {
	if (actor) puts_badged(&root, actor->capability, RIGHT_SIGNAL, bits, 0);
	gets(&root, control, label, NO_WORDS);
}

static void given_a_watched_victim(void) {
	watcher = given_somebody();
	victim = given_somebody();
	watches(victim->control, THREAD_SET_DEATH, watcher, 1);
	watches(victim->home->control, SPACE_SET_DEATH, watcher, 2);
}

static void assert_told(struct actor *actor, uint64_t bits) {
	does(actor, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	if (bits == 0) {
		assert_failed(actor, ERROR_WOULD_BLOCK);
		return;
	}
	assert_got(actor, 0, 0);
	ck_assert_uint_ne(tag_of(actor) & IPC_TAG_SIGNAL, 0);
	ck_assert_uint_eq(word_of(actor, 0), bits);
}

START_TEST(the_end_of_a_thread_is_told_once) {
	given_a_watched_victim();
	assert_told(watcher, 0);
	gets(&root, victim->control, THREAD_DESTROY, NO_WORDS);
	assert_told(watcher, 1);
	assert_told(watcher, 0);
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	assert_told(watcher, 2);
}
END_TEST

START_TEST(the_end_of_a_space_is_also_that_of_its_threads) {
	given_a_watched_victim();
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	assert_told(watcher, 3);
	assert_told(watcher, 0);
}
END_TEST

START_TEST(it_is_told_while_the_destruction_is_still_under_way) {
	given_a_watched_victim();
	watches(victim->control, THREAD_SET_DEATH, NULL, 0);
	receives(watcher);
	gets(&root, watcher->control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY + 1));
	uint64_t granted = frames_granted();
	calls(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	/* The watcher has the word; it runs as soon as an interrupt, or the end, lets it. */
	assert_got(watcher, 0, 0);
	ck_assert_ptr_eq(arch_cpu()->current, watcher->thread);
	receives(watcher);
	runs(&root);
	ck_assert_uint_lt(frames_granted(), granted);
}
END_TEST

START_TEST(a_notice_can_be_cleared_and_replaced) {
	given_a_watched_victim();
	struct actor *second = given_somebody();
	watches(victim->control, THREAD_SET_DEATH, second, 4);
	watches(victim->home->control, SPACE_SET_DEATH, NULL, 0);
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	assert_told(watcher, 0);
	assert_told(second, 4);
}
END_TEST

START_TEST(a_halt_is_told_and_so_is_the_end_after_it) {
	given_a_watched_victim();
	excepts(victim, 6, 0, 0);
	assert_told(watcher, 1);
	gets(&root, victim->control, THREAD_DESTROY, NO_WORDS);
	assert_told(watcher, 1);
}
END_TEST

START_TEST(a_watcher_that_is_gone_is_told_nothing) {
	given_a_watched_victim();
	gets(&root, watcher->control, THREAD_DESTROY, NO_WORDS);
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	given_a_watched_victim();
	/* Revoking what the notice came from takes it back. */
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_REVOKE, WORDS(watcher->capability));
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	assert_told(watcher, 0);
}
END_TEST

START_TEST(who_watches_itself_is_told_nothing) {
	victim = given_somebody();
	watches(victim->control, THREAD_SET_DEATH, victim, 1);
	watches(victim->home->control, SPACE_SET_DEATH, victim, 1);
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_STATE, NO_WORDS), ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_notice_needs_a_capability_that_may_signal) {
	given_a_watched_victim();
	uint32_t send_only = given_a_capability(watcher, &root_home, RIGHT_SEND, 1);
	puts_capability(&root, send_only, ITEM_DERIVE, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_SET_DEATH, NO_WORDS), ERROR_RIGHT);
	puts_capability(&root, watcher->control, ITEM_DERIVE, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(&root, victim->home->control, SPACE_SET_DEATH, NO_WORDS), ERROR_CAPABILITY);
	puts_capability(&root, 0, ITEM_DERIVE, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(&root, victim->home->control, SPACE_SET_DEATH, NO_WORDS), ERROR_CAPABILITY);
	/* What was refused has changed nothing. */
	gets(&root, victim->home->control, SPACE_DESTROY, NO_WORDS);
	assert_told(watcher, 3);
}
END_TEST

SUITE("kernel death", the_end_of_a_thread_is_told_once, the_end_of_a_space_is_also_that_of_its_threads,
      it_is_told_while_the_destruction_is_still_under_way, a_notice_can_be_cleared_and_replaced,
      a_halt_is_told_and_so_is_the_end_after_it, a_watcher_that_is_gone_is_told_nothing,
      who_watches_itself_is_told_nothing, a_notice_needs_a_capability_that_may_signal)
