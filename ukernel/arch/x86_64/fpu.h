/* SPDX-License-Identifier: MIT */
/*
 * Vector registers: when they are saved, loaded and wiped.
 */
#ifndef NACRE_FPU_H
#define NACRE_FPU_H

#include "cpu.h"

/* Switches on what the CPU has and a thread's area can hold. Returns ARCH_FEATURE_* of it. */
uint64_t fpu_initialize(void);

/* Control words of a fresh thread. */
void fpu_thread_initialize(struct arch_thread *thread);

/* True if a switch to @to has anything to do here. */
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
