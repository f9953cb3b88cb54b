/* SPDX-License-Identifier: MIT */
/*
 * Switching between threads and spaces: page tables, segment registers, FPU.
 *
 * Owns CR3, the segment bases and the record of what is loaded (struct cpu_area). General registers
 * are entry.S's.
 */
#include "context.h"

#include "cpu_area.h"
#include "instructions.h"
#include "page_tables.h"
#include "space.h"

/*
 * FS is every program's thread pointer, so it is written each time. A user can set GS's base to 0 behind the kernel's
 * back by loading a selector: only one that was 0 and is to be 0 needs no write.
 */
void context_load_bases(const struct arch_thread *thread) {
	struct cpu_area *area = cpu_area();

	msr_write(MSR_FS_BASE, thread->fs_base);
	if (unlikely(thread->gs_base | area->gs_base)) {
		msr_write(MSR_GS_BASE, thread->gs_base);
		area->gs_base = thread->gs_base;
	}
}

/*
 * Users can load the user data selector, or a null one with bits of their own, and the next space
 * could read it. Bases must be loaded afterwards.
 */
static void selectors_clear(void) {
	uint32_t ds, es, fs, gs;

	__asm__ volatile("movl %%ds, %0\n\tmovl %%es, %1\n\tmovl %%fs, %2\n\tmovl %%gs, %3"
	                 : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
	if (likely((ds | es | fs | gs) == 0)) return;
	__asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es\n\tmovl %0, %%fs\n\tmovl %0, %%gs" : : "r"(0));
}

void context_load_tables(uint64_t cr3) {
	cpu_area()->cr3 = cr3;
	cr3_write(cr3);
}

static inline void context_load(const struct thread *to) {
	if (likely(to->space->arch.cr3 != cpu_area()->cr3)) {
		context_load_tables(to->space->arch.cr3);
		selectors_clear();
	}
	context_load_bases(&to->arch);
}

/* The same with vector registers, or to nobody; apart, so that the usual way needs no stack. */
static __attribute__((noinline)) void switch_with_fpu(struct thread *from, enum thread_leave how, struct thread *to) {
	if (from && from->dead) from = NULL;
	/* Stopped on the way out of `ipc`: whatever stops it, its vector registers are dead. */
	if (from && from->registers.how == REGISTERS_SYSCALL) how = LEAVE_VOLUNTARY;
	if (fpu_is_concerned(to)) fpu_switch(from, how, to);
	if (to)
		context_load(to);
	else
		context_load_tables(page_tables_kernel_cr3());
}

void arch_thread_switch(struct thread *from, enum thread_leave how, struct thread *to) {
	if (unlikely(!to || fpu_is_concerned(to)))
		switch_with_fpu(from, how, to);
	else
		context_load(to);
}

void arch_space_leave(struct space *space) {
	if (cpu_area()->cr3 == space->arch.cr3) context_load_tables(page_tables_kernel_cr3());
}

void arch_flush_page(struct space *space, struct user_address address) {
	if (cpu_area()->cr3 == space->arch.cr3) page_invalidate(address.value);
}

void arch_flush_space(struct space *space) {
	if (cpu_area()->cr3 == space->arch.cr3) cr3_write(space->arch.cr3);
}
