/* SPDX-License-Identifier: MIT */
/*
 * What each exception means. (SDM vol. 3A, ch. 6)
 *
 * A user's exception is a message in the thread's name, whatever it is; only what no user can cause
 * stops the machine.
 */

#include <nacre/abi/fault.h>
#include <nacre/abi/rights.h>

#include "context.h"
#include "instructions.h"
#include "interrupts.h"
#include "numbers.h"
#include "panic.h"

#define PAGE_FAULT_WRITE    2u
#define PAGE_FAULT_RESERVED 8u
#define PAGE_FAULT_FETCH    16u

/*
 * #GP's error code when INT n names a gate that users may not use: n << gate_code_shift, and that
 * it is a gate.
 */
#define SELECTOR_IS_GATE     2u
#define SELECTOR_BITS        7u
#define INT_INSTRUCTION_SIZE 2u

#define DR6_CLEAR  UINT64_C(0xffff0ff0)
#define DR6_CAUSES UINT64_C(0xe00f)

#define RFLAGS_TRAP (UINT64_C(1) << 8)

unsigned int gate_code_shift;

static void page_fault(uint64_t code) {
	unsigned int access = PAGE_READ;

	if (code & PAGE_FAULT_RESERVED)
		panic("page tables are damaged: address %lx, rip %lx", cr2_read(), arch_cpu()->current->registers.rip);
	if (code & PAGE_FAULT_FETCH)
		access = PAGE_EXECUTE;
	else if (code & PAGE_FAULT_WRITE)
		access = PAGE_WRITE;
	kernel_page_fault((struct user_address){cr2_read()}, access);
}

static uint64_t debug_causes(void) {
	uint64_t causes = dr6_read() & DR6_CAUSES;

	dr6_write(DR6_CLEAR);
	return causes;
}

/*
 * INT n of a foreign thread. A prefixed one is not seen through: the handler gets an address 2 past
 * its beginning.
 */
static void foreign_interrupt(struct thread *thread, uint64_t code) {
	thread->registers.rip += INT_INSTRUCTION_SIZE;
	kernel_foreign_call(code >> gate_code_shift);
}

void trap_from_user(uint64_t vector, uint64_t code) {
	struct thread *thread = arch_cpu()->current;

	vector &= 0xff;
	if (vector >= VECTOR_EXCEPTIONS) {
		interrupt_record((unsigned int)vector);
		return;
	}
	switch (vector) {
	case VECTOR_PAGE_FAULT: page_fault(code); return;
	case VECTOR_NO_FPU: fpu_load_current(); return;
	case VECTOR_DOUBLE_FAULT:
	case VECTOR_MACHINE_CHECK: panic("exception %lu (hardware) in user mode at %lx", vector, thread->registers.rip);
	case VECTOR_PROTECTION:
		if ((thread->flags & THREAD_FOREIGN) && (code & SELECTOR_BITS) == SELECTOR_IS_GATE) {
			foreign_interrupt(thread, code);
			return;
		}
		break;
	case VECTOR_BREAKPOINT:
		if (thread->flags & THREAD_FOREIGN) {
			kernel_foreign_call(VECTOR_BREAKPOINT);
			return;
		}
		break;
	case VECTOR_DEBUG: code = debug_causes(); break;
	}
	kernel_exception(vector, code, thread->registers.rip);
}

static _Noreturn void kernel_panic(const struct kernel_frame *frame) {
	console_print("rax %lx rbx %lx rcx %lx rdx %lx rsi %lx rdi %lx rbp %lx", frame->rax, frame->rbx, frame->rcx,
	              frame->rdx, frame->rsi, frame->rdi, frame->rbp);
	console_print("r8 %lx r9 %lx r10 %lx r11 %lx r12 %lx r13 %lx r14 %lx r15 %lx", frame->r8, frame->r9, frame->r10,
	              frame->r11, frame->r12, frame->r13, frame->r14, frame->r15);
	panic("exception %lu (code %lx) in the kernel at %lx, rsp %lx, rflags %lx, address %lx", frame->vector,
	      frame->code, frame->rip, frame->rsp, frame->rflags, cr2_read());
}

void trap_from_kernel(struct kernel_frame *frame) {
	uint64_t vector = frame->vector & 0xff;

	if (vector >= VECTOR_EXCEPTIONS) {
		interrupt_record((unsigned int)vector);
		/*
		 * STI's shadow keeps interrupts from coming before HLT, but an NMI there ends it:
		 * not to sleep over this one.
		 */
		if (frame->rip == (uint64_t)(uintptr_t)idle_halt) frame->rip = (uint64_t)(uintptr_t)idle_after;
		return;
	}
	/*
	 * A user's single step or breakpoint can arrive after SYSCALL, at the kernel's first
	 * instruction.
	 */
	if (vector == VECTOR_DEBUG) {
		debug_causes();
		frame->rflags &= ~RFLAGS_TRAP;
		return;
	}
	if (vector == VECTOR_PROTECTION && frame->rip == (uint64_t)(uintptr_t)gate_probe) {
		frame->rax = frame->code;
		frame->rip = (uint64_t)(uintptr_t)gate_probe_after;
		return;
	}
	kernel_panic(frame);
}
