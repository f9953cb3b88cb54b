/* SPDX-License-Identifier: MIT */
/*
 * Faults as calls: to whom they go, what cures them, what becomes of those that nobody cures.
 */
#include "suite.h"

#include <nacre/abi/fault.h>

#define PLACE UINT64_C(0x40100000) /* where the victim has a table and no page */

#define PAGER_BADGE   UINT64_C(7)
#define HANDLER_BADGE UINT64_C(8)
#define DEATH_BIT     UINT64_C(0x100)

static struct actor *victim, *pager, *handler;

static void handles(struct actor *actor, uint64_t which, uint64_t badge) {
	puts_badged(&root, actor->capability, RIGHT_SEND, badge, 0);
	gets(&root, victim->control, THREAD_SET_HANDLER, WORDS(which));
}

static void given_a_victim(void) {
	victim = given_somebody();
	pager = given_somebody();
	handler = given_somebody();
	puts_badged(&root, handler->capability, RIGHT_SIGNAL, DEATH_BIT, 0);
	gets(&root, victim->control, THREAD_SET_DEATH, NO_WORDS);
}

static void given_a_victim_with_handlers(void) {
	given_a_victim();
	handles(pager, HANDLER_PAGER, PAGER_BADGE);
	handles(handler, HANDLER_EXCEPTION, HANDLER_BADGE);
}

static uint64_t state_of(struct actor *actor) {
	gets(&root, actor->control, THREAD_STATE, NO_WORDS);
	return word_of(&root, 0);
}

/* It is halted, and whoever wanted to know does. */
static void assert_halted(uint32_t label) {
	ck_assert_uint_eq(state_of(victim), THREAD_STATE_HALTED);
	ck_assert_uint_eq(word_of(&root, 2), label);
	receives(handler);
	ck_assert_uint_ne(tag_of(handler) & IPC_TAG_SIGNAL, 0);
	ck_assert_uint_eq(word_of(handler, 0), DEATH_BIT);
	time_passes(10 * USUAL_QUANTUM);
	ck_assert_ptr_ne(arch_cpu()->current, victim->thread);
}

static void assert_handler_gets(uint32_t label, uint64_t number, uint64_t code, uint64_t address) {
	receives(handler);
	time_passes(4 * USUAL_QUANTUM); /* the victim has to run to send it */
	assert_got(handler, label, HANDLER_BADGE);
	ck_assert_uint_eq(IPC_TAG_WORDS(tag_of(handler)), FAULT_REGISTERS_FIRST_WORD + ABI_REGISTER_WORDS);
	ck_assert_uint_eq(word_of(handler, 0), number);
	ck_assert_uint_eq(word_of(handler, 1), code);
	ck_assert_uint_eq(word_of(handler, 2), address);
}

/* --- Page faults --------------------------------------------------------------------------------- */

START_TEST(a_page_fault_is_a_call_to_the_pager_and_the_pages_in_its_answer_cure_it) {
	given_a_victim_with_handlers();
	uint64_t page = given_pages(pager->home, 1, PAGE_RIGHTS | MAP_HOLD);
	receives(pager);
	faults(victim, PLACE + 0x123, PAGE_WRITE);
	assert_got(pager, FAULT_PAGE, PAGER_BADGE);
	ck_assert_uint_eq(IPC_TAG_WORDS(tag_of(pager)), 3);
	ck_assert_uint_eq(word_of(pager, 0), PLACE + 0x123);
	ck_assert_uint_eq(word_of(pager, 1), PAGE_WRITE);
	ck_assert_uint_eq(word_of(pager, 2), victim->thread->registers.ip);
	ck_assert_uint_eq(state_of(victim), THREAD_STATE_WAITING);
	ck_assert_uint_eq(word_of(&root, 2), FAULT_PAGE);
	ck_assert_uint_eq(word_of(&root, 3), PLACE + 0x123);

	const struct registers before = victim->thread->registers;
	puts_pages(pager, page, 1, PAGE_READ | PAGE_WRITE, 0, PLACE);
	reply_receives(pager, ERROR_OK, WORDS(99));
	ck_assert_msg(is_back(victim), "cured");
	ck_assert_mem_eq(&before, &victim->thread->registers, sizeof(before));
	ck_assert_int_eq(fake_access(victim->home->space, PLACE, PAGE_WRITE), ACCESS_DONE);
}
END_TEST

