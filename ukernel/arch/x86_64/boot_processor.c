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

/* One bit of CPUID and what it means here. */
static const struct {
	uint32_t leaf;
	enum { EBX, ECX, EDX } output;
	unsigned int bit;
	uint32_t cr4, feature;
	const char *needed; /* the kernel cannot do without */
} cpuid_rules[] = {
	{1, ECX, 26, CR4_XSAVE, 0, "XSAVE"}, /* first: what has it has all leaves below */
	{1, EDX, 7, CR4_MCE, 0, NULL},
	{1, EDX, 9, 0, 0, "a local APIC"},
	{1, EDX, 13, CR4_PGE, 0, NULL},
	{1, EDX, 16, 0, 0, "PAT"},
	{7, EBX, 7, CR4_SMEP, ARCH_FEATURE_SMEP, NULL},
	{7, EBX, 20, CR4_SMAP, ARCH_FEATURE_SMAP, NULL},
	{7, ECX, 2, CR4_UMIP, ARCH_FEATURE_UMIP, NULL},
	{0x80000001u, EDX, 11, 0, 0, "SYSCALL"},
	{0x80000001u, EDX, 20, 0, 0, "NX (execute disable)"},
	{0x80000001u, EDX, 26, 0, ARCH_FEATURE_PAGES_1G, NULL},
	{0x80000007u, EDX, 8, 0, ARCH_FEATURE_INVARIANT_TSC, NULL},
};

/* Entries 0 to 3 are what MEMORY_* of label.h says (write-back, -through, uncached, write-combining), twice. */
#define PAT_VALUE UINT64_C(0x0100040601000406)

/*
 * Cleared at SYSCALL: all that could act in the kernel, and the arithmetic flags. CPUs set bit 1
 * themselves.
 */
#define SYSCALL_FLAGS_CLEARED UINT64_C(0x257fd5)

void syscall_entry(void);

static int cpuid_has(unsigned int rule) {
	struct cpuid answer = cpuid_read(cpuid_rules[rule].leaf, 0);
	const uint32_t outputs[] = {[EBX] = answer.ebx, [ECX] = answer.ecx, [EDX] = answer.edx};

	return outputs[cpuid_rules[rule].output] >> cpuid_rules[rule].bit & 1;
}

/* Returns the CR4 to use; notes features on the way. */
static uint64_t cpuid_evaluate(void) {
	uint64_t cr4 = CR4_PAE | CR4_FXSR | CR4_SIMD_ERRORS;

	for (unsigned int rule = 0; rule < sizeof(cpuid_rules) / sizeof(cpuid_rules[0]); rule++) {
		if (cpuid_has(rule)) {
			cr4 |= cpuid_rules[rule].cr4;
			processor_features |= cpuid_rules[rule].feature;
		} else if (cpuid_rules[rule].needed) {
			panic("this CPU lacks %s, or the firmware's setup has switched it off",
			      cpuid_rules[rule].needed);
		}
	}
	return cr4;
}

void processor_initialize(void) {
	cr4_write(cpuid_evaluate());
	cr0_write(CR0_KERNEL);

	msr_write(MSR_PAT, PAT_VALUE);
	msr_write(MSR_EFER, EFER_SYSCALL | EFER_LONG_MODE | EFER_NO_EXECUTE);
	msr_write(MSR_STAR, (uint64_t)SELECTOR_SYSRET_BASE << 48 | (uint64_t)SELECTOR_KERNEL_CODE << 32);
	msr_write(MSR_LSTAR, (uint64_t)(uintptr_t)syscall_entry);
	msr_write(MSR_CSTAR, 0); /* no compatibility mode: users have no 32-bit code segment */
	msr_write(MSR_SYSCALL_FLAGS, SYSCALL_FLAGS_CLEARED);
	msr_write(MSR_SYSENTER_CS, 0); /* SYSENTER faults, whatever firmware left */
	msr_write(MSR_FS_BASE, 0);
	msr_write(MSR_GS_BASE, 0);
	processor_features |= fpu_initialize();
}
