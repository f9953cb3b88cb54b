/* SPDX-License-Identifier: MIT */
/*
 * Faults as messages: to the pager, to the handler, and what becomes of a thread without them.
 */
#include "faulting.h"

#include <first/child.h>
#include <first/machine.h>

#include "snippets.h"
#include "topics.h"

static void a_page_fault_tells_address_access_and_instruction(void) {
	static const struct {
		const char *entry;
		uint64_t access;
	} cases[] = {{snippet_load, PAGE_READ}, {snippet_store, PAGE_WRITE}};

	for (unsigned int index = 0; index < 2; index++) {
		struct actor actor;
		given_a_faulter(&actor, cases[index].entry, SCRATCH + 0x123);
		CHECK_OK(receive());
		CHECK_EQUAL(answer.tag, IPC_TAG(FAULT_PAGE, 3, 0));
		CHECK_EQUAL(answer.target, FAULT_BADGE + HANDLER_PAGER);
		CHECK_EQUAL(answer.words[0], SCRATCH + 0x123);
		CHECK_EQUAL(answer.words[1], cases[index].access);
		CHECK_EQUAL(answer.words[2], (uint64_t)(uintptr_t)cases[index].entry);
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void a_jump_to_a_page_without_execute_is_a_fault_for_execution(void) {
	struct actor actor;

	pages_map(SCRATCH, 1);
	given_a_faulter(&actor, snippet_jump, SCRATCH + 8);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], SCRATCH + 8);
	CHECK_EQUAL(answer.words[1], PAGE_EXECUTE);
	CHECK_EQUAL(answer.words[2], SCRATCH + 8);
}

static void the_page_in_the_reply_cures_the_fault(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_store, SCRATCH + 0x120);
	CHECK_OK(receive());
	give_page(frames_take(1), SCRATCH, PAGE_READ | PAGE_WRITE);
	CHECK_OK(REPLY(ERROR_OK));
	receive_exception(FAULT_VECTOR_INVALID, snippet_store + 3);
	CHECK_DONE();
	CHECK_EQUAL(*(volatile uint64_t *)(SCRATCH + 0x120), SCRATCH + 0x120);
}

static void a_reply_without_a_page_lets_it_fault_again(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_load, SCRATCH);
	for (unsigned int round = 0; round < 5; round++) {
		CHECK_OK(receive());
		CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_PAGE);
		CHECK_OK(REPLY(ERROR_OK));
	}
}

static void a_write_to_a_read_only_page_is_cured_by_more_rights(void) {
	struct actor actor;
	uint64_t frame = frames_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frame, SCRATCH, 1, PAGE_READ));
	given_a_faulter(&actor, snippet_store, SCRATCH);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[1], PAGE_WRITE);
	give_page(frame, SCRATCH, PAGE_READ | PAGE_WRITE);
	CHECK_OK(REPLY(ERROR_OK));
	receive_exception(FAULT_VECTOR_INVALID, snippet_store + 3);
}

static void a_pager_hands_out_memory_only(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_load, SCRATCH);
	CHECK_OK(receive());
	give_capability(SLOT_SELF);
	CHECK_OK(REPLY(ERROR_OK));
	receive_exception(FAULT_VECTOR_PAGE, snippet_load);
	CHECK_EQUAL(answer.words[1], ERROR_RANGE);
	CHECK_EQUAL(answer.words[2], SCRATCH);
}

static void a_pagers_error_becomes_an_exception_with_that_code(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_load, SCRATCH + 16);
	CHECK_OK(receive());
	CHECK_OK(REPLY(ERROR_LIMIT));
	receive_exception(FAULT_VECTOR_PAGE, snippet_load);
	CHECK_DONE();
	CHECK_EQUAL(answer.words[1], ERROR_LIMIT);
	CHECK_EQUAL(answer.words[2], SCRATCH + 16);
	CHECK_EQUAL(answer.target, FAULT_BADGE + HANDLER_EXCEPTION);
}

static void without_a_pager_the_handler_learns_that_it_is_lost(void) {
	struct actor actor;

	actor_create(&actor);
	handler_set(&actor, HANDLER_EXCEPTION);
	actor_start(&actor, ENTRY(snippet_load), SCRATCH);
	receive_exception(FAULT_PAGER_LOST, snippet_load);
	CHECK_DONE();
	CHECK_EQUAL(answer.words[2], SCRATCH);
}

static void without_any_handler_the_thread_halts_and_its_controller_is_signalled(void) {
	struct actor actor;
	uint32_t signal = slots_take(1);

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, signal, RIGHT_SIGNAL, 8, 1));
	actor_create(&actor);
	give_capability(signal);
	CHECK_OK(KERNEL(actor.control, THREAD_SET_DEATH));
	actor_start(&actor, ENTRY(snippet_load), SCRATCH + 24);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0) | IPC_TAG_SIGNAL);
	CHECK_EQUAL(answer.words[0], 8);
	CHECK_EQUAL(actor_state(&actor), THREAD_STATE_HALTED);
	CHECK_EQUAL(answer.words[2], FAULT_EXCEPTION);
	CHECK_EQUAL(answer.words[3], SCRATCH + 24);
}

