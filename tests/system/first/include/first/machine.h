/* SPDX-License-Identifier: MIT */
/*
 * What the first program has: frames, slots, addresses, time.
 *
 * Owns a pool of 4 KiB holds, made by splitting superpages, and slots for tests. What a test takes
 * is taken back after it by machine_reset(), with everything that was made of it.
 */
#ifndef FIRST_MACHINE_H
#define FIRST_MACHINE_H

#include <stdint.h>

/* Slots that are always there. */
#define SLOT_SPACE      1u /* control of the own space */
#define SLOT_INTERRUPTS 3u
#define SLOT_PORTS      4u
#define SLOT_SELF       120u /* the main thread's queue, unbadged, all rights */
#define SLOT_CONTROL    121u /* control of the main thread */

/* Addresses with a table for 4 KiB pages, empty before each test. */
#define SCRATCH      UINT64_C(0x200400000)
#define SCRATCH_SIZE UINT64_C(0x800000)
/* Has a table for 2 MiB entries, none for 4 KiB pages. */
#define SCRATCH_BARE UINT64_C(0x220000000)

/* The last page of SCRATCH: harness functions look at frames through it. */
#define SCRATCH_PEEK (SCRATCH + SCRATCH_SIZE - 4096u)

/* One after the last address that can be mapped. */
#define ADDRESS_END UINT64_C(0x7ffffffff000)

/* Must come first. Ends the machine with a message if it cannot go on. */
void machine_start(void);

/* Before the first test: what was taken so far stays. */
void machine_keep(void);

/* Takes back everything that was taken since machine_keep(). */
void machine_reset(void);

/* @count frames, one after the other; the address of their holds. */
uint64_t frames_take(uint64_t count);
uint64_t frames_left(void);

/* Checks that frames came back: the kernel would take them again, and they are zero. */
void frames_check_returned(uint64_t address, uint64_t count);

/* A hold of 2 MiB, always the same. */
uint64_t superpage_take(void);

/* @count empty slots in a row. */
uint32_t slots_take(uint32_t count);
/* The same, and the next answer's capabilities land in them. */
uint32_t slots_expect(uint32_t count);

/* Maps @count fresh pages at @address for reading and writing; they are zero. */
void pages_map(uint64_t address, uint64_t count);

/* Adds a level 1 table for @address to the own space. */
void table_add(uint64_t address);

/* Kernel time in ns, as deadlines count it. */
uint64_t machine_now(void);

/* Time is counted in instructions (QEMU's -icount): one is one nanosecond. */
int machine_counts_instructions(void);

/* ns. What should happen at once is waited for so long: a busy host may need it, instructions do not. */
uint64_t machine_patience(void);

/* Waits until every other thread waits for something or has been stopped. */
void settle(void);

/* Waits for so long. */
void machine_sleep(uint64_t nanoseconds);

/* The kernel's command line, empty if there is none. */
const char *machine_command_line(void);

#endif
