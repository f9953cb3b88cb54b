/* SPDX-License-Identifier: MIT */
/*
 * A thread's registers as the core and users see them.
 *
 * How entry.S saves and loads them is not known here beyond struct registers. A thread that is
 * inside `ipc` has given up rbx, rbp, rcx and r11: they are read as zero.
 */
#include <nacre/abi/fault.h>

#include "context.h"
#include "cpu.h"
#include "fpu.h"

#define RFLAGS_ALWAYS UINT64_C(0x202)    /* bit 1, interrupts on */
#define RFLAGS_USERS  UINT64_C(0x254dd5) /* CF PF AF ZF SF TF DF OF NT RF AC ID */

#define SYSCALL_INSTRUCTION_SIZE 2u

static error_t user_address_check(uint64_t address)
{
	return address < USER_ADDRESS_END ? ERROR_OK : ERROR_RANGE;
}

void arch_thread_initialize(struct thread *thread)
{
	thread->registers.how = REGISTERS_FULL;
	thread->registers.rflags = RFLAGS_ALWAYS;
	fpu_thread_initialize(&thread->arch);
}

error_t arch_thread_start(struct thread *thread, uint64_t ip, uint64_t sp,
                          const uint64_t arguments[6])
{
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

void arch_thread_get_registers(const struct thread *thread, struct abi_registers *registers)
{
	const struct registers *saved = &thread->registers;

	*registers = (struct abi_registers){
		.rax = saved->operation,
		.rdi = saved->target,
		.rsi = saved->tag,
		.rdx = saved->words[0],
		.r8 = saved->words[1],
		.r9 = saved->words[2],
		.r10 = saved->words[3],
		.r12 = saved->words[4],
		.r13 = saved->words[5],
		.r14 = saved->words[6],
		.r15 = saved->words[7],
		.rsp = saved->rsp,
		.rip = saved->rip,
		.rflags = saved->rflags,
		.fs_base = thread->arch.fs_base,
		.gs_base = thread->arch.gs_base,
	};
	if (saved->how == REGISTERS_FULL) {
		registers->rbx = saved->rbx;
		registers->rbp = saved->rbp;
		registers->rcx = saved->rcx;
		registers->r11 = saved->r11;
	}
}

/* Any rsp is the user's own affair: the kernel loads it and never uses it. */
error_t arch_thread_set_registers(struct thread *thread, const struct abi_registers *registers)
{
	TRY(user_address_check(registers->rip));
	TRY(arch_thread_set_bases(thread, registers->fs_base, registers->gs_base));
	thread->registers = (struct registers){
		.words = {registers->rdx, registers->r8, registers->r9, registers->r10,
	                  registers->r12, registers->r13, registers->r14, registers->r15},
		.operation = registers->rax,
		.target = registers->rdi,
		.tag = registers->rsi,
		.rbx = registers->rbx,
		.rbp = registers->rbp,
		.rcx = registers->rcx,
		.r11 = registers->r11,
		.rip = registers->rip,
		.rsp = registers->rsp,
		.rflags = (registers->rflags & RFLAGS_USERS) | RFLAGS_ALWAYS,
		.how = REGISTERS_FULL,
	};
	return ERROR_OK;
}

error_t arch_thread_set_bases(struct thread *thread, uint64_t fs_base, uint64_t gs_base)
{
	TRY(user_address_check(fs_base));
	TRY(user_address_check(gs_base));
	thread->arch.fs_base = fs_base;
	thread->arch.gs_base = gs_base;
	if (thread == arch_cpu()->loaded)
		context_load_bases(&thread->arch);
	return ERROR_OK;
}

void arch_thread_restart_ipc(struct thread *thread)
{
	thread->registers.rip -= SYSCALL_INSTRUCTION_SIZE;
}

uint64_t arch_thread_instruction(const struct thread *thread)
{
	return thread->registers.rip;
}
