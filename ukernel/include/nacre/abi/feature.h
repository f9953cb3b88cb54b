/* SPDX-License-Identifier: MIT */
/*
 * CPU features in use, as SPACE_INFO tells them (word 1).
 */
#ifndef NACRE_ABI_FEATURE_H
#define NACRE_ABI_FEATURE_H

/* x86-64: vector state that threads may have beyond SSE2; what CPUID says beyond this is not kept. */
#define ARCH_FEATURE_AVX    1u
#define ARCH_FEATURE_AVX512 2u
/* Protections that the CPU has and the kernel uses. */
#define ARCH_FEATURE_SMEP 4u
#define ARCH_FEATURE_SMAP 8u
#define ARCH_FEATURE_UMIP 16u
/* The TSC runs at one rate whatever the CPU does: time measured with it is exact. */
#define ARCH_FEATURE_INVARIANT_TSC 32u
/* Gigabyte pages; used by the kernel for itself only. */
#define ARCH_FEATURE_PAGES_1G 64u

#endif
