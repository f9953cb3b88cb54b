/* SPDX-License-Identifier: MIT */
/*
 * Single instructions for actors. Read snippets.h first.
 */
.macro SNIPPET name
	.balign 16
	.globl snippet_\name
	.hidden snippet_\name
snippet_\name:
.endm

.macro ONE name, instruction:vararg
	SNIPPET \name
	\instruction
	ud2
.endm

	.text
ONE end
ONE load, movq (%rdi), %rax
ONE store, movq %rdi, (%rdi)
ONE jump, jmp *%rdi

	SNIPPET fill
	movabsq $0x0101010101010101, %rbx
	movq %rbx, %rax
	leaq (%rbx, %rbx), %rcx
	leaq (%rcx, %rbx), %rdx
	leaq (%rdx, %rbx), %rsi
	leaq (%rsi, %rbx), %rdi
	leaq (%rdi, %rbx), %rbp
	leaq (%rbp, %rbx), %rsp
	leaq (%rsp, %rbx), %r8
	leaq (%r8, %rbx), %r9
	leaq (%r9, %rbx), %r10
	leaq (%r10, %rbx), %r11
	leaq (%r11, %rbx), %r12
	leaq (%r12, %rbx), %r13
	leaq (%r13, %rbx), %r14
	leaq (%r14, %rbx), %r15
	leaq (%r15, %rbx), %rbx
	.globl snippet_fill_end
	.hidden snippet_fill_end
snippet_fill_end:
	ud2

	SNIPPET system_call
	movl $0x1234, %eax
	movl $0x5678, %esi
	movl $0x9abc, %edx
	syscall
	.globl snippet_system_call_end
	.hidden snippet_system_call_end
snippet_system_call_end:
	ud2

	SNIPPET interrupt
	int $0x80
	.globl snippet_interrupt_end
	.hidden snippet_interrupt_end
snippet_interrupt_end:
	ud2

	SNIPPET divide
	xorl %edx, %edx
	xorl %ecx, %ecx
	divl %ecx
	ud2

	SNIPPET breakpoint
	int3
	.globl snippet_breakpoint_end
	.hidden snippet_breakpoint_end
snippet_breakpoint_end:
	ud2

ONE cli, cli
ONE sti, sti
ONE hlt, hlt
ONE in, inb $0x60, %al
ONE out, outb %al, $0xf4
ONE ins, insb
ONE rdmsr, rdmsr
ONE wrmsr, wrmsr
ONE read_cr0, movq %cr0, %rax
ONE write_cr3, movq %rax, %cr3
ONE read_dr7, movq %db7, %rax
ONE lgdt, lgdt (%rsp)
ONE lidt, lidt (%rsp)
ONE ltr, ltr %ax
ONE sgdt, sgdt -16(%rsp)
ONE invlpg, invlpg (%rdi)
ONE wbinvd, wbinvd
ONE clts, clts
ONE swapgs, swapgs
ONE sysret, sysretq
ONE rdpmc, rdpmc
ONE wrfsbase, wrfsbase %rax
ONE rdfsbase, rdfsbase %rax
ONE xsetbv, xsetbv
ONE int_timer, int $0xef
ONE int_double_fault, int $8
ONE sysenter, sysenter

	SNIPPET iret_kernel
	xorl %eax, %eax
	pushq %rax
	pushq %rsp
	pushq $2
	pushq $8
	pushq %rdi
	iretq
	ud2

	SNIPPET far_jump_kernel
	pushq $8
	pushq %rdi
	lretq
	ud2

	SNIPPET load_kernel_ds
	movl $0x10, %eax
	movl %eax, %ds
	ud2

	SNIPPET load_kernel_ss
	movl $0x10, %eax
	movl %eax, %ss
	ud2

	SNIPPET null_stack_segment
	xorl %eax, %eax
	movl %eax, %ss
	ud2

	SNIPPET iopl
	pushfq
	orl $0x3000, (%rsp)
	popfq
	pushfq
	popq %rax
	ud2

	SNIPPET trap_flag_call
	pushfq
	orl $0x100, (%rsp)
	popfq
	xorl %eax, %eax
	syscall
	nop
	nop
	ud2

	SNIPPET odd_flags_call
	pushfq
	orl $0x244400, (%rsp)
	popfq
	xorl %eax, %eax
	syscall
	pushfq
	popq %rax
	cld
	pushfq
	andl $~0x244000, (%rsp)
	popfq
	ud2

	SNIPPET bad_stack_call
	movq %rdi, %rsp
	xorl %eax, %eax
	xorl %edi, %edi
	syscall
	ud2

	SNIPPET bad_stack_push
	movq %rdi, %rsp
	pushq %rax
	ud2

	.section .note.GNU-stack, "", @progbits
