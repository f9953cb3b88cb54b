/* SPDX-License-Identifier: MIT */
/*
 * What each CPU has of its own: who runs, on whose time, who is next.
 *
 * Reached through arch_cpu() only. The entry code knows the first fields by generated offsets.
 */
#ifndef NACRE_CORE_CPU_H
#define NACRE_CORE_CPU_H

#include <nacre/abi/rights.h>

#include "thread.h"

struct cpu {
	/* Entry code. */
	struct thread *current; /* whose registers are loaded on exit; NULL: idle */
	struct budget *budget;  /* what it runs on */
	uint64_t fpu_live;      /* the FPU may hold current's registers */

	struct thread *loaded; /* whose page tables, bases and FPU are loaded; NULL: nobody's */
	uint32_t number;
	uint32_t helping;     /* budget is a helper's: it is with budget->at, not with current */
	uint32_t reschedule;  /* something better may be ready */
	uint64_t charged;     /* time up to which budget is charged */
	uint64_t timer;       /* what the timer is set to */
	uint32_t timer_stale; /* the budget or the earliest deadline may have changed since */
	uint64_t next_serial;

	struct list_node wakeups;                 /* budgets to queue before the next choice */
	struct thread *deadlines;                 /* heap: earliest receive deadline first */
	struct list_node ready[PRIORITY_MAX + 1]; /* budgets, by priority */
	uint64_t ready_map[(PRIORITY_MAX + 1) / 64];
};

#endif
