/* SPDX-License-Identifier: MIT */
/*
 * The first instructions: what loaders look for, and the way from 32-bit mode to boot_main().
 *
 * Owns the Multiboot2 header, the PVH note and the page tables used until page_tables.c has made
 * better ones: the first 4 GiB at 0 and at ARCH_DIRECT_BASE, the first GiB at KERNEL_BASE, all
 * writable and executable. Both loaders enter in 32-bit protected mode, flat segments, paging and
 * interrupts off, .bss cleared. (Multiboot2 specification 2.0, 3.3; Xen docs/misc/pvh.pandoc)
 */
#include "numbers.h"
#include "offsets.h"

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define HEADER_TAG_END          0
#define HEADER_TAG_MODULE_ALIGN 6

#define PVH_NOTE_PHYS32_ENTRY 18

#define PAGE_PRESENT_WRITABLE 0x03
#define PAGE_LARGE            0x80
#define CR0_PAGING            (1 << 31)
#define CR4_PAE               (1 << 5)
#define MSR_EFER              0xc0000080
#define EFER_LONG_MODE        (1 << 8)

	.section .start.header, "a"
	.balign 8
header:
	.long MULTIBOOT2_HEADER_MAGIC, 0, header_end - header
	.long -(MULTIBOOT2_HEADER_MAGIC + (header_end - header))
	.short HEADER_TAG_MODULE_ALIGN, 0
	.long 8
	.short HEADER_TAG_END, 0
	.long 8
header_end:

	.section .note.pvh, "a", @note
	.balign 4
	.long 4, 8, PVH_NOTE_PHYS32_ENTRY
	.asciz "Xen"
	.quad pvh_entry

	.section .start.text, "ax"
	.code32
	.globl multiboot2_entry
multiboot2_entry:
	movl %eax, %edi
	jmp 1f
pvh_entry:
	xorl %edi, %edi
1:	movl %ebx, %esi
	cld

	/* All of CR4: firmware may have left five-level paging chosen. */
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $start_level4, %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	rdmsr
	orl $EFER_LONG_MODE, %eax
	wrmsr
	movl %cr0, %eax
	orl $CR0_PAGING, %eax
	movl %eax, %cr0
	lgdt start_gdt_pointer
	ljmp $SELECTOR_KERNEL_CODE, $start64

	.code64
start64:
	xorl %eax, %eax
	movl %eax, %ss /* the others are cleared at the first switch of spaces */
	movl %edi, %edi
	movl %esi, %esi
	movq $start_high, %rax
	jmp *%rax

	.balign 8
start_gdt:
	.quad 0, 0x00209a0000000000
start_gdt_pointer:
	.short . - start_gdt - 1
	.long start_gdt

	.section .init.text, "ax"
start_high:
	movq $boot_cpu_area+AREA_STACK_TOP, %rsp
	xorl %ebp, %ebp
	call boot_main
	movq %rax, %rdi
	call kernel_start
	jmp kernel_enter

	.section .start.tables, "a"
	.balign 4096
start_level4:
	.quad start_level3_low + PAGE_PRESENT_WRITABLE
	.skip 255 * 8
	.quad start_level3_low + PAGE_PRESENT_WRITABLE
	.skip 254 * 8
	.quad start_level3_high + PAGE_PRESENT_WRITABLE
start_level3_low:
	.quad start_level2 + 0x0003, start_level2 + 0x1003, start_level2 + 0x2003, start_level2 + 0x3003
	.skip 508 * 8
start_level3_high:
	.skip 510 * 8
	.quad start_level2 + PAGE_PRESENT_WRITABLE, 0
start_level2:
	.set page, 0
	.rept 4 * 512
	.quad page * 0x200000 + PAGE_LARGE + PAGE_PRESENT_WRITABLE
	.set page, page + 1
	.endr

	.section .note.GNU-stack, "", @progbits
