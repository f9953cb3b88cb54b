/* SPDX-License-Identifier: MIT */
/*
 * The system call from C, and where the calling thread's buffers are.
 *
 * Owns all that is x86-64 in the headers. Register use is nacre/abi/ipc.h's. Unit tests put a file
 * of the same name and functions in front of this one.
 */
#ifndef NACRE_SYSTEM_CALL_H
#define NACRE_SYSTEM_CALL_H

#include <stdint.h>

#include <nacre/abi/ipc.h>
#include <nacre/thread_block.h>

/* The calling thread's block. Constant for a thread, so the compiler may keep it. */
static inline struct thread_block *thread_block_get(void) {
	struct thread_block *block;

	__asm__("movq %%fs:0, %0" : "=r"(block));
	return block;
}

static inline struct utcb *utcb_get(void) {
	struct utcb *utcb;

	__asm__("movq %%fs:8, %0" : "=r"(utcb));
	return utcb;
}

/* Vector registers are dead after an ipc. Code that is compiled without them (servers) cannot name them. */
#ifdef __SSE__
#define SYSTEM_CALL_VECTORS                                                                                            \
	, "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", \
		"xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#else
#define SYSTEM_CALL_VECTORS
#endif

/*
 * Does one `ipc`. @target, @tag and @words are read and overwritten: badge, received tag, words
 * 0..7. Returns the result word.
 *
 * rbp is kept in the thread block, because the compiler may need it as frame pointer and does not
 * allow it among the clobbered registers then; pushing it would write over the red zone.
 */
static inline __attribute__((always_inline)) uint64_t ipc_system_call(uint64_t operation, uint64_t *target,
                                                                      uint64_t *tag,
                                                                      uint64_t words[IPC_WORDS_IN_REGISTERS]) {
	uint64_t word0 = words[0];
	register uint64_t word1 __asm__("r8");
	register uint64_t word2 __asm__("r9");
	register uint64_t word3 __asm__("r10");
	register uint64_t word4 __asm__("r12");
	register uint64_t word5 __asm__("r13");
	register uint64_t word6 __asm__("r14");
	register uint64_t word7 __asm__("r15");

	word1 = words[1];
	word2 = words[2];
	word3 = words[3];
	word4 = words[4];
	word5 = words[5];
	word6 = words[6];
	word7 = words[7];
	__asm__ volatile("movq %%rbp, %%fs:16\n\t"
	                 "syscall\n\t"
	                 "movq %%fs:16, %%rbp"
	                 : "+a"(operation), "+D"(*target), "+S"(*tag), "+d"(word0), "+r"(word1), "+r"(word2),
	                   "+r"(word3), "+r"(word4), "+r"(word5), "+r"(word6), "+r"(word7)
	                 :
	                 : "rbx", "rcx", "r11", "cc", "memory" SYSTEM_CALL_VECTORS);
	words[0] = word0;
	words[1] = word1;
	words[2] = word2;
	words[3] = word3;
	words[4] = word4;
	words[5] = word5;
	words[6] = word6;
	words[7] = word7;
	return operation;
}

/* The CPU's time stamp counter. */
static inline uint64_t cpu_tsc(void) {
	uint32_t low;
	uint32_t high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#endif
