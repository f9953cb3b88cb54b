/* SPDX-License-Identifier: MIT */
/*
 * Machine instructions that C cannot say, one inline function each; numbers of MSRs, bits of CR0.
 */
#ifndef NACRE_INSTRUCTIONS_H
#define NACRE_INSTRUCTIONS_H

#include <stdint.h>

#define MSR_APIC_BASE     0x1bu
#define MSR_SYSENTER_CS   0x174u
#define MSR_PAT           0x277u
#define MSR_EFER          0xc0000080u
#define MSR_STAR          0xc0000081u
#define MSR_LSTAR         0xc0000082u
#define MSR_CSTAR         0xc0000083u
#define MSR_SYSCALL_FLAGS 0xc0000084u
#define MSR_FS_BASE       0xc0000100u
#define MSR_GS_BASE       0xc0000101u

/* Paging, write protection, FPU errors as #MF, #NM also for WAIT; caches on, alignment unchecked. (SDM vol. 3A, 2.5) */
#define CR0_KERNEL        UINT64_C(0x80010033)
#define CR0_TASK_SWITCHED UINT64_C(0x8)

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid_read(uint32_t leaf, uint32_t subleaf) {
	struct cpuid result;
	__asm__ volatile("cpuid"
	                 : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
	                 : "a"(leaf), "c"(subleaf));
	return result;
}

static inline uint64_t msr_read(uint32_t number) {
	uint32_t low, high;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
	return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t number, uint64_t value) {
	__asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

static inline uint64_t tsc_read(void) {
	uint32_t low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#define CONTROL_REGISTER(name)                                                       \
	static inline uint64_t name##_read(void) {                                   \
		uint64_t value;                                                      \
		__asm__ volatile("movq %%" #name ", %0" : "=r"(value) : : "memory"); \
		return value;                                                        \
	}                                                                            \
	static inline void name##_write(uint64_t value) {                            \
		__asm__ volatile("movq %0, %%" #name : : "r"(value) : "memory");     \
	}

CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)
CONTROL_REGISTER(dr6)
CONTROL_REGISTER(dr7)
#undef CONTROL_REGISTER

static inline void page_invalidate(uint64_t address) { __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory"); }

#define PORT_ACCESS(type, letter, name)                                              \
	static inline type port_read_##name(uint16_t port) {                         \
		type value;                                                          \
		__asm__ volatile("in" letter " %1, %0" : "=a"(value) : "Nd"(port));  \
		return value;                                                        \
	}                                                                            \
	static inline void port_write_##name(uint16_t port, type value) {            \
		__asm__ volatile("out" letter " %0, %1" : : "a"(value), "Nd"(port)); \
	}

PORT_ACCESS(uint8_t, "b", byte)
PORT_ACCESS(uint16_t, "w", word)
PORT_ACCESS(uint32_t, "l", long)
#undef PORT_ACCESS

#endif
