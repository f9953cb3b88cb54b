/* SPDX-License-Identifier: MIT */
/*
 * The port contract: all that the core asks of a machine, and all that a machine's code calls in the core.
 *
 * An architecture provides arch_types.h (structs and the inline functions listed there) and defines
 * every arch_* function below. Nothing else of an architecture is visible to the core.
 * Unless said otherwise everything is called with interrupts off, on the CPU's one kernel stack.
 */
#ifndef NACRE_CORE_ARCH_H
#define NACRE_CORE_ARCH_H

#include "types.h"

/*
 * arch_types.h defines:
 *   struct registers        what entry saves and exit loads: at least
 *                             uint64_t words[8]   message words 0..7
 *                             uint64_t operation  also the result
 *                             uint64_t target     also the badge
 *                             uint64_t tag
 *   struct arch_thread      what else the machine keeps per thread (FPU area, segment bases)
 *   struct arch_space       what it keeps per space
 *   void *arch_direct(struct physical_address)            the kernel's view of physical memory
 *   struct physical_address arch_physical(const void *)   the inverse
 *   page_entry_t and the page_entry_* functions           (page_entry.h)
 *   struct cpu *arch_cpu(void)                             this CPU's area
 *   ARCH_LINE_COUNT, ARCH_LINE_WIRED_COUNT, ARCH_CPU_COUNT (CPUs that run)
 *   USER_ADDRESS_END                                       first address users cannot map (page-aligned)
 */
#include "arch_types.h"

struct thread;
struct space;
struct abi_registers;

/* --- Spaces ------------------------------------------------------------------------------------ */

/* Fills the kernel's part of a zeroed top-level table and @space->arch. */
void arch_space_initialize(struct space *space, struct physical_address top_table);

/* Drops translations of one page (4 KiB or 2 MiB) of @space from every CPU before it returns. */
void arch_flush_page(struct space *space, struct user_address address);

/* Drops all translations of @space from every CPU before it returns. */
void arch_flush_space(struct space *space);

/* Stops using @space's tables on this CPU, should it; called before they are freed. */
void arch_space_leave(struct space *space);

/* --- Threads ----------------------------------------------------------------------------------- */

/* Makes the machine state of a zeroed thread: registers zero, interrupts on, clean FPU. */
void arch_thread_initialize(struct thread *thread);

/* First registers: instruction and stack pointer, then six arguments. ERROR_RANGE if an address is not user's. */
error_t arch_thread_start(struct thread *thread, uint64_t ip, uint64_t sp,
                          const uint64_t arguments[6]) NACRE_MUST_CHECK;

/* Registers out and in; in: ERROR_RANGE unless addresses are the user's; flags are forced to what users may have. */
void arch_thread_get_registers(const struct thread *thread, struct abi_registers *registers);
error_t arch_thread_set_registers(struct thread *thread, const struct abi_registers *registers) NACRE_MUST_CHECK;
error_t arch_thread_set_bases(struct thread *thread, uint64_t fs_base, uint64_t gs_base) NACRE_MUST_CHECK;

/* Makes a thread that is inside `ipc` execute it again when it next runs (its saved registers are the arguments). */
void arch_thread_restart_ipc(struct thread *thread);

/* Where the thread executes next, for fault messages. */
uint64_t arch_thread_instruction(const struct thread *thread);

enum thread_leave {
	LEAVE_VOLUNTARY, /* inside `ipc`: vector registers are dead, control words are kept */
	LEAVE_PREEMPTED, /* anywhere else: all registers are kept */
};

/*
 * Makes @to the thread whose registers this CPU loads on exit: page tables, bases, FPU. @from (may be NULL, or
 * dead and then not touched) is left as @how says. @to NULL: nobody; nothing of @from may stay readable.
 */
void arch_thread_switch(struct thread *from, enum thread_leave how, struct thread *to);

/* --- Time -------------------------------------------------------------------------------------- */

#define TIME_NEVER UINT64_MAX

