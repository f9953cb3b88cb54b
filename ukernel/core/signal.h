/* SPDX-License-Identifier: MIT */
/*
 * Signals: the 64-bit word of each queue.
 */
#ifndef NACRE_CORE_SIGNAL_H
#define NACRE_CORE_SIGNAL_H

#include "thread.h"

/* ORs @bits into the word of @queue; whoever receives from it gets the word at once. Never blocks. */
void signal_raise(struct thread *queue, uint64_t bits);

/* Raises what the signal capability in @slot stands for; an empty slot is ignored. */
void signal_raise_slot(const struct slot *slot);

/* Gives the word of @queue, which is not zero, to @receiver as the result of its receive. */
void signal_deliver(struct thread *queue, struct thread *receiver);

#endif
