/* SPDX-License-Identifier: MIT */
/*
 * x86-64's part of the core's structures. Read core/arch.h first.
 */
#ifndef NACRE_ARCH_TYPES_H
#define NACRE_ARCH_TYPES_H

#include "page_entry.h"
#include "types.h"

/*
 * The last page of the lower half stays unmapped: SYSRET to a non-canonical address would fault in
 * the kernel.
 */
#define USER_ADDRESS_END UINT64_C(0x00007ffffffff000)

/* All physical memory, mapped once in the upper half. */
#define ARCH_DIRECT_BASE UINT64_C(0xffff800000000000)

static inline void *arch_direct(struct physical_address address) {
	return (void *)(uintptr_t)(ARCH_DIRECT_BASE + address.value);
}

static inline struct physical_address arch_physical(const void *pointer) {
	return (struct physical_address){(uint64_t)(uintptr_t)pointer - ARCH_DIRECT_BASE};
}

/* How the registers were saved, and so how they are loaded. */
#define REGISTERS_SYSCALL 0 /* by SYSCALL: leave by SYSRET; rcx and r11 are rip and rflags */
#define REGISTERS_FULL    1 /* by an exception or interrupt, or made by the kernel: leave by IRET */

/* Written by entry.S; offsets are generated. */
struct registers {
	uint64_t words[8];  /* rdx r8 r9 r10 r12 r13 r14 r15 */
	uint64_t operation; /* rax */
	uint64_t target;    /* rdi */
	uint64_t tag;       /* rsi */
	uint64_t rbp, rbx, rcx, r11;
	uint64_t rip, rflags, rsp;
	uint64_t how; /* REGISTERS_* */
};

/* x87, SSE, AVX and AVX-512 state in standard XSAVE format. (SDM vol. 1, 13.4) */
#define FPU_AREA_SIZE 2688u

struct arch_thread {
	uint64_t fs_base, gs_base;
	uint32_t mxcsr;       /* kept over a voluntary ipc */
	uint16_t fpu_control; /* likewise */
	uint8_t fpu_saved;    /* the area holds live state, to be loaded before the thread runs */
	uint8_t fpu_recent;   /* so many more switches to it load the FPU without waiting for #NM */
	_Alignas(64) uint8_t fpu_area[FPU_AREA_SIZE];
};

struct arch_space {
	uint64_t cr3;
};

/* One vector each; x86-64's I/O APICs seldom have more inputs together. */
#define ARCH_LINE_COUNT       192u
#define ARCH_LINE_WIRED_COUNT 128u
#define ARCH_CPU_COUNT        1u

struct cpu;
extern struct cpu arch_boot_cpu;

/*
 * One CPU runs the kernel; its area is static. The entry code reaches it relative to its own
 * address.
 */
static inline struct cpu *arch_cpu(void) { return &arch_boot_cpu; }

#endif
