/* SPDX-License-Identifier: MIT */
/*
 * The fake machine: memory, clock, lines, ports, registers. Read fake_arch.h first. The translation cache is
 * translations.c.
 */
#include "fake_arch.h"

#include <nacre/abi/fault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cpu.h"
#include "space.h"
#include "translations.h"

/* Addresses up to here are reserved, so that touching device memory by mistake faults. */
#define FAKE_PHYSICAL_END (UINT64_C(8) << 30)

#define FAKE_GARBAGE 0xa5

#define FAKE_IPC_SIZE 2u

char *fake_memory;
uint64_t fake_memory_size;
uint64_t fake_time;
uint64_t fake_timer_time;
uint64_t fake_preemption_checks;
struct fake_line fake_lines[ARCH_LINE_COUNT];
struct fake_port_access fake_port_read, fake_port_written;
struct fake_log fake_log;

static uint64_t interrupt_period;
static uint64_t interrupt_countdown;
static int interrupt_pending;

static char console_line[512];
static size_t console_length;

void fake_machine_reset(uint64_t size) {
	if (fake_memory) munmap(fake_memory, FAKE_PHYSICAL_END);
	fake_memory = mmap(NULL, FAKE_PHYSICAL_END, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (fake_memory == MAP_FAILED || mprotect(fake_memory, size, PROT_READ | PROT_WRITE) != 0) {
		perror("no memory for the fake machine");
		exit(EXIT_FAILURE);
	}
	memset(fake_memory, FAKE_GARBAGE, size);
	fake_memory_size = size;
	memset(&arch_boot_cpu, 0, sizeof(arch_boot_cpu));
	fake_time = 1000;
	fake_timer_time = TIME_NEVER;
	fake_preemption_checks = 0;
	fake_interrupt_every(0);
	memset(fake_lines, 0, sizeof(fake_lines));
	for (unsigned int line = 0; line < ARCH_LINE_COUNT; line++) fake_lines[line].masked = 1;
	memset(&fake_log, 0, sizeof(fake_log));
	fake_port_read = fake_port_written = (struct fake_port_access){0};
	translations_forget_all();
}

/* --- Spaces and threads -------------------------------------------------------------------------- */

void arch_space_initialize(struct space *space, struct physical_address top_table) {
	(void)top_table;
	space->arch.initialized = 1;
}

void arch_thread_initialize(struct thread *thread) { (void)thread; }

static error_t address_check(uint64_t address) { return address < USER_ADDRESS_END ? ERROR_OK : ERROR_RANGE; }

error_t arch_thread_start(struct thread *thread, uint64_t ip, uint64_t sp, const uint64_t arguments[6]) {
	TRY(address_check(ip));
	TRY(address_check(sp));
	thread->registers = (struct registers){
		.target = arguments[0],
		.tag = arguments[1],
		.words = {arguments[2], arguments[4], arguments[5]},
		.rcx = arguments[3],
		.ip = ip,
		.sp = sp,
	};
	return ERROR_OK;
}

void arch_thread_get_registers(const struct thread *thread, struct abi_registers *registers) {
	const struct registers *saved = &thread->registers;

	*registers = (struct abi_registers){
		.rax = saved->operation,
		.rbx = saved->rbx,
		.rcx = saved->rcx,
		.rdx = saved->words[0],
		.rsi = saved->tag,
		.rdi = saved->target,
		.rbp = saved->rbp,
		.rsp = saved->sp,
		.r8 = saved->words[1],
		.r9 = saved->words[2],
		.r10 = saved->words[3],
		.r11 = saved->r11,
		.r12 = saved->words[4],
		.r13 = saved->words[5],
		.r14 = saved->words[6],
		.r15 = saved->words[7],
		.rip = saved->ip,
		.rflags = saved->flags,
		.fs_base = thread->arch.fs_base,
		.gs_base = thread->arch.gs_base,
	};
}

error_t arch_thread_set_registers(struct thread *thread, const struct abi_registers *registers) {
	TRY(address_check(registers->rip));
	TRY(arch_thread_set_bases(thread, registers->fs_base, registers->gs_base));
	thread->registers = (struct registers){
		.words = {registers->rdx, registers->r8, registers->r9, registers->r10, registers->r12, registers->r13,
	                  registers->r14, registers->r15},
		.operation = registers->rax,
		.target = registers->rdi,
		.tag = registers->rsi,
		.rbx = registers->rbx,
		.rbp = registers->rbp,
		.rcx = registers->rcx,
		.r11 = registers->r11,
		.ip = registers->rip,
		.sp = registers->rsp,
		.flags = registers->rflags,
	};
	return ERROR_OK;
}

error_t arch_thread_set_bases(struct thread *thread, uint64_t fs_base, uint64_t gs_base) {
	TRY(address_check(fs_base));
	TRY(address_check(gs_base));
	thread->arch.fs_base = fs_base;
	thread->arch.gs_base = gs_base;
	return ERROR_OK;
}

/* Stricter than hardware can be: only a thread inside `ipc`, and only once. */
void arch_thread_restart_ipc(struct thread *thread) {
	if (!thread->registers.inside || thread->registers.restart) {
		fprintf(stderr, "a thread is made to execute ipc again that is not inside it\n");
		abort();
	}
	thread->registers.ip -= FAKE_IPC_SIZE;
	thread->registers.restart = 1;
}

uint64_t arch_thread_instruction(const struct thread *thread) { return thread->registers.ip; }

void arch_thread_switch(struct thread *from, enum thread_leave how, struct thread *to) {
	(void)from;
	(void)to;
	fake_log.switches++;
	fake_log.how = how;
}

/* --- Time and interrupts ------------------------------------------------------------------------- */

uint64_t arch_time_now(void) { return fake_time; }

void arch_timer_set(uint64_t time) { fake_timer_time = time; }

struct arch_clock_facts arch_clock_facts(void) {
	return (struct arch_clock_facts){
		.ticks_per_second = 1000000000,
		.tsc_zero = 0,
		.multiplier = UINT64_C(1) << 32,
	};
}

uint64_t arch_cpu_features(void) { return 0; }

void fake_interrupt_every(uint64_t period) {
	interrupt_period = period;
	interrupt_countdown = period;
	interrupt_pending = 0;
}

int arch_interrupt_is_pending(void) {
	fake_preemption_checks++;
	if (interrupt_period != 0 && --interrupt_countdown == 0) {
		interrupt_countdown = interrupt_period;
		interrupt_pending = 1;
	}
	return interrupt_pending;
}

int fake_interrupt_take(void) {
	int taken = interrupt_pending;

	interrupt_pending = 0;
	return taken;
}

error_t arch_line_controller_add(struct physical_address address, unsigned int first, unsigned int *count) {
	if (address.value != FAKE_CONTROLLER) return ERROR_NOT_FOUND;
	*count = ARCH_LINE_WIRED_COUNT - first;
	return ERROR_OK;
}

void arch_line_configure(unsigned int line, uint64_t flags) {
	fake_lines[line].flags = flags;
	fake_lines[line].configured++;
	fake_lines[line].masked = 1;
}

void arch_line_mask(unsigned int line) { fake_lines[line].masked = 1; }

void arch_line_unmask(unsigned int line) {
	fake_lines[line].masked = 0;
	fake_lines[line].unmasked++;
}

void arch_line_message(unsigned int line, uint64_t *address, uint64_t *data) {
	*address = UINT64_C(0xfee00000);
	*data = line;
}

void fake_line_raise(unsigned int line) {
	if (fake_lines[line].masked) return;
	if (fake_lines[line].flags & INTERRUPT_LEVEL) fake_lines[line].masked = 1;
	kernel_interrupt(line);
}

/* --- Ports, console, stop ------------------------------------------------------------------------ */

uint32_t arch_port_read(uint16_t port, unsigned int width) {
	fake_port_read.count++;
	fake_port_read.port = port;
	fake_port_read.width = width;
	return fake_port_read.value;
}

void arch_port_write(uint16_t port, unsigned int width, uint32_t value) {
	fake_port_written = (struct fake_port_access){fake_port_written.count + 1, port, width, value};
}

void arch_console_put(char character) {
	if (console_length < sizeof(console_line) - 1) console_line[console_length++] = character;
	if (character != '\n') return;
	fwrite(console_line, 1, console_length, stderr);
	console_length = 0;
}

_Noreturn void arch_stop(void) {
	fflush(stderr);
	abort();
}