START_TEST(a_fault_waits_in_the_queue_of_a_busy_pager) {
	given_a_victim_with_handlers();
	faults(victim, PLACE, PAGE_READ);
	ck_assert_uint_eq(state_of(victim), THREAD_STATE_SENDING);
	receives(pager);
	assert_got(pager, FAULT_PAGE, PAGER_BADGE);
	ck_assert_uint_eq(word_of(pager, 0), PLACE);
	replies(pager, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "tries again");
}
END_TEST

/* Each fault is answered with an item that the victim may not or cannot take. */
START_TEST(a_cure_that_is_no_memory_or_finds_no_place_becomes_an_exception) {
	given_a_victim_with_handlers();
	uint64_t page = given_pages(pager->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(handler, pager->home, RIGHT_SEND, 1);
	uint32_t empty = given_a_slot_of(victim->home);
	victim->thread->utcb->window_slot = empty;
	victim->thread->utcb->window_slot_count = 1;
	victim->thread->utcb->received[0].header = 0x1234;
	for (unsigned int attempt = 0; attempt < 2; attempt++) {
		faults(victim, PLACE, PAGE_READ);
		receives(pager);
		if (attempt == 0)
			puts_capability(pager, slot, ITEM_DERIVE, RIGHT_SEND, 0);
		else
			puts_pages(pager, page, 1, PAGE_READ, 0, UINT64_C(0x600000000000));
		replies(pager, ERROR_OK, NO_WORDS);
		ck_assert_uint_eq(error_of(pager), ERROR_OK);
		assert_handler_gets(FAULT_EXCEPTION, FAULT_VECTOR_PAGE, attempt ? ERROR_NO_MEMORY : ERROR_RANGE, PLACE);
		replies(handler, ERROR_OK, NO_WORDS);
		ck_assert_msg(is_back(victim), "goes on");
		ck_assert_int_eq(fake_access(victim->home->space, PLACE, PAGE_READ), ACCESS_FAULT);
	}
	gets(victim, victim->home->own, SPACE_CAPABILITY_READ, WORDS(empty));
	ck_assert_uint_eq(word_of(victim, 0), KIND_EMPTY);
	ck_assert_uint_eq(victim->thread->utcb->received[0].header, 0x1234);
}
END_TEST

START_TEST(where_something_is_mapped_already_the_thread_tries_again) {
	given_a_victim_with_handlers();
	uint64_t page = given_pages(pager->home, 1, PAGE_RIGHTS);
	faults(victim, PLACE, PAGE_READ);
	receives(pager);
	puts_pages(pager, page, 1, PAGE_READ, 0, victim->thread->utcb_address.value);
	replies(pager, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "tries again");
}
END_TEST

START_TEST(a_pagers_refusal_becomes_an_exception_that_says_why) {
	given_a_victim_with_handlers();
	faults(victim, PLACE, PAGE_READ);
	receives(pager);
	replies(pager, ERROR_LIMIT, NO_WORDS);
	ck_assert_uint_eq(error_of(pager), ERROR_OK);
	assert_handler_gets(FAULT_EXCEPTION, FAULT_VECTOR_PAGE, ERROR_LIMIT, PLACE);
	replies(handler, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "goes on");
}
END_TEST

START_TEST(a_missing_pager_becomes_an_exception) {
	given_a_victim();
	handles(handler, HANDLER_EXCEPTION, HANDLER_BADGE);
	faults(victim, PLACE, PAGE_READ);
	assert_handler_gets(FAULT_EXCEPTION, FAULT_PAGER_LOST, 0, PLACE);
}
END_TEST

START_TEST(a_pager_that_dies_before_or_while_it_serves_becomes_an_exception) {
	for (unsigned int serving = 0; serving < 2; serving++) {
		given_a_victim_with_handlers();
		faults(victim, PLACE, PAGE_READ);
		if (serving) receives(pager);
		gets(&root, pager->control, THREAD_DESTROY, NO_WORDS);
		assert_handler_gets(FAULT_EXCEPTION, FAULT_PAGER_LOST, 0, PLACE);
		replies(handler, ERROR_OK, NO_WORDS);
		/* Its capability is gone: the same again. */
		faults(victim, PLACE, PAGE_READ);
		assert_handler_gets(FAULT_EXCEPTION, FAULT_PAGER_LOST, 0, PLACE);
	}
}
END_TEST

START_TEST(a_lost_right_to_answer_a_fault_becomes_an_exception) {
	given_a_victim_with_handlers();
	uint32_t saved = given_a_slot_of(pager->home);
	faults(victim, PLACE, PAGE_READ);
	receives(pager);
	ck_assert_uint_eq(saves(pager, saved), ERROR_OK);
	gets(pager, pager->home->own, SPACE_CAPABILITY_DELETE, WORDS(saved));
	receives(pager); /* with that it gives back the victim's time */
	assert_handler_gets(FAULT_EXCEPTION, FAULT_PAGER_LOST, 0, PLACE);
}
END_TEST

START_TEST(a_fault_can_be_answered_through_a_saved_right) {
	given_a_victim_with_handlers();
	uint64_t page = given_pages(pager->home, 1, PAGE_RIGHTS);
	uint32_t saved = given_a_slot_of(pager->home);
	faults(victim, PLACE, PAGE_READ);
	receives(pager);
	ck_assert_uint_eq(saves(pager, saved), ERROR_OK);
	puts_pages(pager, page, 1, PAGE_READ, 0, PLACE);
	replies_to(pager, saved, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "cured");
	ck_assert_int_eq(fake_access(victim->home->space, PLACE, PAGE_READ), ACCESS_DONE);
}
END_TEST

START_TEST(who_is_its_own_pager_waits_until_another_is_named) {
	given_a_victim_with_handlers();
	handles(victim, HANDLER_PAGER, 1);
	faults(victim, PLACE, PAGE_READ);
	time_passes(10 * USUAL_QUANTUM);
	ck_assert_uint_eq(state_of(victim), THREAD_STATE_SENDING);
	handles(pager, HANDLER_PAGER, PAGER_BADGE);
	gets(&root, victim->control, THREAD_STOP, NO_WORDS);
	gets(&root, victim->control, THREAD_RESUME, NO_WORDS);
	receives(pager);
	time_passes(4 * USUAL_QUANTUM);
	assert_got(pager, FAULT_PAGE, PAGER_BADGE);
}
END_TEST

START_TEST(a_pager_without_time_of_its_own_works_on_the_victims) {
	given_a_victim_with_handlers();
	struct actor *server = given_a_server(given_a_space());
	handles(server, HANDLER_PAGER, PAGER_BADGE);
	faults(victim, PLACE, PAGE_READ);
	ck_assert_ptr_eq(arch_cpu()->current, server->thread);
	reply_receives(server, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "goes on");
	runs(victim);
}
END_TEST

/* --- Exceptions ---------------------------------------------------------------------------------- */

START_TEST(an_exception_tells_all_registers_and_its_answer_may_change_them) {
	given_a_victim_with_handlers();
	runs(victim);
	victim->thread->registers.rbx = 0xbb;
	victim->thread->registers.words[5] = 0x55;
	excepts(victim, FAULT_VECTOR_PROTECTION, 3, 4);
	assert_handler_gets(FAULT_EXCEPTION, FAULT_VECTOR_PROTECTION, 3, 4);
	struct abi_registers told;
	uint64_t *words = (uint64_t *)&told;
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		words[index] = word_of(handler, FAULT_REGISTERS_FIRST_WORD + index);
	ck_assert_uint_eq(told.rbx, 0xbb);
	ck_assert_uint_eq(told.r13, 0x55);
	ck_assert_uint_eq(told.rip, victim->thread->registers.ip);
	told.rbx = 0xcc;
	told.rip += 4;
	told.fs_base = 0x5000;
	replies(handler, ERROR_OK, words, ABI_REGISTER_WORDS);
	ck_assert_msg(is_back(victim), "goes on");
	ck_assert_uint_eq(victim->thread->registers.rbx, 0xcc);
	ck_assert_uint_eq(victim->thread->registers.ip, told.rip);
	ck_assert_uint_eq(victim->thread->arch.fs_base, 0x5000);
}
END_TEST

START_TEST(a_handler_that_refuses_or_gives_impossible_registers_halts_the_thread) {
	uint64_t words[ABI_REGISTER_WORDS] = {0};

	given_a_victim_with_handlers();
	excepts(victim, FAULT_VECTOR_INVALID, 0, 0);
	assert_handler_gets(FAULT_EXCEPTION, FAULT_VECTOR_INVALID, 0, 0);
	replies(handler, ERROR_STATE, NO_WORDS);
	assert_halted(FAULT_EXCEPTION);

	given_a_victim_with_handlers();
	words[offsetof(struct abi_registers, rip) / sizeof(uint64_t)] = UINT64_C(1) << 63;
	excepts(victim, FAULT_VECTOR_INVALID, 0, 0);
	receives(handler);
	replies(handler, ERROR_OK, words, ABI_REGISTER_WORDS);
	ck_assert_uint_eq(error_of(handler), ERROR_OK);
	assert_halted(FAULT_EXCEPTION);
}
END_TEST

START_TEST(without_a_handler_or_when_it_dies_the_thread_halts) {
	given_a_victim();
	faults(victim, PLACE, PAGE_READ);
	assert_halted(FAULT_EXCEPTION);
	ck_assert_uint_eq(victim->thread->fault.number, FAULT_PAGER_LOST);

	given_a_victim();
	excepts(victim, FAULT_VECTOR_DIVIDE, 0, 0);
	assert_halted(FAULT_EXCEPTION);

	given_a_victim();
	handles(pager, HANDLER_EXCEPTION, 1);
	excepts(victim, FAULT_VECTOR_DIVIDE, 0, 0);
	receives(pager);
	gets(&root, pager->control, THREAD_DESTROY, NO_WORDS);
	assert_halted(FAULT_EXCEPTION);
}
END_TEST

START_TEST(a_halted_thread_goes_on_with_the_registers_its_controller_gives) {
	uint64_t words[ABI_REGISTER_WORDS] = {0};

	given_a_victim();
	excepts(victim, FAULT_VECTOR_DIVIDE, 0, 0);
	assert_halted(FAULT_EXCEPTION);
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_GET_REGISTERS, NO_WORDS), ERROR_STATE);
	gets(&root, victim->control, THREAD_STOP, NO_WORDS);
	gets(&root, victim->control, THREAD_GET_REGISTERS, NO_WORDS);
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++) words[index] = word_of(&root, index);
	gets(&root, victim->control, THREAD_SET_REGISTERS, words, ABI_REGISTER_WORDS);
	gets(&root, victim->control, THREAD_RESUME, NO_WORDS);
	ck_assert_uint_eq(state_of(victim), THREAD_STATE_READY);
	ck_assert_uint_eq(word_of(&root, 2), 0);
	runs(victim);
}
END_TEST

