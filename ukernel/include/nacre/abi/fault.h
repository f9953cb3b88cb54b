/* SPDX-License-Identifier: MIT */
/*
 * Fault messages: registers as they travel, and exception numbers.
 */
#ifndef NACRE_ABI_FAULT_H
#define NACRE_ABI_FAULT_H

#include <stdint.h>

/* User registers as FAULT_EXCEPTION, FAULT_FOREIGN and THREAD_*_REGISTERS carry them. */
struct abi_registers {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags, fs_base, gs_base;
};

#define ABI_REGISTER_WORDS         20u
#define FAULT_REGISTERS_FIRST_WORD 3u

_Static_assert(sizeof(struct abi_registers) == ABI_REGISTER_WORDS * sizeof(uint64_t), "ABI");

/* FAULT_EXCEPTION word 0: an x86 vector below 32, or one of these. */
#define FAULT_VECTOR_DIVIDE     0u
#define FAULT_VECTOR_DEBUG      1u
#define FAULT_VECTOR_BREAKPOINT 3u
#define FAULT_VECTOR_INVALID    6u
#define FAULT_VECTOR_PROTECTION 13u
#define FAULT_VECTOR_PAGE       14u  /* the pager's answer was an error, or its items failed: word 1; address: word 2 */
#define FAULT_PAGER_LOST        256u /* a page fault with no pager, or the pager died; word 2 the address */
#define FAULT_SYSCALL           257u /* FAULT_FOREIGN: the syscall instruction */

#endif
