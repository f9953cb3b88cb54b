/* SPDX-License-Identifier: MIT */
/*
 * Types that every part of the kernel shares: addresses that cannot be mixed up, error flow.
 */
#ifndef NACRE_CORE_TYPES_H
#define NACRE_CORE_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/error.h>

#define PAGE_SHIFT       12
#define PAGE_SIZE        (UINT64_C(1) << PAGE_SHIFT)
#define LARGE_PAGE_SHIFT 21
#define LARGE_PAGE_SIZE  (UINT64_C(1) << LARGE_PAGE_SHIFT)
#define TABLE_ENTRIES    512u

/* An address in physical memory. */
struct physical_address {
	uint64_t value;
};

/* An address in a user space; says nothing about whether anything is mapped there. */
struct user_address {
	uint64_t value;
};

/* Returns from the calling function with the error of @expression if it has one. */
#define TRY(expression)                                        \
	do {                                                   \
		error_t try_error_ = (expression);             \
		if (try_error_ != ERROR_OK) return try_error_; \
	} while (0)

#define CONTAINER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#endif
