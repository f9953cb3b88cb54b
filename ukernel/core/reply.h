/* SPDX-License-Identifier: MIT */
/*
 * The reply phase of `ipc`: who is answered, and where the time goes that came with the call.
 */
#ifndef NACRE_CORE_REPLY_H
#define NACRE_CORE_REPLY_H

#include "thread.h"

/*
 * Answers the call that @self, the current thread, serves or whose reply right its target names: ERROR_ARGUMENT,
 * ERROR_GONE, ERROR_CAPABILITY. If the call's time is the CPU's current budget, the caller is returned in *@next, ready
 * but competing for nothing: the CPU can be handed to it at no cost if @self goes on to block.
 */
error_t reply_send(struct thread *self, struct thread **next) NACRE_MUST_CHECK;

/* @self does not block after its reply: @next, if there is one, gets its time back and competes. */
void reply_settle(struct thread *self, struct thread *next);

#endif
