/* SPDX-License-Identifier: MIT */
/*
 * The functions that compilers call of their own accord, for structures that are copied or cleared.
 *
 * In assembler, because a compiler would make them out of calls to themselves.
 */
	.text

/* void *memcpy(void *to, const void *from, size_t size) */
	.globl memcpy
memcpy:
	movq %rdi, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
	rep movsb
	ret

/* void *memset(void *to, int byte, size_t size) */
	.globl memset
memset:
	movq %rdi, %r8
	movl %esi, %eax
	movq %rdx, %rcx
	rep stosb
	movq %r8, %rax
	ret

	.section .note.GNU-stack, "", @progbits
