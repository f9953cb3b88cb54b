/* SPDX-License-Identifier: MIT */
/*
 * CPU set-up: control registers, MSRs, descriptor tables; what the CPU can do.
 */
#ifndef NACRE_PROCESSOR_H
#define NACRE_PROCESSOR_H

#include <stdint.h>

/* CR0 */
#define CR0_MONITOR_FPU       (UINT64_C(1) << 1)
#define CR0_EMULATE_FPU       (UINT64_C(1) << 2)
#define CR0_TASK_SWITCHED     (UINT64_C(1) << 3)
#define CR0_NUMERIC_ERROR     (UINT64_C(1) << 5)
#define CR0_WRITE_PROTECT     (UINT64_C(1) << 16)
#define CR0_ALIGNMENT         (UINT64_C(1) << 18)
#define CR0_NOT_WRITE_THROUGH (UINT64_C(1) << 29)
#define CR0_CACHE_DISABLE     (UINT64_C(1) << 30)

/* Segments, interrupt gates and stacks of this CPU; exceptions are told in words from here on. */
void descriptors_initialize(void);

/*
 * Finds out what the CPU can do and switches on what the kernel uses; panics if something needed is
 * missing.
 */
void processor_initialize(void);

/* ARCH_FEATURE_* found by processor_initialize(). */
extern uint64_t processor_features;

/* CPUs found, of which one runs. */
extern unsigned int processor_count;

#endif
