/* SPDX-License-Identifier: MIT */
/*
 * Sizes and offsets that assembler needs. Compiled to assembly only; its marked lines become
 * offsets.h.
 */
#include "cpu.h"

#include <nacre/abi/fault.h>

#include "cpu_area.h"

#define MARK(name, value)     __asm__ volatile("\n->" #name " %0" : : "i"(value))
#define REGISTER(name, field) MARK(name, offsetof(struct thread, registers.field))

void offsets(void);

void offsets(void) {
	MARK(CPU_CURRENT, offsetof(struct cpu, current));
	MARK(AREA_USER_STACK, offsetof(struct cpu_area, user_stack));
	MARK(AREA_ANY_RECORDED, offsetof(struct cpu_area, any_recorded));
	MARK(AREA_STACK_TOP, offsetof(struct cpu_area, stack) + KERNEL_STACK_SIZE);

	MARK(OFFSET_FLAGS, offsetof(struct thread, flags));
	MARK(OFFSET_REGISTERS, offsetof(struct thread, registers));
	REGISTER(OFFSET_OPERATION, operation);
	REGISTER(OFFSET_RCX, rcx);
	REGISTER(OFFSET_R11, r11);
	REGISTER(OFFSET_RIP, rip);
	REGISTER(OFFSET_RFLAGS, rflags);
	REGISTER(OFFSET_RSP, rsp);
	REGISTER(OFFSET_HOW, how);

	MARK(VALUE_FOREIGN, THREAD_FOREIGN);
	MARK(VALUE_FAULT_SYSCALL, FAULT_SYSCALL);
	MARK(VALUE_HOW_SYSCALL, REGISTERS_SYSCALL);
	MARK(VALUE_HOW_FULL, REGISTERS_FULL);
	MARK(VALUE_USER_END, USER_ADDRESS_END);
}
