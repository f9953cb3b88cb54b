/* SPDX-License-Identifier: MIT */
/*
 * Address windows: 4 GiB of the lower half for each context, so that contexts can share a space.
 *
 * Owns which are taken. Windows below WINDOW_FIRST are root's and its own programs'.
 */
#ifndef VIC_WINDOW_H
#define VIC_WINDOW_H

#include <stdint.h>

#include <nacre/abi/error.h>

#define WINDOW_BYTES (UINT64_C(1) << 32)
#define WINDOW_FIRST 256u
#define WINDOW_END   32767u /* the last one of the lower half has a page that cannot be mapped */

struct window {
	uint64_t base; /* 0: none */
	uint64_t size;
};

struct windows {
	uint32_t next; /* where the search starts: a window rests as long as possible before it is used again */
	uint64_t taken[(WINDOW_END + 63) / 64];
};

void windows_create(struct windows *windows);

/* limit: all are taken. */
NACRE_MUST_CHECK error_t window_take(struct windows *windows, struct window *window);

/* @window becomes none; one that is none already stays so. */
void window_give_back(struct windows *windows, struct window *window);

#endif
