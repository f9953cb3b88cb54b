/* SPDX-License-Identifier: MIT */
/*
 * More threads in the same space.
 *
 * Owns their stacks and UTCBs. Few programs need them: a server with one receive loop is the rule.
 */
#ifndef NACRE_THREAD_H
#define NACRE_THREAD_H

#include <stddef.h>

#include <nacre/capability.h>

struct nacre_thread;

#define NACRE_THREAD_STACK_DEFAULT ((size_t)256 * 1024)

/*
 * Starts a thread that runs @function with @argument, with the priority of the caller. @stack_size
 * is rounded up to pages. Errors: state (no memory instance), no_memory, limit.
 */
NACRE_MUST_CHECK error_t nacre_thread_start(void (*function)(void *argument), void *argument, size_t stack_size,
                                            struct nacre_thread **thread_out);

/* Waits until the thread's function has returned, and frees all that was the thread's. */
void nacre_thread_join(struct nacre_thread *thread);

/* Control of a thread. It is the thread's: not to be deleted. */
capability_t nacre_thread_control(const struct nacre_thread *thread);

#endif