static void a_pager_that_dies_with_the_fault_in_hand_or_in_its_queue_is_lost(void) {
	struct actor actor, pager;

	for (unsigned int in_hand = 0; in_hand < 2; in_hand++) {
		actor_create(&pager);
		actor_step(&pager, IPC_RECEIVE, 0, 0);
		if (in_hand) actor_play(&pager);
		actor_create(&actor);
		handler_set(&actor, HANDLER_EXCEPTION);
		give_capability(pager.thread);
		CHECK_OK(KERNEL(actor.control, THREAD_SET_HANDLER, HANDLER_PAGER));
		actor_start(&actor, ENTRY(snippet_load), SCRATCH);
		settle();
		CHECK_EQUAL(actor_state(&actor), in_hand ? THREAD_STATE_WAITING : THREAD_STATE_SENDING);
		CHECK_OK(KERNEL(pager.control, THREAD_DESTROY));
		receive_exception(FAULT_PAGER_LOST, snippet_load);
		CHECK_DONE();
		CHECK_OK(REPLY(ERROR_STATE));
	}
}

static void an_exception_brings_all_registers(void) {
	struct actor actor;
	struct abi_registers registers;
	const uint64_t unit = UINT64_C(0x0101010101010101);

	actor_create(&actor);
	handler_set(&actor, HANDLER_EXCEPTION);
	CHECK_OK(KERNEL(actor.control, THREAD_SET_BASES, 0x1111000, 0x2222000));
	actor_start(&actor, ENTRY(snippet_fill), 0);
	receive_exception(FAULT_VECTOR_INVALID, snippet_fill_end);
	CHECK_DONE();
	registers = fault_registers();
	const uint64_t found[] = {
		registers.rax, registers.rcx, registers.rdx, registers.rsi, registers.rdi, registers.rbp,
		registers.rsp, registers.r8,  registers.r9,  registers.r10, registers.r11, registers.r12,
		registers.r13, registers.r14, registers.r15, registers.rbx,
	};
	for (unsigned int index = 0; index < 16; index++) CHECK_EQUAL(found[index], (index + 1) * unit);
	CHECK_EQUAL(registers.fs_base, 0x1111000);
	CHECK_EQUAL(registers.gs_base, 0x2222000);
}

static void a_handler_may_change_all_registers(void) {
	struct actor actor;
	struct abi_registers registers, after;
	const uint64_t *words = (const uint64_t *)&registers;

	given_a_faulter(&actor, snippet_end, 0);
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	registers = (struct abi_registers){1,
	                                   2,
	                                   3,
	                                   4,
	                                   5,
	                                   6,
	                                   7,
	                                   8,
	                                   9,
	                                   10,
	                                   11,
	                                   12,
	                                   13,
	                                   14,
	                                   15,
	                                   16,
	                                   .rflags = 0x202,
	                                   .rip = (uint64_t)(uintptr_t)snippet_end,
	                                   .fs_base = 0x3333000,
	                                   .gs_base = 0x4444000};
	CHECK_OK(reply_words(ERROR_OK, words, ABI_REGISTER_WORDS));
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	after = fault_registers();
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		CHECK_EQUAL(((const uint64_t *)&after)[index], words[index]);
}

static void an_exception_answered_without_registers_happens_again(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_end, 0);
	for (unsigned int round = 0; round < 3; round++) {
		receive_exception(FAULT_VECTOR_INVALID, snippet_end);
		CHECK_DONE();
		CHECK_OK(REPLY(ERROR_OK));
	}
}

static void registers_that_no_user_may_have_halt_the_thread(void) {
	static const struct abi_registers bad[] = {
		{.rip = UINT64_C(0x800000000000)},
		{.rip = UINT64_C(0x7ffffffff000)},
		{.rip = UINT64_C(0xffffffff80100000)},
		{.rip = 0x1000, .fs_base = UINT64_C(0x800000000000)},
		{.rip = 0x1000, .gs_base = UINT64_C(0xffff800000000000)},
	};

	for (unsigned int index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
		struct actor actor;
		given_a_faulter(&actor, snippet_end, 0);
		receive_exception(FAULT_VECTOR_INVALID, snippet_end);
		CHECK_DONE();
		CHECK_OK(reply_words(ERROR_OK, (const uint64_t *)&bad[index], ABI_REGISTER_WORDS));
		settle();
		CHECK_EQUAL(actor_state(&actor), THREAD_STATE_HALTED);
	}
}