/* --- Stops and cancels --------------------------------------------------------------------------- */

START_TEST(a_stopped_thread_sends_its_fault_again_when_it_goes_on) {
	given_a_victim_with_handlers();
	faults(victim, PLACE, PAGE_READ);
	gets(&root, victim->control, THREAD_STOP, NO_WORDS);
	does(pager, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(pager, ERROR_WOULD_BLOCK);
	receives(pager);
	gets(&root, victim->control, THREAD_RESUME, NO_WORDS);
	time_passes(4 * USUAL_QUANTUM);
	assert_got(pager, FAULT_PAGE, PAGER_BADGE);
	gets(&root, victim->control, THREAD_STOP, NO_WORDS);
	replies(pager, ERROR_OK, NO_WORDS);
	ck_assert_uint_eq(error_of(pager), ERROR_OK);
	time_passes(4 * USUAL_QUANTUM);
	ck_assert_ptr_ne(arch_cpu()->current, victim->thread);
	gets(&root, victim->control, THREAD_RESUME, NO_WORDS);
	runs(victim);
}
END_TEST

START_TEST(cancel_leaves_a_fault_alone_and_ends_the_next_ipc) {
	given_a_victim_with_handlers();
	faults(victim, PLACE, PAGE_READ);
	gets(&root, victim->control, THREAD_CANCEL, NO_WORDS);
	receives(pager);
	assert_got(pager, FAULT_PAGE, PAGER_BADGE);
	gets(&root, victim->control, THREAD_CANCEL, NO_WORDS);
	replies(pager, ERROR_OK, NO_WORDS);
	ck_assert_msg(is_back(victim), "cured");
	receives(victim);
	assert_failed(victim, ERROR_CANCELLED);
	receives(victim);
	assert_waiting(victim);
}
END_TEST

START_TEST(registers_of_a_thread_with_a_fault_under_way_are_the_handlers) {
	given_a_victim_with_handlers();
	excepts(victim, FAULT_VECTOR_INVALID, 0, 0);
	receives(handler);
	gets(&root, victim->control, THREAD_STOP, NO_WORDS);
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_GET_REGISTERS, NO_WORDS), ERROR_STATE);
	replies(handler, ERROR_OK, NO_WORDS);
	gets(&root, victim->control, THREAD_GET_REGISTERS, NO_WORDS);
}
END_TEST

