/* SPDX-License-Identifier: MIT */
/*
 * The functions that compilers call of their own accord, for structures that are copied, cleared or
 * compared.
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

/* void *memmove(void *to, const void *from, size_t size) */
	.globl memmove
memmove:
	movq %rdi, %rax
	subq %rsi, %rax
	cmpq %rdx, %rax /* below: the end of from lies in to */
	jae memcpy
	movq %rdi, %rax
	leaq -1(%rdi, %rdx), %rdi
	leaq -1(%rsi, %rdx), %rsi
	movq %rdx, %rcx
	std
	rep movsb
	cld
	ret

/* void *memset(void *to, int byte, size_t size) */
	.globl memset
memset:
	movq %rdi, %r8
	movzbl %sil, %eax
	movabsq $0x0101010101010101, %rcx
	imulq %rcx, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep stosq
	movl %edx, %ecx
	andl $7, %ecx
	rep stosb
	movq %r8, %rax
	ret

/* int memcmp(const void *first, const void *second, size_t size) */
	.globl memcmp
memcmp:
	xorl %eax, %eax
	movq %rdx, %rcx
	cmpq %rax, %rax /* equal, should nothing be compared */
	repe cmpsb
	je 1f
	movzbl -1(%rdi), %eax
	movzbl -1(%rsi), %ecx
	subl %ecx, %eax
1:	ret

	.section .note.GNU-stack, "", @progbits
