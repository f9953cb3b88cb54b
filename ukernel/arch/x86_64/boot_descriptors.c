/* SPDX-License-Identifier: MIT */
/*
 * Segments, interrupt gates and stacks of a CPU. (SDM vol. 3A, 3.4.5, 6.14, 8.7)
 *
 * Gates are the same for all CPUs; segments and the task state lie in each CPU's area.
 */
#include "boot.h"
#include "cpu_area.h"
#include "instructions.h"
#include "interrupts.h"
#include "numbers.h"

#define DESCRIPTOR_KERNEL_CODE UINT64_C(0x00209b0000000000)
#define DESCRIPTOR_KERNEL_DATA UINT64_C(0x0000930000000000)
#define DESCRIPTOR_USER_DATA   UINT64_C(0x0000f30000000000)
#define DESCRIPTOR_USER_CODE   UINT64_C(0x0020fb0000000000)
#define DESCRIPTOR_TASK        UINT64_C(0x0000890000000000)

#define GATE_INTERRUPT UINT64_C(0x8e00)
#define GATE_FOR_USERS UINT64_C(0x6000)

#define DR7_INITIAL UINT64_C(0x400)

#define EXCEPTION_STUB_SIZE 16u

extern char trap_exceptions[], trap_interrupts[], trap_ignore[];

struct gate {
	uint64_t low, high;
};

struct __attribute__((packed)) table_register {
	uint16_t limit;
	uint64_t base;
};

struct cpu_area boot_cpu_area;
static struct gate gates[VECTOR_COUNT];

static void task_state_fill(struct cpu_area *area) {
	struct task_state *state = &area->task_state;

	state->stack0 = (uint64_t)(uintptr_t)area->stack + KERNEL_STACK_SIZE;
	for (unsigned int index = STACK_NMI; index < STACK_COUNT; index++)
		state->exception_stacks[index - 1] =
			(uint64_t)(uintptr_t)area->exception_stacks[index - 1] + EXCEPTION_STACK_SIZE;
	state->port_bitmap = sizeof(*state);
}

static void segments_fill(struct cpu_area *area) {
	uint64_t task = (uint64_t)(uintptr_t)&area->task_state;

	area->gdt[SELECTOR_KERNEL_CODE / 8] = DESCRIPTOR_KERNEL_CODE;
	area->gdt[SELECTOR_KERNEL_DATA / 8] = DESCRIPTOR_KERNEL_DATA;
	area->gdt[SELECTOR_USER_DATA / 8] = DESCRIPTOR_USER_DATA;
	area->gdt[SELECTOR_USER_CODE / 8] = DESCRIPTOR_USER_CODE;
	area->gdt[SELECTOR_TASK / 8] =
		DESCRIPTOR_TASK | (sizeof(struct task_state) - 1) | (task & 0xffffff) << 16 | (task >> 24 & 0xff) << 56;
	area->gdt[SELECTOR_TASK / 8 + 1] = task >> 32;
}

static void gate_set(unsigned int vector, const char *handler, uint64_t stack, uint64_t flags) {
	uint64_t address = (uint64_t)(uintptr_t)handler;

	gates[vector].low = (address & 0xffff) | (uint64_t)SELECTOR_KERNEL_CODE << 16 |
	                    (GATE_INTERRUPT | flags | stack) << 32 | (address >> 16 & 0xffff) << 48;
	gates[vector].high = address >> 32;
}

static const char *interrupt_stub(unsigned int number) {
	return trap_interrupts + number / INTERRUPT_STUBS_IN_GROUP * INTERRUPT_STUB_GROUP_SIZE +
	       number % INTERRUPT_STUBS_IN_GROUP * INTERRUPT_STUB_SIZE;
}

static void gates_fill(void) {
	static const uint8_t stacks[VECTOR_EXCEPTIONS] = {
		[VECTOR_DEBUG] = STACK_DEBUG,
		[VECTOR_DOUBLE_FAULT] = STACK_DOUBLE_FAULT,
		[VECTOR_MACHINE_CHECK] = STACK_MACHINE_CHECK,
	};

	for (unsigned int vector = 0; vector < VECTOR_EXCEPTIONS; vector++)
		gate_set(vector, trap_exceptions + vector * EXCEPTION_STUB_SIZE, stacks[vector],
		         vector == VECTOR_BREAKPOINT ? GATE_FOR_USERS : 0);
	gate_set(VECTOR_NMI, trap_ignore, STACK_NMI, 0);
	for (unsigned int vector = VECTOR_LINE_FIRST; vector <= VECTOR_TIMER; vector++)
		gate_set(vector, interrupt_stub(vector - VECTOR_LINE_FIRST), STACK_DEFAULT, 0);
	gate_set(VECTOR_SPURIOUS, trap_ignore, STACK_DEFAULT, 0);
}

static void gates_load(unsigned int count) {
	struct table_register idt = {(uint16_t)(count * sizeof(struct gate) - 1), (uint64_t)(uintptr_t)gates};

	__asm__ volatile("lidt %0" : : "m"(idt));
}

/*
 * Finds out how #GP names a gate: by the vector << 3, says the manual (SDM vol. 3A, 6.13); QEMU up
 * to 7.2 at least shifts by 4. So a vector beyond the IDT is tried.
 */
static void gate_code_probe(void) {
	gates_load(VECTOR_LINE_FIRST);
	gate_code_shift = gate_probe() >> 3 == VECTOR_LINE_FIRST ? 3 : 4;
	gates_load(VECTOR_COUNT);
}

void descriptors_initialize(void) {
	struct cpu_area *area = cpu_area();

	task_state_fill(area);
	segments_fill(area);
	gates_fill();

	struct table_register gdt = {sizeof(area->gdt) - 1, (uint64_t)(uintptr_t)area->gdt};
	__asm__ volatile("lgdt %0" : : "m"(gdt));
	__asm__ volatile("lldt %w0" : : "r"(0));
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TASK));
	/* No breakpoints, whatever firmware left. */
	dr7_write(DR7_INITIAL);
	gate_code_probe();
}