/* --- Foreign mode -------------------------------------------------------------------------------- */

static void makes_a_foreign_call(uint64_t number) {
	runs(victim);
	kernel_foreign_call(number);
	world_settle();
}

START_TEST(a_foreign_call_goes_to_the_handler_who_decides_what_it_did) {
	given_a_victim_with_handlers();
	gets(&root, victim->control, THREAD_SET_FLAGS, WORDS(THREAD_FOREIGN));
	ck_assert_uint_eq(victim->thread->flags, THREAD_FOREIGN);
	runs(victim);
	victim->thread->registers.operation = 39; /* its system call number, say */
	makes_a_foreign_call(FAULT_SYSCALL);
	assert_handler_gets(FAULT_FOREIGN, FAULT_SYSCALL, 0, 0);
	uint64_t words[ABI_REGISTER_WORDS];
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		words[index] = word_of(handler, FAULT_REGISTERS_FIRST_WORD + index);
	ck_assert_uint_eq(words[0], 39);
	words[0] = 1234;
	replies(handler, ERROR_OK, words, ABI_REGISTER_WORDS);
	ck_assert_msg(is_back(victim), "goes on");
	ck_assert_uint_eq(victim->thread->registers.operation, 1234);

	makes_a_foreign_call(0x80);
	assert_handler_gets(FAULT_FOREIGN, 0x80, 0, 0);
	replies(handler, ERROR_UNKNOWN, NO_WORDS);
	assert_halted(FAULT_FOREIGN);
}
END_TEST

