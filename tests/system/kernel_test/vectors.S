/* SPDX-License-Identifier: MIT */
/*
 * Vector and x87 registers, whole: filled and stored. See registers.c.
 */
	.text

/* void vectors_fill(uint64_t value): all of xmm, and of ymm if vectors_wide. */
	.globl vectors_fill
	.hidden vectors_fill
vectors_fill:
	movq %rdi, %xmm0
	punpcklqdq %xmm0, %xmm0
	cmpl $0, vectors_wide(%rip)
	je 1f
	vinsertf128 $1, %xmm0, %ymm0, %ymm0
	.irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovaps %ymm0, %ymm\number
	.endr
	jmp 2f
1:
	.irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movaps %xmm0, %xmm\number
	.endr
2:	pushq %rdi
	fninit
	.rept 8
	fildll (%rsp)
	.endr
	popq %rdi
	ret

/* void vectors_store(struct vectors *): see registers.c. */
	.globl vectors_store
	.hidden vectors_store
vectors_store:
	fxsave64 (%rdi)
	cmpl $0, vectors_wide(%rip)
	je 1f
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovups %ymm\number, (512 + 32 * \number)(%rdi)
	.endr
1:	ret

/* Divides by zero with the exception enabled. */
	.globl snippet_x87_divide
	.hidden snippet_x87_divide
snippet_x87_divide:
	pushq $0x37b
	fldcw (%rsp)
	fld1
	fldz
	fdivrp
	fwait
	ud2

	.section .note.GNU-stack, "", @progbits
