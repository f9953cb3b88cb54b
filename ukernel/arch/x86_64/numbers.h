/* SPDX-License-Identifier: MIT */
/*
 * Numbers that C and assembler share: addresses in the kernel's half, segment selectors, interrupt
 * vectors.
 *
 * 0xffff800000000000  all RAM, read-write (ARCH_DIRECT_BASE)
 * 0xffffffff80000000  the kernel image (kernel.ld)
 * 0xffffffffc0000000  pages of devices the kernel itself uses, uncached
 */
#ifndef NACRE_NUMBERS_H
#define NACRE_NUMBERS_H

#define KERNEL_BASE 0xffffffff80000000
#define DEVICE_BASE 0xffffffffc0000000

/* SYSRET takes user data and code from the two descriptors after the one that STAR names. */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_SYSRET_BASE 0x1b
#define SELECTOR_USER_DATA   0x23
#define SELECTOR_USER_CODE   0x2b
#define SELECTOR_TASK        0x30

/* Vectors. */
#define VECTOR_DEBUG         1
#define VECTOR_NMI           2
#define VECTOR_BREAKPOINT    3
#define VECTOR_NO_FPU        7
#define VECTOR_DOUBLE_FAULT  8
#define VECTOR_PROTECTION    13
#define VECTOR_PAGE_FAULT    14
#define VECTOR_MACHINE_CHECK 18
#define VECTOR_EXCEPTIONS    32

/* Interrupt line n is vector VECTOR_LINE_FIRST + n. */
#define VECTOR_LINE_FIRST 0x20
#define VECTOR_TIMER      0xe0

/* Where the local APIC reports interrupts that vanished. */
#define VECTOR_SPURIOUS 0xff

/* Layout of the interrupt stubs in entry.S; the last group is the timer's. */
#define INTERRUPT_STUBS_IN_GROUP  32
#define INTERRUPT_STUB_SIZE       4
#define INTERRUPT_STUB_GROUP_SIZE 136
#define INTERRUPT_STUB_GROUPS     7

/* For functions that only boot calls, in files that stay: they go with the rest of boot code. */
#define BOOT_CODE __attribute__((section(".init.text")))

#endif
