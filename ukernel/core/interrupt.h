/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines, bound to bits of signal words.
 */
#ifndef NACRE_CORE_INTERRUPT_H
#define NACRE_CORE_INTERRUPT_H

#include "capability.h"

/* One line. The array lies in memory that slots can link to. */
struct interrupt_line {
	struct slot slot;     /* the signal capability that the line is bound to */
	struct slot allotted; /* message-signalled: what is handed out hangs below; the line is free if nothing does */
};

_Static_assert(sizeof(struct interrupt_line) % sizeof(struct slot) == 0, "slots are found by links of 32 bytes");

/* Starts with all ARCH_LINE_COUNT lines unbound and masked; @lines is zeroed and below SLOT_PHYSICAL_END. */
void interrupt_start(struct interrupt_line *lines);

/* A capability to a range of lines or ports: badge first | count << 32. */
static inline uint64_t range_badge(uint64_t first, uint64_t count) { return first | count << 32; }

static inline uint64_t range_first(uint64_t badge) { return (uint32_t)badge; }

static inline int range_covers(uint64_t badge, uint64_t first, uint64_t count) {
	uint64_t start = range_first(badge);
	uint64_t size = badge >> 32;

	return first >= start && count <= size && first - start <= size - count;
}

#endif
