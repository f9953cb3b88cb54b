/* SPDX-License-Identifier: MIT */
/*
 * Vector registers: when they are saved, loaded and wiped.
 *
 * Owns CR0.TS and struct cpu's fpu_live. While fpu_live is 0 the FPU is switched off (TS) and holds
 * initial values: what one space leaves behind is overwritten before another runs, not when it
 * first looks (that would be LazyFP). Threads that leave the FPU alone pay two tests a switch. One
 * that uses it takes #NM, and then gets its registers without being asked at the next
 * FPU_RECENT_SWITCHES switches. (SDM vol. 1, ch. 13; vol. 3A, 2.5)
 */
#include <nacre/abi/feature.h>

#include "context.h"
#include "instructions.h"
#include "numbers.h"
#include "panic.h"

#define FPU_RECENT_SWITCHES 16u

#define CONTROL_INITIAL 0x037fu
#define MXCSR_INITIAL   0x1f80u

#define STATE_X87    0x01u
#define STATE_SSE    0x02u
#define STATE_AVX    0x04u
#define STATE_AVX512 0xe0u

/* Places in an XSAVE area, in 32-bit words. Components that its header does not name are loaded with initial values. */
#define PLACE_CONTROL 0u
#define PLACE_MXCSR   6u
#define PLACE_HEADER  128u
#define INITIAL_SIZE  576u /* the area without AVX and what follows */

static uint32_t components_enabled; /* the upper half of XCR0 has nothing that is used here */
static _Alignas(64) uint32_t initial_state[INITIAL_SIZE / sizeof(uint32_t)];

static void fpu_save(void *area) {
	__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(components_enabled), "d"(0) : "memory");
}

/*
 * FNINIT first: some AMD CPUs do not load the x87 instruction and data pointers, so the old ones
 * would stay.
 */
static void fpu_restore(const void *area) {
	__asm__ volatile("fninit\n\txrstor64 (%0)" : : "r"(area), "a"(components_enabled), "d"(0) : "memory");
}

static void fpu_restore_initial(uint16_t control, uint32_t mxcsr) {
	initial_state[PLACE_CONTROL] = control;
	initial_state[PLACE_MXCSR] = mxcsr;
	fpu_restore(initial_state);
}

static void fpu_switch_on(void) {
	__asm__ volatile("clts" : : : "memory");
	arch_cpu()->fpu_live = 1;
}

static void fpu_switch_off(void) {
	fpu_restore_initial(CONTROL_INITIAL, MXCSR_INITIAL);
	cr0_write(CR0_KERNEL | CR0_TASK_SWITCHED);
	arch_cpu()->fpu_live = 0;
}

static void thread_fpu_load(struct arch_thread *thread) {
	if (thread->fpu_saved)
		fpu_restore(thread->fpu_area);
	else
		fpu_restore_initial(thread->fpu_control, thread->mxcsr);
	thread->fpu_saved = 0;
}

static void thread_fpu_keep(struct arch_thread *thread, enum thread_leave how) {
	if (how == LEAVE_PREEMPTED) {
		fpu_save(thread->fpu_area);
		thread->fpu_saved = 1;
		return;
	}
	__asm__ volatile("stmxcsr %0" : "=m"(thread->mxcsr));
	__asm__ volatile("fnstcw %0" : "=m"(thread->fpu_control));
}

void fpu_switch(struct thread *from, enum thread_leave how, struct thread *to) {
	if (arch_cpu()->fpu_live && from) thread_fpu_keep(&from->arch, how);
	if (to && to->arch.fpu_recent != 0) {
		fpu_switch_on();
		to->arch.fpu_recent--;
		thread_fpu_load(&to->arch);
	} else {
		fpu_switch_off();
	}
}

void fpu_load_current(void) {
	struct arch_thread *thread = &arch_cpu()->current->arch;

	fpu_switch_on();
	thread->fpu_recent = FPU_RECENT_SWITCHES;
	thread_fpu_load(thread);
}

/* All that the CPU has of these; AVX-512 is three components, of use together only. */
BOOT_CODE uint64_t fpu_initialize(void) {
	components_enabled = cpuid_read(0xd, 0).eax & (STATE_X87 | STATE_SSE | STATE_AVX | STATE_AVX512);
	if ((components_enabled & STATE_AVX512) != STATE_AVX512) components_enabled &= ~STATE_AVX512;
	__asm__ volatile("xsetbv" : : "c"(0), "a"(components_enabled), "d"(0));
	if (cpuid_read(0xd, 0).ebx > FPU_AREA_SIZE) panic("the vector registers of this CPU do not fit into a thread");
	initial_state[PLACE_HEADER] = STATE_X87;
	__asm__ volatile("clts");
	fpu_switch_off();
	return (components_enabled & STATE_AVX ? ARCH_FEATURE_AVX : 0) |
	       (components_enabled & STATE_AVX512 ? ARCH_FEATURE_AVX512 : 0);
}

void fpu_thread_initialize(struct arch_thread *thread) {
	thread->mxcsr = MXCSR_INITIAL;
	thread->fpu_control = CONTROL_INITIAL;
}
