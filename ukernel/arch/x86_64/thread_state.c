/* SPDX-License-Identifier: MIT */
/*
 * A thread's registers as the core and users see them.
 *
 * How entry.S saves and loads them is not known here beyond struct registers. A thread that is
 * inside `ipc` has given up rbx, rbp, rcx and r11: they are read as zero.
 */
#include <nacre/abi/fault.h>

#include "context.h"

#define RFLAGS_ALWAYS UINT64_C(0x202)    /* bit 1, interrupts on */
#define RFLAGS_USERS  UINT64_C(0x254dd5) /* CF PF AF ZF SF TF DF OF NT RF AC ID */

#define SYSCALL_INSTRUCTION_SIZE 2u

static error_t user_address_check(uint64_t address) { return address < USER_ADDRESS_END ? ERROR_OK : ERROR_RANGE; }

void arch_thread_initialize(struct thread *thread) {
	thread->registers.how = REGISTERS_FULL;
	thread->registers.rflags = RFLAGS_ALWAYS;
	fpu_thread_initialize(&thread->arch);
}

error_t arch_thread_start(struct thread *thread, uint64_t ip, uint64_t sp, const uint64_t arguments[6]) {
	TRY(user_address_check(ip));
	TRY(user_address_check(sp));
	thread->registers = (struct registers){
		.target = arguments[0],
		.tag = arguments[1],
		.words = {arguments[2], arguments[4], arguments[5]},
		.rcx = arguments[3],
		.rip = ip,
		.rsp = sp,
		.rflags = RFLAGS_ALWAYS,
		.how = REGISTERS_FULL,
	};
	return ERROR_OK;
}

/* Where struct registers keeps what struct abi_registers lists, up to the segment bases. */
#define PLACE(field) (offsetof(struct registers, field) / sizeof(uint64_t))
static const uint8_t places[] = {
	PLACE(operation), PLACE(rbx),      PLACE(rcx),      PLACE(words[0]), PLACE(tag),      PLACE(target),
	PLACE(rbp),       PLACE(rsp),      PLACE(words[1]), PLACE(words[2]), PLACE(words[3]), PLACE(r11),
	PLACE(words[4]),  PLACE(words[5]), PLACE(words[6]), PLACE(words[7]), PLACE(rip),      PLACE(rflags),
};

_Static_assert(sizeof(places) * sizeof(uint64_t) == offsetof(struct abi_registers, fs_base), "all");

void arch_thread_get_registers(const struct thread *thread, struct abi_registers *registers) {
	const uint64_t *saved = (const uint64_t *)&thread->registers;
	uint64_t *told = (uint64_t *)registers;

	for (unsigned int index = 0; index < sizeof(places); index++) told[index] = saved[places[index]];
	registers->fs_base = thread->arch.fs_base;
	registers->gs_base = thread->arch.gs_base;
	if (thread->registers.how == REGISTERS_SYSCALL)
		registers->rbx = registers->rbp = registers->rcx = registers->r11 = 0;
}

/* Any rsp is the user's own affair: the kernel loads it and never uses it. */
error_t arch_thread_set_registers(struct thread *thread, const struct abi_registers *registers) {
	uint64_t *saved = (uint64_t *)&thread->registers;
	const uint64_t *told = (const uint64_t *)registers;

	TRY(user_address_check(registers->rip));
	TRY(arch_thread_set_bases(thread, registers->fs_base, registers->gs_base));
	for (unsigned int index = 0; index < sizeof(places); index++) saved[places[index]] = told[index];
	thread->registers.rflags = (registers->rflags & RFLAGS_USERS) | RFLAGS_ALWAYS;
	thread->registers.how = REGISTERS_FULL;
	return ERROR_OK;
}

error_t arch_thread_set_bases(struct thread *thread, uint64_t fs_base, uint64_t gs_base) {
	TRY(user_address_check(fs_base));
	TRY(user_address_check(gs_base));
	thread->arch.fs_base = fs_base;
	thread->arch.gs_base = gs_base;
	if (thread == arch_cpu()->loaded) context_load_bases(&thread->arch);
	return ERROR_OK;
}

void arch_thread_restart_ipc(struct thread *thread) { thread->registers.rip -= SYSCALL_INSTRUCTION_SIZE; }

uint64_t arch_thread_instruction(const struct thread *thread) { return thread->registers.rip; }
