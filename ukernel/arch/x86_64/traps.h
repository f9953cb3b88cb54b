/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts, once entry.S has saved the registers.
 */
#ifndef NACRE_TRAPS_H
#define NACRE_TRAPS_H

#include <stdint.h>

/* What entry.S leaves on the stack when the kernel itself was interrupted. */
struct kernel_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, code;
	uint64_t rip, cs, rflags, rsp, ss;
};

/*
 * The current thread was interrupted; its registers are saved. Only the low 8 bits of @vector
 * count.
 */
void trap_from_user(uint64_t vector, uint64_t code);

/* The kernel was interrupted. Goes on with @frame if it returns. */
void trap_from_kernel(struct kernel_frame *frame);

/* Turns interrupts on and waits for one. In entry.S. */
void idle_wait(void);
extern const char idle_halt[], idle_after[];

/* Executes an INT that must fault; returns the error code. In entry.S. */
uint64_t gate_probe(void);
extern const char gate_probe_after[];

/* By how many bits a vector is shifted in the error code of an INT that is not allowed. */
extern unsigned int gate_code_shift;

#endif
