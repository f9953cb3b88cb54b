/* SPDX-License-Identifier: MIT */
/*
 * What must hold between any two kernel entries, and a checker that walks everything to see whether it does.
 *
 * Debug kernels and tests only: callers write `if (NACRE_DEBUG)`, and release kernels are built without these
 * files. The checker changes nothing that outlives it and needs no memory. Start with invariants.c; each of the
 * other invariants_*.c states the rules of one part of the core.
 */
#ifndef NACRE_CORE_INVARIANTS_H
#define NACRE_CORE_INVARIANTS_H

#include "cpu.h"
#include "frame.h"
#include "panic.h"

/* Panics with the rule that is broken. Call on the way out of the kernel, when the next thread is chosen. */
void kernel_check_invariants(void);

/* The same now and then: so seldom that it takes a small part of the time. */
void invariants_sample(void);

/* --- For the parts ------------------------------------------------------------------------------- */

#define INVARIANT(condition, rule, subject)                                                                   \
	do {                                                                                                  \
		if (unlikely(!(condition)))                                                                   \
			panic("invariant broken: %s (%lx; %s:%d)", rule, (unsigned long)(uintptr_t)(subject), \
			      __FILE__, __LINE__);                                                            \
	} while (0)

/* The frame that @pointer lies in, or NULL if it lies in no RAM. */
struct frame *invariants_frame_of(const void *pointer);

/* True if @pointer is the start of a live object of @type. */
int invariants_is_object(const void *pointer, enum frame_type type);

/* A granted or kept frame that holds a page table. */
void invariants_check_table(struct frame *table);

/* The grant of a frame. */
void invariants_check_grant(struct frame *frame);

/* Present counts of all frames against what the page tables say. */
void invariants_check_present_counts(void);

/* A slot in a table, or embedded in an object (@object; NULL: in a table or an interrupt line). */
void invariants_check_slot(struct slot *slot);
/* What is being re-pointed from @thread. */
void invariants_check_rebound(struct thread *thread);
/* The root slot of @object. */
void invariants_check_root(struct slot *root, const void *object);

/* A thread's IPC state, and the queue it is. */
void invariants_check_thread_ipc(struct thread *thread);

/* A thread's time; then the CPU's. */
void invariants_check_thread_time(struct thread *thread);
void invariants_check_cpu(void);

#endif
