/* SPDX-License-Identifier: MIT */
/*
 * Interrupt vectors: who has which. For C and assembler.
 */
#ifndef NACRE_VECTORS_H
#define NACRE_VECTORS_H

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

/* Where masked 8259s and the local APIC report interrupts that vanished; nothing else is here. */
#define VECTOR_SPURIOUS_FIRST 0xf0
#define VECTOR_SPURIOUS_LAST  0xff

/* Layout of the interrupt stubs in entry.S; the last group is the timer's. */
#define INTERRUPT_STUBS_IN_GROUP  32
#define INTERRUPT_STUB_SIZE       4
#define INTERRUPT_STUB_GROUP_SIZE 136
#define INTERRUPT_STUB_GROUPS     7

#endif
