/* SPDX-License-Identifier: MIT */
/*
 * What of a thread or space is loaded in this CPU's registers beside the general ones.
 */
#ifndef NACRE_CONTEXT_H
#define NACRE_CONTEXT_H

#include "cpu.h"

/* Loads segment bases; the thread is current, or about to be. */
void context_load_bases(const struct arch_thread *thread);

/* Uses @cr3 from now on. */
void context_load_tables(uint64_t cr3);

/* fpu.c: switches on what the CPU has of vector registers. Returns ARCH_FEATURE_* of it. */
uint64_t fpu_initialize(void);

/* Control words of a fresh thread. */
void fpu_thread_initialize(struct arch_thread *thread);

/* True if a switch to @to has anything to do in fpu_switch(). */
static inline int fpu_is_concerned(const struct thread *to) {
	return arch_cpu()->fpu_live || (to && to->arch.fpu_recent != 0);
}

/*
 * Part of arch_thread_switch(), if concerned. @from may be NULL; then its registers are dropped.
 * Afterwards the FPU holds @to's registers, or nothing and is switched off.
 */
void fpu_switch(struct thread *from, enum thread_leave how, struct thread *to);

/* The current thread wants to use the FPU, which is switched off (#NM). */
void fpu_load_current(void);

#endif
