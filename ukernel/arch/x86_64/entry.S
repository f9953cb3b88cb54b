/* SPDX-License-Identifier: MIT */
/*
 * Into the kernel and out of it.
 *
 * Owns how user registers get into current->registers and back. Every way in ends at exit_to_user,
 * which loads whoever is current by then. Interrupts are off from entry to exit, except where
 * interrupts.c opens a window. What an interrupt means is decided in C (traps.c, interrupts.c).
 *
 * NMI, #MC, #DB and #DF have stacks of their own, so between SYSCALL and the first instruction with
 * the kernel's stack, and after the user's is loaded again, rsp may be anything.
 */
#include "numbers.h"
#include "offsets.h"

#define CURRENT    arch_boot_cpu+CPU_CURRENT(%rip)
#define AREA(name) boot_cpu_area+AREA_##name(%rip)

#define RFLAGS_CLEAN 0x2

	.text

/* What struct registers keeps at word @index. */
.macro SAVE register, index, base
	movq %\register, OFFSET_REGISTERS + 8 * (\index)(\base)
.endm

.macro LOAD register, index, base
	movq OFFSET_REGISTERS + 8 * (\index)(\base), %\register
.endm

/* SAVE or LOAD of all but rcx, r11, rip, rsp, rflags, and rax when it is the base. rbx is last. */
.macro COMMON_REGISTERS move, base
	.set index, 0
	.irp register, rdx, r8, r9, r10, r12, r13, r14, r15, rax, rdi, rsi, rbp, rbx
	.ifnc \base\register, %raxrax
	\move \register, index, \base
	.endif
	.set index, index + 1
	.endr
.endm

/* From boot code, for ever: the first thread is current. */
	.globl kernel_enter
kernel_enter:
	call page_tables_forget_boot
	jmp exit_to_user

/* SYSCALL: rcx is rip, r11 is rflags. The thread itself serves as base until all is saved. */
	.globl syscall_entry
	.balign 16
syscall_entry:
	movq %rsp, AREA(USER_STACK)
	movq CURRENT, %rsp
	COMMON_REGISTERS SAVE, %rsp
	movq %rcx, OFFSET_RIP(%rsp)
	movq %r11, OFFSET_RFLAGS(%rsp)
	movq AREA(USER_STACK), %rax
	movq %rax, OFFSET_RSP(%rsp)
	testb $VALUE_FOREIGN, OFFSET_FLAGS(%rsp)
	jnz syscall_foreign
	movq $VALUE_HOW_SYSCALL, OFFSET_HOW(%rsp)
	leaq AREA(STACK_TOP), %rsp
	call kernel_ipc

/* Leaves to whoever is current; waits for interrupts while nobody is. */
	.globl exit_to_user
exit_to_user:
	movq CURRENT, %rbx
	testq %rbx, %rbx
	jz exit_settle
	cmpq $0, AREA(ANY_RECORDED)
	jne exit_settle
	movq OFFSET_RIP(%rbx), %rcx
	cmpq $VALUE_HOW_SYSCALL, OFFSET_HOW(%rbx)
	jne exit_full

	/*
	 * SYSRET to an address that is not canonical would fault in the kernel, on the user's
	 * stack.
	 */
	movq %rcx, %rax
	shrq $47, %rax
	jnz exit_full
	movq OFFSET_RFLAGS(%rbx), %r11
	movq OFFSET_RSP(%rbx), %rsp
	COMMON_REGISTERS LOAD, %rbx
	sysretq

/*
 * rcx: rip. Some CPUs report jumps to addresses that are not canonical with rip there; IRET would
 * fault on one.
 */
exit_full:
	movq %rcx, %rax
	sarq $47, %rax
	incq %rax
	cmpq $1, %rax
	jbe 1f
	movq $VALUE_USER_END, %rcx
