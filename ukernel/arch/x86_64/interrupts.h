/* SPDX-License-Identifier: MIT */
/*
 * Exceptions, once entry.S has saved the registers, and interrupts with the two controllers they
 * come through. Read traps.c and interrupts.c first.
 */
#ifndef NACRE_INTERRUPTS_H
#define NACRE_INTERRUPTS_H

#include "types.h"

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

/* Acknowledges and notes interrupt @vector. */
void interrupt_record(unsigned int vector);

/*
 * Called by entry.S before it leaves: tells the core what was noted, and waits while nobody is
 * current.
 */
void interrupts_settle(void);

/* io_apic.c: the CPU has taken an interrupt of @line; one that would come again at once is masked. */
void line_taken(unsigned int line);

/* local_apic.c: the controller of this CPU, and its timer. */
void local_apic_initialize(void);
uint64_t local_apic_address(void); /* physical */
void local_apic_end_interrupt(void);

/* What a device writes where, to raise a vector on this CPU. (SDM vol. 3A, 10.11) */
uint64_t local_apic_message_address(void);

/* The timer counts down once, from @count; its interrupt is clock.c's clock_timer_fired(). */
void local_apic_timer_start(uint32_t count);
uint32_t local_apic_timer_left(void);
void clock_timer_fired(void);

#endif