START_TEST(foreign_mode_is_switched_off_again_and_other_flags_are_refused) {
	given_a_victim_with_handlers();
	gets(&root, victim->control, THREAD_SET_FLAGS, WORDS(THREAD_FOREIGN));
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_SET_FLAGS, WORDS(2)), ERROR_ARGUMENT);
	ck_assert_uint_eq(asks(&root, victim->control, THREAD_SET_FLAGS, WORDS(0x100)), ERROR_ARGUMENT);
	ck_assert_uint_eq(victim->thread->flags, THREAD_FOREIGN);
	gets(&root, victim->control, THREAD_SET_FLAGS, WORDS(0));
	ck_assert_uint_eq(victim->thread->flags, 0);
}
END_TEST

SUITE("kernel fault", a_page_fault_is_a_call_to_the_pager_and_the_pages_in_its_answer_cure_it,
      a_fault_waits_in_the_queue_of_a_busy_pager, a_cure_that_is_no_memory_or_finds_no_place_becomes_an_exception,
      where_something_is_mapped_already_the_thread_tries_again, a_pagers_refusal_becomes_an_exception_that_says_why,
      a_missing_pager_becomes_an_exception, a_pager_that_dies_before_or_while_it_serves_becomes_an_exception,
      a_lost_right_to_answer_a_fault_becomes_an_exception, a_fault_can_be_answered_through_a_saved_right,
      who_is_its_own_pager_waits_until_another_is_named, a_pager_without_time_of_its_own_works_on_the_victims,
      an_exception_tells_all_registers_and_its_answer_may_change_them,
      a_handler_that_refuses_or_gives_impossible_registers_halts_the_thread,
      without_a_handler_or_when_it_dies_the_thread_halts,
      a_halted_thread_goes_on_with_the_registers_its_controller_gives,
      a_stopped_thread_sends_its_fault_again_when_it_goes_on, cancel_leaves_a_fault_alone_and_ends_the_next_ipc,
      registers_of_a_thread_with_a_fault_under_way_are_the_handlers,
      a_foreign_call_goes_to_the_handler_who_decides_what_it_did,
      foreign_mode_is_switched_off_again_and_other_flags_are_refused)
