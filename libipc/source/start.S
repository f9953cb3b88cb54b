/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of a program, and a system call that needs nothing set up.
 *
 * Owns the start registers (nacre/abi/boot.h) until they are in a struct start_info, whose layout
 * it knows. Read start.c next.
 */
	.section .text._start, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	xorl	%ebp, %ebp			/* the outermost frame */
	pushq	%r9				/* struct start_info, from its end */
	pushq	%r8
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi				/* six words: the stack stays aligned */
	movq	%rsp, %rdi
	leaq	_DYNAMIC(%rip), %rsi
	call	start_relocate
	movq	%rsp, %rdi
	call	start_program
	ud2
	.size _start, . - _start

	.weak	_DYNAMIC
	.hidden	_DYNAMIC

/*
 * uint64_t ipc_system_call_plain(uint64_t operation, uint64_t *target, uint64_t *tag, uint64_t
 * words[8])
 *
 * As ipc_system_call(), for a thread whose FS base is not set yet.
 */
	.section .text.ipc_system_call_plain, "ax", @progbits
	.globl ipc_system_call_plain
	.hidden ipc_system_call_plain
	.type ipc_system_call_plain, @function
ipc_system_call_plain:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	movq	%rdi, %rax
	movq	(%rsi), %rdi
	movq	(%rdx), %rsi
	movq	0(%rcx), %rdx
	movq	8(%rcx), %r8
	movq	16(%rcx), %r9
	movq	24(%rcx), %r10
	movq	32(%rcx), %r12
	movq	40(%rcx), %r13
	movq	48(%rcx), %r14
	movq	56(%rcx), %r15
	syscall
	popq	%rbx
	movq	%rdi, (%rbx)
	popq	%rbx
	movq	%rsi, (%rbx)
	popq	%rbx
	movq	%rdx, 0(%rbx)
	movq	%r8, 8(%rbx)
	movq	%r9, 16(%rbx)
	movq	%r10, 24(%rbx)
	movq	%r12, 32(%rbx)
	movq	%r13, 40(%rbx)
	movq	%r14, 48(%rbx)
	movq	%r15, 56(%rbx)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size ipc_system_call_plain, . - ipc_system_call_plain

	.section .note.GNU-stack, "", @progbits
