/* SPDX-License-Identifier: MIT */
/*
 * Long operations go in steps and give way to interrupts between them.
 */
#ifndef NACRE_CORE_STEP_H
#define NACRE_CORE_STEP_H

#include "arch.h"

enum step {
	STEP_DONE,
	STEP_AGAIN, /* an interrupt waits: leave the kernel; the operation is executed again and goes on */
};

/* The one preemption point. Between two calls of it at most a fixed, small amount of work is done. */
static inline enum step step_next(void) { return unlikely(arch_interrupt_is_pending()) ? STEP_AGAIN : STEP_DONE; }

#define TRY_STEP(expression)                                       \
	do {                                                       \
		if ((expression) == STEP_AGAIN) return STEP_AGAIN; \
	} while (0)

#endif
