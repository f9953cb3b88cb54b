/* SPDX-License-Identifier: MIT */
/*
 * Numbers of frames: 1, 2, ... 0xffffffff, 1, ...; 0 stands before the first.
 */
#ifndef NACRE_HOSTLINK_SEQUENCE_H
#define NACRE_HOSTLINK_SEQUENCE_H

#include <stdint.h>

static inline uint32_t sequence_after(uint32_t number) { return number == UINT32_MAX ? 1 : number + 1; }

/* How far @to is ahead of @from. */
static inline uint32_t sequence_distance(uint32_t from, uint32_t to) {
	return to >= from ? to - from : to + (UINT32_MAX - from);
}

#endif