/* Nanoseconds since boot; monotonic over all CPUs. */
uint64_t arch_time_now(void);
/*
 * kernel_timer() is called at or soon after @time (ns since boot) on this CPU; replaces the time set before. It may
 * also be called too early.
 */
void arch_timer_set(uint64_t time);

/* Facts for SPACE_INFO: time = (tsc - tsc_zero) * multiplier >> 32. */
struct arch_clock_facts {
	uint64_t ticks_per_second;
	uint64_t tsc_zero;
	uint64_t multiplier; /* ns per tick, 32.32 fixed point */
};
struct arch_clock_facts arch_clock_facts(void);
uint64_t arch_cpu_features(void); /* ARCH_FEATURE_* bits in use, for SPACE_INFO */

/* --- Interrupts -------------------------------------------------------------------------------- */

/*
 * Lines 0 to ARCH_LINE_COUNT - 1, of which the first ARCH_LINE_WIRED_COUNT are for wires: global inputs of the
 * controllers that arch_line_controller_add() makes known. The others are message-signalled.
 */

/*
 * Makes the inputs of the interrupt controller at @address lines from @first on, masked, edge, active high; *@count of
 * them. The page is none of RAM. ERROR_NOT_FOUND if nothing answers there, ERROR_RANGE if the kernel has not as many
 * lines or pages, ERROR_EXISTS if one of them is in use.
 */
error_t arch_line_controller_add(struct physical_address address, unsigned int first,
                                 unsigned int *count) NACRE_MUST_CHECK;

/* Trigger and polarity (INTERRUPT_* of label.h); leaves the line masked. */
void arch_line_configure(unsigned int line, uint64_t flags);
void arch_line_mask(unsigned int line);
void arch_line_unmask(unsigned int line);
/* Address and data that make a device raise message-signalled @line on this CPU. */
void arch_line_message(unsigned int line, uint64_t *address, uint64_t *data);

/*
 * True if an interrupt waits that the kernel would take were interrupts on: the preemption point asks this. It is told
 * to the core before the CPU waits, even if it comes for nothing: what gave way to it goes on there.
 */
int arch_interrupt_is_pending(void);

/* --- Ports, console, stop ---------------------------------------------------------------------- */

uint32_t arch_port_read(uint16_t port, unsigned int width);
void arch_port_write(uint16_t port, unsigned int width, uint32_t value);

/* Writes one character to the machine's console: boot lines and panics only. */
void arch_console_put(char character);

/* Stops the machine after a kernel bug; tells an emulator so (exit value 70) where it can be told. */
_Noreturn void arch_stop(void);

/* --- Boot -------------------------------------------------------------------------------------- */

struct boot_info;

/*
 * Makes the first space and thread from module 0 (root, a struct boot_program), and makes it current. The caller then
 * leaves to user mode as on any exit. Panics with a clear line if that cannot be done. @info lies in whole pages of
 * the kernel's RAM in the direct map, with the map (boot_memory.h) finished but for what is taken here: all RAM in it
 * is in the direct map; what the kernel keeps, and pages of devices of its own, users get nothing of.
 */
void kernel_start(struct boot_info *info);

/* --- What the machine's code calls in the core --------------------------------------------------- */

/*
 * On entry from user mode the machine's code has saved arch_cpu()->current's registers in
 * current->registers. When one of these returns, it loads the registers of arch_cpu()->current, which may
 * be another thread by then, or waits for an interrupt if that is NULL.
 */
void kernel_ipc(void);
void kernel_page_fault(struct user_address address, unsigned int access); /* PAGE_* wanted */
void kernel_exception(uint64_t vector, uint64_t code, uint64_t address);  /* FAULT_VECTOR_* or any vector below 32 */
void kernel_foreign_call(uint64_t number); /* a foreign thread's syscall (FAULT_SYSCALL) or int vector */
void kernel_interrupt(unsigned int line);  /* also from the idle loop; the machine's code has acknowledged it */
void kernel_timer(void);                   /* also from the idle loop */

#endif
