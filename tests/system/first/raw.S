/* SPDX-License-Identifier: MIT */
/*
 * void raw_ipc(struct raw_ipc *ipc): see raw.h, which fixes the offsets.
 */
	.section .text.raw_ipc, "ax", @progbits
	.globl raw_ipc
	.type raw_ipc, @function
raw_ipc:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	movq	%rdi, %rcx
	movq	0(%rcx), %rax
	movq	8(%rcx), %rdi
	movq	16(%rcx), %rsi
	movq	24(%rcx), %rdx
	movq	32(%rcx), %r8
	movq	40(%rcx), %r9
	movq	48(%rcx), %r10
	movq	56(%rcx), %r12
	movq	64(%rcx), %r13
	movq	72(%rcx), %r14
	movq	80(%rcx), %r15
	syscall
	popq	%rcx
	movq	%rax, 0(%rcx)
	movq	%rdi, 8(%rcx)
	movq	%rsi, 16(%rcx)
	movq	%rdx, 24(%rcx)
	movq	%r8, 32(%rcx)
	movq	%r9, 40(%rcx)
	movq	%r10, 48(%rcx)
	movq	%r12, 56(%rcx)
	movq	%r13, 64(%rcx)
	movq	%r14, 72(%rcx)
	movq	%r15, 80(%rcx)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size raw_ipc, . - raw_ipc

	.section .note.GNU-stack, "", @progbits
