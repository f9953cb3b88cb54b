/* SPDX-License-Identifier: MIT */
/*
 * What the CPU can do, and its control registers and MSRs.
 *
 * A CR4 bit is set only if CPUID has it. CR4.FSGSBASE stays off: bases change by message only.
 * CR4.TSD stays off: users may read the TSC. (SDM vol. 3A, 2.5; vol. 2A, CPUID)
 */
#include <nacre/abi/feature.h>

#include "boot.h"
#include "context.h"
#include "instructions.h"
#include "numbers.h"
#include "panic.h"

#define CR4_PAE         (1u << 5)
#define CR4_MCE         (1u << 6)
#define CR4_PGE         (1u << 7)
#define CR4_FXSR        (1u << 9)
#define CR4_SIMD_ERRORS (1u << 10)
#define CR4_UMIP        (1u << 11)
#define CR4_XSAVE       (1u << 18)
#define CR4_SMEP        (1u << 20)
#define CR4_SMAP        (1u << 21)

#define EFER_SYSCALL    (1u << 0)
#define EFER_LONG_MODE  (1u << 8)
#define EFER_NO_EXECUTE (1u << 11)

/* Entries 0 to 3 are what MEMORY_* of label.h says (write-back, -through, uncached, write-combining), twice. */
#define PAT_VALUE UINT64_C(0x0100040601000406)

/*
 * Cleared at SYSCALL: all that could act in the kernel, and the arithmetic flags. CPUs set bit 1
 * themselves.
 */
#define SYSCALL_FLAGS_CLEARED UINT64_C(0x257fd5)

void syscall_entry(void);

static void need(uint32_t output, unsigned int bit, const char *name) {
	if (!(output >> bit & 1)) panic("this CPU lacks %s, or the firmware's setup has switched it off", name);
}

/* Returns @cr4 if the CPU has what @bit of CPUID's @output stands for, and notes @feature; else 0. */
static uint64_t use(uint32_t output, unsigned int bit, uint64_t cr4, uint64_t feature) {
	if (!(output >> bit & 1)) return 0;
	processor_features |= feature;
	return cr4;
}

/* XSAVE comes first: a CPU that has it has all leaves that are read here. */
static void cpuid_evaluate(void) {
	struct cpuid basic = cpuid_read(1, 0);
	need(basic.ecx, 26, "XSAVE");
	struct cpuid structured = cpuid_read(7, 0), extended = cpuid_read(0x80000001u, 0);

	need(basic.edx, 9, "a local APIC");
	need(basic.edx, 16, "PAT");
	need(extended.edx, 11, "SYSCALL");
	need(extended.edx, 20, "NX (execute disable)");
	use(extended.edx, 26, 0, ARCH_FEATURE_PAGES_1G);
	use(cpuid_read(0x80000007u, 0).edx, 8, 0, ARCH_FEATURE_INVARIANT_TSC);
	cr4_write(CR4_PAE | CR4_FXSR | CR4_SIMD_ERRORS | CR4_XSAVE | use(basic.edx, 7, CR4_MCE, 0) |
	          use(basic.edx, 13, CR4_PGE, 0) | use(structured.ebx, 7, CR4_SMEP, ARCH_FEATURE_SMEP) |
	          use(structured.ebx, 20, CR4_SMAP, ARCH_FEATURE_SMAP) |
	          use(structured.ecx, 2, CR4_UMIP, ARCH_FEATURE_UMIP));
}

void processor_initialize(void) {
	cpuid_evaluate();
	cr0_write(CR0_KERNEL);

	msr_write(MSR_PAT, PAT_VALUE);
	msr_write(MSR_EFER, EFER_SYSCALL | EFER_LONG_MODE | EFER_NO_EXECUTE);
	msr_write(MSR_STAR, (uint64_t)SELECTOR_SYSRET_BASE << 48 | (uint64_t)SELECTOR_KERNEL_CODE << 32);
	msr_write(MSR_LSTAR, (uint64_t)(uintptr_t)syscall_entry);
	msr_write(MSR_CSTAR, 0); /* no compatibility mode: users have no 32-bit code segment */
	msr_write(MSR_SYSCALL_FLAGS, SYSCALL_FLAGS_CLEARED);
	msr_write(MSR_SYSENTER_CS, 0); /* SYSENTER faults, whatever firmware left */
	msr_write(MSR_GS_BASE, 0);
	processor_features |= fpu_initialize();
}
