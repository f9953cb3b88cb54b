/* SPDX-License-Identifier: MIT */
/*
 * Last words, and the few lines printed at boot.
 */
#ifndef NACRE_CORE_PANIC_H
#define NACRE_CORE_PANIC_H

#include "types.h"

/* Stops the machine because of a bug in the kernel (or, at boot, of the machine). %s %u %x %lu %lx; no widths. */
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Writes one line to the machine's console. For boot only. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A condition that only a kernel bug can break. Checked in debug builds. */
#define KERNEL_ASSERT(condition)                                                                        \
	do {                                                                                            \
		if (NACRE_DEBUG && unlikely(!(condition)))                                              \
			panic("%s:%u: %s does not hold", __FILE__, (unsigned int)__LINE__, #condition); \
	} while (0)

#endif
