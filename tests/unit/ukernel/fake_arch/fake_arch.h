/* SPDX-License-Identifier: MIT */
/*
 * The fake machine, as tests drive and question it.
 *
 * Owns its memory, clock, interrupt lines, ports and translation cache. Knows nothing of what the core does with
 * them, and nothing of the threads that tests act as (world/).
 */
#ifndef NACRE_TEST_FAKE_ARCH_H
#define NACRE_TEST_FAKE_ARCH_H

#include "arch.h"

/* --- Memory -------------------------------------------------------------------------------------- */

extern uint64_t fake_memory_size;

/* A new machine with @size bytes of memory, filled with a pattern, and everything else as after a reset. */
void fake_machine_reset(uint64_t size);

/* --- Time ---------------------------------------------------------------------------------------- */

extern uint64_t fake_time;       /* ns since boot; tests advance it */
extern uint64_t fake_timer_time; /* what arch_timer_set() said last */

/* --- The preemption point ------------------------------------------------------------------------ */

/* An interrupt waits at every @period-th preemption check, once each time; 0: never. */
void fake_interrupt_every(uint64_t period);

/* True once after an interrupt was found pending: the machine now takes it. */
int fake_interrupt_take(void);

extern uint64_t fake_preemption_checks;

/* --- Interrupt lines ----------------------------------------------------------------------------- */

/* Physical address of the only interrupt controller that can be made known. */
#define FAKE_CONTROLLER UINT64_C(0xfec00000)

struct fake_line {
	int masked;
	uint64_t flags; /* as configured */
	unsigned int configured;
	unsigned int unmasked;
};

extern struct fake_line fake_lines[ARCH_LINE_COUNT];

/* A device signals: a level line is masked, as real machine code does. Nothing happens while it is masked. */
void fake_line_raise(unsigned int line);

/* --- Ports --------------------------------------------------------------------------------------- */

struct fake_port_access {
	unsigned int count;
	uint16_t port;
	unsigned int width;
	uint32_t value;
};

extern struct fake_port_access fake_port_read, fake_port_written;

/* --- What the core asked for --------------------------------------------------------------------- */

struct fake_log {
	uint64_t switches;
	uint64_t page_flushes;
	uint64_t space_flushes;
	enum thread_leave how; /* of the last switch */
};

extern struct fake_log fake_log;

/* --- User accesses and the translation cache ------------------------------------------------------ */

enum access_result {
	ACCESS_DONE,
	ACCESS_FAULT,
};

/*
 * @space's user touches @address (PAGE_READ, PAGE_WRITE or PAGE_EXECUTE): marks entries accessed and dirty, and
 * keeps the translation cached, as hardware with address space identifiers would.
 */
enum access_result fake_access(struct space *space, uint64_t address, unsigned int access);

/* Fails the test if a cached translation gives more than the page tables do: a flush was forgotten. */
void fake_translations_check(void);

#endif