1:	pushq $SELECTOR_USER_DATA
	pushq OFFSET_RSP(%rbx)
	pushq OFFSET_RFLAGS(%rbx)
	pushq $SELECTOR_USER_CODE
	pushq %rcx
	movq OFFSET_RCX(%rbx), %rcx
	movq OFFSET_R11(%rbx), %r11
	COMMON_REGISTERS LOAD, %rbx
	iretq

exit_settle:
	leaq AREA(STACK_TOP), %rsp
	call interrupts_settle
	jmp exit_to_user

syscall_foreign:
	movq %rcx, OFFSET_RCX(%rsp)
	movq %r11, OFFSET_R11(%rsp)
	movq $VALUE_HOW_FULL, OFFSET_HOW(%rsp)
	leaq AREA(STACK_TOP), %rsp
	movl $VALUE_FAULT_SYSCALL, %edi
	call kernel_foreign_call
	jmp exit_to_user

/* On the stack: vector, error code or 0, and what the CPU pushed: rip, cs, rflags, rsp, ss. */
trap_common:
	testb $3, 24(%rsp)
	jz trap_in_kernel
	pushq %rax
	movq CURRENT, %rax
	COMMON_REGISTERS SAVE, %rax
	movq %rcx, OFFSET_RCX(%rax)
	movq %r11, OFFSET_R11(%rax)
	popq OFFSET_OPERATION(%rax)
	popq %rdi
	popq %rsi
	popq OFFSET_RIP(%rax)
	popq %rcx
	popq OFFSET_RFLAGS(%rax)
	popq OFFSET_RSP(%rax)
	movq $VALUE_HOW_FULL, OFFSET_HOW(%rax)
	leaq AREA(STACK_TOP), %rsp
	pushq $RFLAGS_CLEAN /* DF, and AC whether or not the CPU knows CLAC */
	popfq
	call trap_from_user
	jmp exit_to_user

/* In the order of struct kernel_frame (interrupts.h). */
trap_in_kernel:
	.irp register, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	pushq %\register
	.endr
	movq %rsp, %rdi
	cld
	call trap_from_kernel
	.irp register, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax
	popq %\register
	.endr
	addq $16, %rsp
	iretq

/* Waits for an interrupt; see trap_from_kernel(). */
	.globl idle_wait, idle_halt, idle_after
idle_wait:
	sti
idle_halt:
	hlt
idle_after:
	cli
	ret

/*
 * Faults if the IDT ends before the vector; traps.c returns the error code (and goes on after the
 * INT).
 */
	.globl gate_probe, gate_probe_after
gate_probe:
	int $VECTOR_LINE_FIRST
gate_probe_after:
	ret

/*
 * Nothing here sends NMIs or can mend what they report, and an interrupt that vanished needs no
 * answer.
 */
	.globl trap_ignore
trap_ignore:
	iretq

/*
 * One stub of 16 bytes for each exception; some push an error code themselves. (SDM vol. 3A, table
 * 6-1)
 */
	.balign 16
	.globl trap_exceptions
trap_exceptions:
	.set vector, 0
	.rept VECTOR_EXCEPTIONS
	.balign 16
	.if !((0x60227d00 >> vector) & 1)
	pushq $0
	.endif
	pushq $vector
	jmp trap_common
	.set vector, vector + 1
	.endr

/*
 * Stubs of 4 bytes for the interrupts from VECTOR_LINE_FIRST on, in groups that end with the way
 * on. A vector from
 * 0x80 on is pushed as a negative number; only its low byte counts.
 */
	.balign 8
	.globl trap_interrupts
trap_interrupts:
	.set vector, VECTOR_LINE_FIRST
	.rept INTERRUPT_STUB_GROUPS
	.rept INTERRUPT_STUBS_IN_GROUP
	pushq $(vector - 256 * (vector >> 7))
	jmp 1f
	.set vector, vector + 1
	.endr
1:	pushq (%rsp) /* in place of an error code */
	jmp trap_common
	.balign 8
	.endr

	.section .note.GNU-stack, "", @progbits
