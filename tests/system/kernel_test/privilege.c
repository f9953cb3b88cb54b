/* SPDX-License-Identifier: MIT */
/*
 * What user mode may not do: privileged instructions, ports, odd flags, stacks and addresses.
 */
#include "faulting.h"

#include <nacre/abi/feature.h>

#include <first/machine.h>

#include "snippets.h"
#include "topics.h"

#define FLAG_TRAP      UINT64_C(0x100)
#define FLAG_INTERRUPT UINT64_C(0x200)
#define FLAG_IOPL      UINT64_C(0x3000)
#define FLAG_NESTED    UINT64_C(0x4000)
#define FLAG_VIRTUAL   UINT64_C(0x1a0000) /* VM, VIF, VIP */
#define FLAGS_ODD      UINT64_C(0x244400) /* AC, ID, NT, DF */
#define VECTOR_STACK   12u
#define SNIPPET_SIZE   64u

/* Bits of a set of vectors. */
#define VECTOR(number) (UINT64_C(1) << (number))

static int is_in(uint64_t address, const char *snippet) {
	return address - (uint64_t)(uintptr_t)snippet < SNIPPET_SIZE;
}

/* Runs @entry and checks that it raises one of @vectors there. */
static void expect_exception(const char *entry, uint64_t argument, uint64_t vectors) {
	struct actor actor;

	given_a_faulter(&actor, entry, argument);
	CHECK_OK(receive());
	tap_note("vector %lu at %#lx", (unsigned long)answer.words[0], (unsigned long)fault_registers().rip);
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
	CHECK(answer.words[0] < 32 && (VECTOR(answer.words[0]) & vectors) != 0);
	CHECK(is_in(fault_registers().rip, entry));
	CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
}

static void privileged_instructions_are_exceptions_of_the_thread(void) {
	static const char *const snippets[] = {
		snippet_cli,       snippet_sti,      snippet_hlt,    snippet_rdmsr,  snippet_wrmsr, snippet_read_cr0,
		snippet_write_cr3, snippet_read_dr7, snippet_lgdt,   snippet_lidt,   snippet_ltr,   snippet_invlpg,
		snippet_wbinvd,    snippet_clts,     snippet_swapgs, snippet_sysret, snippet_rdpmc, snippet_xsetbv,
	};

	for (unsigned int index = 0; index < sizeof(snippets) / sizeof(snippets[0]); index++) {
		tap_note("snippet %u", index);
		expect_exception(snippets[index], 0, VECTOR(FAULT_VECTOR_PROTECTION));
		CHECK_DONE();
	}
}

static void ports_cannot_be_reached_but_by_message(void) {
	static const char *const snippets[] = {snippet_in, snippet_out, snippet_ins};

	for (unsigned int index = 0; index < 3; index++) {
		expect_exception(snippets[index], SCRATCH, VECTOR(FAULT_VECTOR_PROTECTION));
		CHECK_DONE();
	}
}

static void users_cannot_call_the_kernels_gates(void) {
	static const char *const snippets[] = {snippet_interrupt, snippet_int_timer, snippet_int_double_fault};

	for (unsigned int index = 0; index < 3; index++) {
		expect_exception(snippets[index], 0, VECTOR(FAULT_VECTOR_PROTECTION));
		CHECK_DONE();
	}
	expect_exception(snippet_sysenter, 0, VECTOR(FAULT_VECTOR_PROTECTION) | VECTOR(FAULT_VECTOR_INVALID));
}

/*
 * QEMU before 9.1 reads the stack for IRET and RET FAR as the supervisor does, which SMAP forbids:
 * a page fault on the user's own stack then comes first.
 */
static void returns_into_the_kernel_are_refused(void) {
	static const char *const snippets[] = {snippet_iret_kernel, snippet_far_jump_kernel};

	for (unsigned int index = 0; index < 2; index++) {
		struct actor actor;
		given_a_faulter(&actor, snippets[index], UINT64_C(0xffffffff80100000));
		CHECK_OK(receive());
		if (IPC_TAG_LABEL(answer.tag) == FAULT_PAGE) {
			CHECK(answer.words[0] >= actor.stack - 64 && answer.words[0] < actor.stack);
			CHECK(is_in(answer.words[2], snippets[index]));
		} else {
			CHECK_EQUAL(answer.words[0], FAULT_VECTOR_PROTECTION);
			CHECK(is_in(fault_registers().rip, snippets[index]));
		}
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void the_kernels_segments_cannot_be_loaded(void) {
	static const char *const snippets[] = {snippet_load_kernel_ds, snippet_load_kernel_ss,
	                                       snippet_null_stack_segment};

	for (unsigned int index = 0; index < 3; index++) {
		tap_note("snippet %u", index);
		expect_exception(snippets[index], UINT64_C(0xffffffff80100000), VECTOR(FAULT_VECTOR_PROTECTION));
		CHECK_DONE();
	}
}

static void bases_are_changed_by_message_only(void) {
	expect_exception(snippet_wrfsbase, 0, VECTOR(FAULT_VECTOR_INVALID));
	CHECK_DONE();
	expect_exception(snippet_rdfsbase, 0, VECTOR(FAULT_VECTOR_INVALID));
}

static void descriptor_tables_are_hidden_where_the_cpu_can(void) {
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_INFO));
	if (!(answer.words[1] & ARCH_FEATURE_UMIP)) {
		tap_skip("this CPU has no UMIP");
		return;
	}
	expect_exception(snippet_sgdt, 0, VECTOR(FAULT_VECTOR_PROTECTION));
}

