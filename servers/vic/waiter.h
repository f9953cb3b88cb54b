/* SPDX-License-Identifier: MIT */
/*
 * Who waits for a context to be built, to be started or to end.
 *
 * Owns saved reply rights until they are answered. Callers may die while they wait, which nobody
 * tells
 * us: when a context has gathered many waiters, the dead are looked for, so that their slots come
 * back.
 */
#ifndef VIC_WAITER_H
#define VIC_WAITER_H

#include "vic.h"

NACRE_MUST_CHECK error_t waiter_add(struct vic *vic, struct context *context, enum waiting_for what,
                                    uint32_t reply_slot);

/* Answers all that wait for @what, with @error. */
void waiters_answer(struct vic *vic, struct context *context, enum waiting_for what, error_t error);

#endif