static void a_handlers_error_halts_the_thread(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_end, 0);
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	CHECK_OK(REPLY(ERROR_STATE));
	CHECK_EQUAL(actor_state(&actor), THREAD_STATE_HALTED);
}

static void a_halted_thread_can_be_set_going_again_by_its_controller(void) {
	struct actor actor;
	struct abi_registers registers;

	given_a_faulter(&actor, snippet_end, 0);
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	registers = fault_registers();
	CHECK_OK(REPLY(ERROR_STATE));
	registers.rip = (uint64_t)(uintptr_t)snippet_divide;
	CHECK_ERROR(kernel_call(actor.control, THREAD_SET_REGISTERS, (const uint64_t *)&registers, ABI_REGISTER_WORDS),
	            ERROR_STATE);
	CHECK_OK(KERNEL(actor.control, THREAD_STOP));
	CHECK_OK(kernel_call(actor.control, THREAD_SET_REGISTERS, (const uint64_t *)&registers, ABI_REGISTER_WORDS));
	CHECK_OK(KERNEL(actor.control, THREAD_RESUME));
	receive_exception(FAULT_VECTOR_DIVIDE, snippet_divide + 4);
}

static void an_address_of_the_kernel_faults_and_no_reply_makes_it_readable(void) {
	static const uint64_t addresses[] = {UINT64_C(0xffffffff80100000), UINT64_C(0xffff800000000000), ADDRESS_END};

	for (unsigned int index = 0; index < 3; index++) {
		struct actor actor;
		given_a_faulter(&actor, snippet_load, addresses[index]);
		CHECK_OK(receive());
		CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_PAGE);
		CHECK_EQUAL(answer.words[0], addresses[index]);
		give_page(frames_take(1), addresses[index], PAGE_READ);
		CHECK_OK(REPLY(ERROR_OK));
		receive_exception(FAULT_VECTOR_PAGE, snippet_load);
		CHECK_DONE();
		CHECK_EQUAL(answer.words[1], ERROR_RANGE);
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void foreign_calls_go_to_the_handler_who_may_change_everything(void) {
	struct actor actor;
	struct abi_registers registers;

	actor_create(&actor);
	handler_set(&actor, HANDLER_EXCEPTION);
	CHECK_OK(KERNEL(actor.control, THREAD_SET_FLAGS, THREAD_FOREIGN));
	actor_start(&actor, ENTRY(snippet_system_call), 0);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(FAULT_FOREIGN, 23, 0));
	CHECK_EQUAL(answer.words[0], FAULT_SYSCALL);
	registers = fault_registers();
	CHECK_EQUAL(registers.rax, 0x1234);
	CHECK_EQUAL(registers.rsi, 0x5678);
	CHECK_EQUAL(registers.rdx, 0x9abc);
	CHECK_EQUAL(registers.rip, (uint64_t)(uintptr_t)snippet_system_call_end);
	registers.rip = (uint64_t)(uintptr_t)snippet_interrupt;
	CHECK_OK(reply_words(ERROR_OK, (const uint64_t *)&registers, ABI_REGISTER_WORDS));
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_FOREIGN);
	CHECK_EQUAL(answer.words[0], 0x80);
	CHECK_EQUAL(fault_registers().rip, (uint64_t)(uintptr_t)snippet_interrupt_end);
	CHECK_OK(REPLY(ERROR_OK));
	receive_exception(FAULT_VECTOR_INVALID, snippet_interrupt_end);
}

const struct test fault_tests[] = {
	TEST(a_page_fault_tells_address_access_and_instruction),
	TEST(a_jump_to_a_page_without_execute_is_a_fault_for_execution),
	TEST(the_page_in_the_reply_cures_the_fault),
	TEST(a_reply_without_a_page_lets_it_fault_again),
	TEST(a_write_to_a_read_only_page_is_cured_by_more_rights),
	TEST(a_pager_hands_out_memory_only),
	TEST(a_pagers_error_becomes_an_exception_with_that_code),
	TEST(without_a_pager_the_handler_learns_that_it_is_lost),
	TEST(without_any_handler_the_thread_halts_and_its_controller_is_signalled),
	TEST(a_pager_that_dies_with_the_fault_in_hand_or_in_its_queue_is_lost),
	TEST(an_exception_brings_all_registers),
	TEST(a_handler_may_change_all_registers),
	TEST(an_exception_answered_without_registers_happens_again),
	TEST(registers_that_no_user_may_have_halt_the_thread),
	TEST(a_handlers_error_halts_the_thread),
	TEST(a_halted_thread_can_be_set_going_again_by_its_controller),
	TEST(an_address_of_the_kernel_faults_and_no_reply_makes_it_readable),
	TEST(foreign_calls_go_to_the_handler_who_may_change_everything),
	TESTS_END,
};