static void exceptions_have_the_vectors_of_the_manual(void) {
	struct actor actor;

	expect_exception(snippet_divide, 0, VECTOR(FAULT_VECTOR_DIVIDE));
	CHECK_DONE();
	expect_exception(snippet_end, 0, VECTOR(FAULT_VECTOR_INVALID));
	CHECK_DONE();
	given_a_faulter(&actor, snippet_breakpoint, 0);
	receive_exception(FAULT_VECTOR_BREAKPOINT, snippet_breakpoint_end);
	CHECK_DONE();
	CHECK_OK(REPLY(ERROR_OK));
	receive_exception(FAULT_VECTOR_INVALID, snippet_breakpoint_end);
}

static void the_io_privilege_level_stays_0(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_iopl, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], FAULT_VECTOR_INVALID);
	CHECK_EQUAL(fault_registers().rax & FLAG_IOPL, 0);
}

static void a_handler_cannot_give_flags_that_are_not_the_users(void) {
	struct actor actor;
	struct abi_registers registers;

	given_a_faulter(&actor, snippet_end, 0);
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	registers = fault_registers();
	registers.rflags = ~FLAG_INTERRUPT & ~FLAG_TRAP;
	CHECK_OK(reply_words(ERROR_OK, (const uint64_t *)&registers, ABI_REGISTER_WORDS));
	receive_exception(FAULT_VECTOR_INVALID, snippet_end);
	CHECK_DONE();
	CHECK_EQUAL(fault_registers().rflags & (FLAG_IOPL | FLAG_VIRTUAL), 0);
	CHECK_EQUAL(fault_registers().rflags & FLAG_INTERRUPT, FLAG_INTERRUPT);
}

static void single_steps_over_a_system_call_stay_in_user_mode(void) {
	struct actor actor;
	unsigned int steps = 0;

	given_a_faulter(&actor, snippet_trap_flag_call, 0);
	for (;;) {
		CHECK_OK(receive());
		CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
		CHECK(is_in(fault_registers().rip, snippet_trap_flag_call));
		if (answer.words[0] != FAULT_VECTOR_DEBUG) break;
		CHECK(steps++ < 10);
		CHECK_OK(REPLY(ERROR_OK));
	}
	CHECK_EQUAL(answer.words[0], FAULT_VECTOR_INVALID);
	CHECK(steps >= 3);
	CHECK_EQUAL(fault_registers().rax, 0);
}

static void odd_flags_reach_neither_kernel_nor_others(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_odd_flags_call, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(answer.words[0], FAULT_VECTOR_INVALID);
	CHECK_EQUAL(fault_registers().rax & FLAGS_ODD, FLAGS_ODD);
	CHECK_EQUAL(fault_registers().rflags & FLAG_NESTED, 0);
}

/* Addresses at the edges of what is canonical, and of the kernel. */
static const uint64_t edges[] = {
	UINT64_C(0x7ffffffff000),     UINT64_C(0x7fffffffffff),     UINT64_C(0x800000000000),
	UINT64_C(0x8000000000000000), UINT64_C(0xffff7fffffffffff), UINT64_C(0xffff800000000000),
	UINT64_C(0xffffffff80100000), UINT64_C(0xffffffffffffffff), 0,
};

