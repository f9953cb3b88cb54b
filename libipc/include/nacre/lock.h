/* SPDX-License-Identifier: MIT */
/*
 * Locks between threads of one program. All zero is a free lock.
 *
 * May be taken anywhere, also while a reply is owed: waiting is a call that a waker cancels. Not
 * recursive, not fair. The thread that releases need not be the one that took.
 */
#ifndef NACRE_LOCK_H
#define NACRE_LOCK_H

#include <stdatomic.h>
#include <stdint.h>

struct lock {
	_Atomic uintptr_t state; /* 0 free, 1 taken, else taken: the newest of those who wait */
};

enum lock_result { LOCK_TAKEN, LOCK_BUSY };

void lock_take(struct lock *lock);
enum lock_result lock_try(struct lock *lock);
void lock_release(struct lock *lock);

#endif
