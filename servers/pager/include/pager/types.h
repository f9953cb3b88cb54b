/* SPDX-License-Identifier: MIT */
/*
 * Types that the whole pager library shares: frames by the names a pager knows them by, and error flow.
 *
 * Owns no state. Read pager.h first.
 */
#ifndef PAGER_TYPES_H
#define PAGER_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/error.h>
#include <nacre/abi/rights.h>

#define PAGE_SHIFT       12u
#define PAGE_BYTES       (UINT64_C(1) << PAGE_SHIFT)
#define LARGE_PAGE_SHIFT 21u
#define LARGE_PAGE_BYTES (UINT64_C(1) << LARGE_PAGE_SHIFT)
#define LARGE_PAGE_PAGES 512u

/*
 * A frame. A pager knows it by the address at which its own space holds it; the hold gives authority over the
 * frame and no access to it. Address 0 is no frame.
 */
struct hold {
	uint64_t address;
};

#define HOLD_NONE ((struct hold){0})

static inline struct hold hold_at(struct hold first, uint64_t index) {
	return (struct hold){first.address + (index << PAGE_SHIFT)};
}

/* A slot of the pager's own capability table; 0 is none. */
typedef uint32_t slot_t;

/* Returns from the calling function with the error of @expression if it has one. */
#define TRY(expression)                                        \
	do {                                                   \
		error_t try_error_ = (expression);             \
		if (try_error_ != ERROR_OK) return try_error_; \
	} while (0)

#define CONTAINER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
