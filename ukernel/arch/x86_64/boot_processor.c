/* SPDX-License-Identifier: MIT */
/*
 * What the CPU can do, and its control registers and MSRs.
 *
 * A CR4 bit is set only if CPUID has it. CR4.FSGSBASE stays off: bases change by message only.
 * CR4.TSD stays off: users may read the TSC. (SDM vol. 3A, 2.5; vol. 2A, CPUID)
 */
#include "processor.h"

#include <nacre/abi/feature.h>

#include "arch.h"
#include "fpu.h"
#include "instructions.h"
#include "memory_layout.h"
#include "panic.h"

#define CR4_PAE         (UINT64_C(1) << 5)
#define CR4_MCE         (UINT64_C(1) << 6)
#define CR4_PGE         (UINT64_C(1) << 7)
#define CR4_FXSR        (UINT64_C(1) << 9)
#define CR4_SIMD_ERRORS (UINT64_C(1) << 10)
#define CR4_UMIP        (UINT64_C(1) << 11)
#define CR4_SMEP        (UINT64_C(1) << 20)
#define CR4_SMAP        (UINT64_C(1) << 21)

#define EFER_SYSCALL    (UINT64_C(1) << 0)
#define EFER_LONG_MODE  (UINT64_C(1) << 8)
#define EFER_NO_EXECUTE (UINT64_C(1) << 11)

/* CPUID 1, edx */
#define CPUID_MCE  (1u << 7)
#define CPUID_APIC (1u << 9)
#define CPUID_PGE  (1u << 13)
#define CPUID_PAT  (1u << 16)
/* CPUID 7, ebx and ecx */
#define CPUID_SMEP (1u << 7)
#define CPUID_SMAP (1u << 20)
#define CPUID_UMIP (1u << 2)
/* CPUID 0x80000001, edx */
#define CPUID_SYSCALL (1u << 11)
#define CPUID_NX      (1u << 20)
#define CPUID_1G      (1u << 26)
/* CPUID 0x80000007, edx */
#define CPUID_INVARIANT_TSC (1u << 8)

/*
 * Entries 0 to 3 as page_entry.h selects them (write-back, write-combining, uncached,
 * write-through), twice.
 */
#define PAT_VALUE UINT64_C(0x0400010604000106)

/*
 * Cleared at SYSCALL: all that could act in the kernel, and the arithmetic flags. CPUs set bit 1
 * themselves.
 */
#define SYSCALL_FLAGS_CLEARED UINT64_C(0x257fd5)

void syscall_entry(void);

static uint32_t leaf_edx(uint32_t leaf)
{
	uint32_t last = cpuid_read(leaf & 0x80000000u, 0).eax;
	return leaf <= last ? cpuid_read(leaf, 0).edx : 0;
}

/* Chooses CR4 bits from CPUID and notes features on the way. */
static uint64_t cr4_choose(void)
{
	uint64_t cr4 = CR4_PAE | CR4_FXSR | CR4_SIMD_ERRORS;
	uint32_t basic = leaf_edx(1);

	if (basic & CPUID_MCE)
		cr4 |= CR4_MCE;
	if (basic & CPUID_PGE)
		cr4 |= CR4_PGE;
	if (cpuid_read(0, 0).eax < 7)
		return cr4;

	struct cpuid extended = cpuid_read(7, 0);
	if (extended.ebx & CPUID_SMEP) {
		cr4 |= CR4_SMEP;
		processor_features |= ARCH_FEATURE_SMEP;
	}
	if (extended.ebx & CPUID_SMAP) {
		cr4 |= CR4_SMAP;
		processor_features |= ARCH_FEATURE_SMAP;
	}
	if (extended.ecx & CPUID_UMIP) {
		cr4 |= CR4_UMIP;
		processor_features |= ARCH_FEATURE_UMIP;
	}
	return cr4;
}

static void features_require(void)
{
	uint32_t basic = leaf_edx(1), extended = leaf_edx(0x80000001u);

	if (!(extended & CPUID_NX))
		panic("this CPU has no NX (execute disable): switch it on in the firmware's setup");
	if (!(basic & CPUID_APIC) || !(basic & CPUID_PAT) || !(extended & CPUID_SYSCALL))
		panic("this CPU lacks a local APIC, PAT or SYSCALL, which the kernel needs");
	if (extended & CPUID_1G)
		processor_features |= ARCH_FEATURE_PAGES_1G;
	if (leaf_edx(0x80000007u) & CPUID_INVARIANT_TSC)
		processor_features |= ARCH_FEATURE_INVARIANT_TSC;
}

void processor_initialize(void)
{
	features_require();
	cr4_write(cr4_choose());

	uint64_t cr0 = cr0_read();
	cr0 &= ~(CR0_EMULATE_FPU | CR0_ALIGNMENT | CR0_NOT_WRITE_THROUGH | CR0_CACHE_DISABLE);
	cr0_write(cr0 | CR0_MONITOR_FPU | CR0_NUMERIC_ERROR | CR0_WRITE_PROTECT);

	msr_write(MSR_PAT, PAT_VALUE);
	msr_write(MSR_EFER, EFER_SYSCALL | EFER_LONG_MODE | EFER_NO_EXECUTE);
	msr_write(MSR_STAR,
	          (uint64_t)SELECTOR_SYSRET_BASE << 48 | (uint64_t)SELECTOR_KERNEL_CODE << 32);
	msr_write(MSR_LSTAR, (uint64_t)(uintptr_t)syscall_entry);
	msr_write(MSR_CSTAR, 0); /* no compatibility mode: users have no 32-bit code segment */
	msr_write(MSR_SYSCALL_FLAGS, SYSCALL_FLAGS_CLEARED);
	msr_write(MSR_SYSENTER_CS, 0); /* SYSENTER faults, whatever firmware left */
	msr_write(MSR_FS_BASE, 0);
	msr_write(MSR_GS_BASE, 0);
	processor_features |= fpu_initialize();
}
