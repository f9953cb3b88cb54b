/* SPDX-License-Identifier: MIT */
/*
 * A machine that exists only in the memory of a test program: its part of the core's structures.
 *
 * Page table entries are x86-64's (page_entry.h), so that tests check what hardware would read. What tests can
 * make this machine do, and what it notes, is fake_arch.h. Read core/arch.h first.
 */
#ifndef NACRE_ARCH_TYPES_H
#define NACRE_ARCH_TYPES_H

#include "page_entry.h"
#include "types.h"

#define USER_ADDRESS_END UINT64_C(0x00007ffffffff000)

/* Physical memory: what lies beyond fake_memory_size faults when touched. */
extern char *fake_memory;

static inline void *arch_direct(struct physical_address address) { return fake_memory + address.value; }

static inline struct physical_address arch_physical(const void *pointer) {
	return (struct physical_address){(uint64_t)((const char *)pointer - fake_memory)};
}

/* As many registers as x86-64 has, so that register messages can be compared word by word. */
struct registers {
	uint64_t words[8];
	uint64_t operation;
	uint64_t target;
	uint64_t tag;
	uint64_t rbx, rbp, rcx, r11;
	uint64_t ip, sp, flags;
	uint64_t inside;  /* entered by `ipc` and not left since */
	uint64_t restart; /* executes `ipc` again when it runs next */
};

struct arch_thread {
	uint64_t fs_base, gs_base;
};

struct arch_space {
	uint64_t initialized;
};

#define ARCH_LINE_COUNT       32u
#define ARCH_LINE_WIRED_COUNT 24u
#define ARCH_CPU_COUNT        1u

struct cpu;
extern struct cpu arch_boot_cpu;

static inline struct cpu *arch_cpu(void) { return &arch_boot_cpu; }

#endif
