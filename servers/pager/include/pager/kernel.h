/* SPDX-License-Identifier: MIT */
/*
 * All that the pager library asks of the kernel.
 *
 * The contract between the library's topics, which make no system call, and kernel.c, which does nothing else (unit
 * tests put a model of the kernel in its place). "Own" is the pager's own space. Errors are the kernel's own
 * (abi/error.def), passed on.
 */
#ifndef PAGER_KERNEL_H
#define PAGER_KERNEL_H

#include "types.h"

/* Frames that are granted: which, and how many. */
struct frame_set {
	struct hold frames[5];
	unsigned int count;
};

/* --- Contents of frames: mapped for the moment of it. ERROR_BUSY if one is granted to the kernel. */

error_t kernel_frames_zero(struct hold first, unsigned int count) NACRE_MUST_CHECK; /* at most GROUP_PAGES */
/* Copies the first @bytes of @from and zeroes the rest of @to. */
error_t kernel_frame_copy(struct hold from, struct hold to, uint64_t bytes) NACRE_MUST_CHECK;

/* --- The pager's own space */

error_t kernel_own_map(struct hold frame, uint64_t address) NACRE_MUST_CHECK; /* for reading and writing */
void kernel_own_unmap(uint64_t address, uint64_t count);
/*
 * Revokes all that was derived from holds; objects made of granted ones go. That, not their own `destroy`, is how a
 * pager ends objects: it cannot be prevented or begun by the context, and can be repeated.
 */
void kernel_holds_revoke(struct hold first, uint64_t count);
/* Turns a hold of 2 MiB into 512 of 4 KiB; takes 5 frames. */
error_t kernel_hold_split(struct hold large, const struct frame_set *frames) NACRE_MUST_CHECK;

/* --- Spaces, by their control */

/* No thread of it, and no space made through it, will have a priority above @ceiling. Ends with its first frame. */
error_t kernel_space_create(const struct frame_set *frames, unsigned int ceiling, slot_t *space) NACRE_MUST_CHECK;
error_t kernel_table_add(slot_t space, uint64_t address, unsigned int level,
                         const struct frame_set *frames) NACRE_MUST_CHECK;
error_t kernel_slots_add(slot_t space, unsigned int page, const struct frame_set *frame) NACRE_MUST_CHECK;
error_t kernel_pages_map(slot_t space, struct hold first, uint64_t address, uint64_t count,
                         unsigned int rights) NACRE_MUST_CHECK;
void kernel_pages_unmap(slot_t space, uint64_t address, uint64_t count);
void kernel_pages_protect(slot_t space, uint64_t address, uint64_t count, unsigned int rights);

/* --- Threads */

/* The capabilities to a new thread, for whoever asked for it. */
struct thread_handles {
	slot_t control;
	slot_t thread;
};

/*
 * Makes a stopped thread with the pager's queue, for the instance of @serial, as its pager. @utcb 0: a queue. Ends when
 * its first frame is revoked.
 */
error_t kernel_thread_create(slot_t space, uint64_t utcb, const struct frame_set *frames, uint64_t serial,
                             struct thread_handles *handles) NACRE_MUST_CHECK;

/* --- Capabilities */

/* One to the pager's queue without a badge, so that all that is derived from it can be revoked together. */
error_t kernel_queue_capability(slot_t *capability) NACRE_MUST_CHECK;
/* Deletes any capability and all derived from it, and gives the slot back. */
void kernel_capability_delete(slot_t capability);

#endif
