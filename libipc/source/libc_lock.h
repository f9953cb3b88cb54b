/* SPDX-License-Identifier: MIT */
/*
 * Makes the linker take the C library's locks from libc_lock.c.
 */
#ifndef NACRE_LIBC_LOCK_H
#define NACRE_LIBC_LOCK_H

void libc_locks_use(void);

#endif