static void a_system_call_on_any_stack_pointer_works(void) {
	for (unsigned int index = 0; index < sizeof(edges) / sizeof(edges[0]); index++) {
		struct actor actor;
		tap_note("stack %#lx", (unsigned long)edges[index]);
		given_a_faulter(&actor, snippet_bad_stack_call, edges[index]);
		CHECK_OK(receive());
		CHECK_EQUAL(answer.words[0], FAULT_VECTOR_INVALID);
		CHECK_EQUAL(fault_registers().rax, 0);
		CHECK_EQUAL(fault_registers().rsp, edges[index]);
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void a_push_on_a_bad_stack_is_the_threads_fault(void) {
	for (unsigned int index = 0; index < sizeof(edges) / sizeof(edges[0]); index++) {
		struct actor actor;
		tap_note("stack %#lx", (unsigned long)edges[index]);
		given_a_faulter(&actor, snippet_bad_stack_push, edges[index]);
		CHECK_OK(receive());
		if (IPC_TAG_LABEL(answer.tag) == FAULT_PAGE) {
			CHECK_EQUAL(answer.words[0], edges[index] - 8);
		} else {
			CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
			CHECK(answer.words[0] == VECTOR_STACK || answer.words[0] == FAULT_VECTOR_PROTECTION);
		}
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void a_jump_anywhere_is_the_threads_fault(void) {
	for (unsigned int index = 0; index < sizeof(edges) / sizeof(edges[0]); index++) {
		struct actor actor;
		tap_note("address %#lx", (unsigned long)edges[index]);
		given_a_faulter(&actor, snippet_jump, edges[index]);
		CHECK_OK(receive());
		if (IPC_TAG_LABEL(answer.tag) == FAULT_PAGE) {
			CHECK_EQUAL(answer.words[1], PAGE_EXECUTE);
			CHECK_EQUAL(answer.words[0], edges[index]);
		} else {
			CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
			CHECK_EQUAL(answer.words[0], FAULT_VECTOR_PROTECTION);
		}
		/* And it comes out of the kernel again the way it went in. */
		CHECK_OK(REPLY(ERROR_OK));
		CHECK_OK(receive());
		CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	}
}

static void a_thread_cannot_be_started_outside_user_addresses(void) {
	struct actor actor;

	actor_create(&actor);
	for (unsigned int index = 0; index + 1 < sizeof(edges) / sizeof(edges[0]); index++)
		CHECK_ERROR(KERNEL(actor.control, THREAD_START, edges[index], 0), ERROR_RANGE);
	CHECK_ERROR(KERNEL(actor.control, THREAD_SET_BASES, UINT64_C(0x800000000000), 0), ERROR_RANGE);
	CHECK_ERROR(KERNEL(actor.control, THREAD_SET_BASES, 0, UINT64_C(0xffff800000000000)), ERROR_RANGE);
}

static void a_utcb_lies_in_user_addresses_and_nowhere_taken(void) {
	static const struct {
		uint64_t address, error;
	} cases[] = {
		{ADDRESS_END, ERROR_RANGE},      {ADDRESS_END + 4096, ERROR_RANGE},
		{~UINT64_C(0xfff), ERROR_RANGE}, {SCRATCH + 8, ERROR_RANGE},
		{SCRATCH_BARE, ERROR_NO_MEMORY}, {UINT64_C(0x600000000000), ERROR_NO_MEMORY},
	};
	uint64_t frames = frames_take(2);

	(void)slots_expect(2);
	for (unsigned int index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		give_frames(frames, 2);
		CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, cases[index].address), cases[index].error);
	}
	give_frames(frames, 2);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, (uint64_t)(uintptr_t)main_utcb), ERROR_EXISTS);
	give_frames(frames, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, SCRATCH), ERROR_ARGUMENT);
	main_utcb->window_slot_count = 1;
	give_frames(frames, 2);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, SCRATCH), ERROR_RANGE);
	frames_check_returned(frames, 2);
}

const struct test privilege_tests[] = {
	TEST(privileged_instructions_are_exceptions_of_the_thread),
	TEST(ports_cannot_be_reached_but_by_message),
	TEST(users_cannot_call_the_kernels_gates),
	TEST(returns_into_the_kernel_are_refused),
	TEST(the_kernels_segments_cannot_be_loaded),
	TEST(bases_are_changed_by_message_only),
	TEST(descriptor_tables_are_hidden_where_the_cpu_can),
	TEST(exceptions_have_the_vectors_of_the_manual),
	TEST(the_io_privilege_level_stays_0),
	TEST(a_handler_cannot_give_flags_that_are_not_the_users),
	TEST(single_steps_over_a_system_call_stay_in_user_mode),
	TEST(odd_flags_reach_neither_kernel_nor_others),
	TEST(a_system_call_on_any_stack_pointer_works),
	TEST(a_push_on_a_bad_stack_is_the_threads_fault),
	TEST(a_jump_anywhere_is_the_threads_fault),
	TEST(a_thread_cannot_be_started_outside_user_addresses),
	TEST(a_utcb_lies_in_user_addresses_and_nowhere_taken),
	TESTS_END,
};
