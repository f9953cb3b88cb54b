/* SPDX-License-Identifier: MIT */
/*
 * What each CPU has of its own beside the core's struct cpu: stacks, descriptors, what is loaded in
 * it.
 *
 * One CPU runs the kernel, so there is one area, and the entry code names it. With more, each CPU's
 * entry code is a copy mapped beside its own area, and the same relative addresses reach it;
 * nothing is kept in GS.
 */
#ifndef NACRE_CPU_AREA_H
#define NACRE_CPU_AREA_H

#include "arch_types.h"

#define KERNEL_STACK_SIZE    (4 * PAGE_SIZE)
#define EXCEPTION_STACK_SIZE PAGE_SIZE
#define VECTOR_COUNT         256u
#define GDT_ENTRIES          8u

/* Entries of the task state segment's interrupt stack table, counted from 1. */
enum exception_stack { STACK_DEFAULT, STACK_NMI, STACK_DOUBLE_FAULT, STACK_MACHINE_CHECK, STACK_DEBUG, STACK_COUNT };

/* The 64-bit task state segment. (SDM vol. 3A, 8.7) */
struct __attribute__((packed)) task_state {
	uint32_t reserved0;
	uint64_t stack0, stack1, stack2;
	uint64_t reserved1;
	uint64_t exception_stacks[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t port_bitmap; /* beyond the limit: users reach ports by message only */
};

_Static_assert(sizeof(struct task_state) == 104, "fixed by hardware");

struct cpu_area {
	/*
	 * Below the stack: never mapped, so that an overflow is a double fault and not silent
	 * damage.
	 */
	_Alignas(PAGE_SIZE) uint8_t guard[PAGE_SIZE];
	_Alignas(16) uint8_t stack[KERNEL_STACK_SIZE];
	_Alignas(16) uint8_t exception_stacks[STACK_COUNT - 1][EXCEPTION_STACK_SIZE];

	/* Entry code only. */
	uint64_t user_stack; /* the user's rsp until it is saved */

	/* What is loaded now. */
	uint64_t cr3;
	uint64_t gs_base;

	/*
	 * Interrupts taken but not yet told to the core; any_recorded may be set with no bit set.
	 */
	uint64_t any_recorded;
	uint64_t recorded[VECTOR_COUNT / 64];

	uint64_t timer_armed; /* when the timer fires, ns since boot; or earlier */

	struct task_state task_state;
	_Alignas(16) uint64_t gdt[GDT_ENTRIES];
};

extern struct cpu_area boot_cpu_area;

static inline struct cpu_area *cpu_area(void) { return &boot_cpu_area; }

#endif
