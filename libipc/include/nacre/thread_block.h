/* SPDX-License-Identifier: MIT */
/*
 * What libipc keeps for each thread, found through FS.
 *
 * Owns the layout that system_call.h and start.S know by offset. FS points at it; the thread's
 * variables (__thread) lie below it, as the x86-64 ABI wants.
 */
#ifndef NACRE_THREAD_BLOCK_H
#define NACRE_THREAD_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/utcb.h>
#include <nacre/capability.h>

struct _reent;
struct sleep_queue;

struct thread_block {
	struct thread_block *self; /* the ABI's: how the compiler finds variables below */
	struct utcb *utcb;
	uint64_t saved_rbp; /* while in the kernel */
	struct _reent *reent;
	struct sleep_queue *sleep_queue; /* made when the thread sleeps first (sleep_queue.c) */
	capability_t control;            /* control of this thread */
	uint32_t reserved;
};

_Static_assert(offsetof(struct thread_block, self) == 0, "x86-64 ABI");
_Static_assert(offsetof(struct thread_block, utcb) == 8, "system_call.h");
_Static_assert(offsetof(struct thread_block, saved_rbp) == 16, "system_call.h");

#endif
