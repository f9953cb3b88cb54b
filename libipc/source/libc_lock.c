/* SPDX-License-Identifier: MIT */
/*
 * The C library's locks, in programs that have threads.
 *
 * Owns the lock objects that newlib names. Other programs are linked with newlib's own, which do
 * nothing (newlib/libc/misc/lock.c): thread.c refers to this file so that it comes first.
 */
#include <stdlib.h>
#include <sys/lock.h>

#include <nacre/lock.h>
#include <nacre/system_call.h>

#include "libc_lock.h"

struct __lock {
	struct lock lock;
	struct thread_block *_Atomic owner;
	unsigned int depth;
};

struct __lock __lock___sinit_recursive_mutex;
struct __lock __lock___sfp_recursive_mutex;
struct __lock __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex;
struct __lock __lock___malloc_recursive_mutex;
struct __lock __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex;
struct __lock __lock___dd_hash_mutex;
struct __lock __lock___arc4random_mutex;

void libc_locks_use(void) {}

/*
 * Called for files that are opened, from inside the library. Without memory the file goes unlocked.
 */
void __retarget_lock_init_recursive(_LOCK_T *lock) { *lock = calloc(1, sizeof(**lock)); }

void __retarget_lock_init(_LOCK_T *lock) { __retarget_lock_init_recursive(lock); }

void __retarget_lock_close_recursive(_LOCK_T lock) { free(lock); }

void __retarget_lock_close(_LOCK_T lock) { free(lock); }

int __retarget_lock_try_acquire_recursive(_LOCK_T lock) {
	struct thread_block *self = thread_block_get();

	if (!lock) return 1;
	if (atomic_load(&lock->owner) != self) {
		if (lock_try(&lock->lock) == LOCK_BUSY) return 0;
		atomic_store(&lock->owner, self);
	}
	lock->depth++;
	return 1;
}

void __retarget_lock_acquire_recursive(_LOCK_T lock) {
	struct thread_block *self = thread_block_get();

	if (!lock) return;
	if (atomic_load(&lock->owner) != self) {
		lock_take(&lock->lock);
		atomic_store(&lock->owner, self);
	}
	lock->depth++;
}

void __retarget_lock_release_recursive(_LOCK_T lock) {
	if (!lock || --lock->depth != 0) return;
	atomic_store(&lock->owner, NULL);
	lock_release(&lock->lock);
}

int __retarget_lock_try_acquire(_LOCK_T lock) { return __retarget_lock_try_acquire_recursive(lock); }

void __retarget_lock_acquire(_LOCK_T lock) { __retarget_lock_acquire_recursive(lock); }

void __retarget_lock_release(_LOCK_T lock) { __retarget_lock_release_recursive(lock); }
