/* SPDX-License-Identifier: MIT */
/*
 * A booted kernel on the fake machine, and what time does to it.
 *
 * Owns booting, the passing of time, taking interrupts, and the checks after every kernel entry. Who acts in this
 * world is actor.h. given_a_machine() first.
 */
#ifndef NACRE_TEST_WORLD_H
#define NACRE_TEST_WORLD_H

#include "cpu.h"
#include "fake_arch.h"

/* What every thread of a test gets unless it says otherwise. */
#define USUAL_QUANTUM  UINT64_C(10000000) /* ns */
#define USUAL_PRIORITY 100u

/* Memory of the machine: small frames below, superpages above. */
#define LOW_START  UINT64_C(0x1000)
#define LOW_END    UINT64_C(0x9f000)
#define MAIN_START UINT64_C(0x200000)

/* Boots with @megabytes of memory. The fixture of all tests uses USUAL_MEGABYTES. */
void given_a_machine_with(unsigned int megabytes);
void given_a_machine(void);
#define USUAL_MEGABYTES 16u

/* Lets @ns pass; timer interrupts come when they are due. */
void time_passes(uint64_t ns);

/*
 * The way out of the kernel: checks everything, takes the interrupt that the preemption point found, and lets the
 * thread that runs then execute its `ipc` again if it has to. Ends when a thread runs in user mode, or nobody does.
 */
void world_settle(void);

/* How a thread enters the kernel by `ipc`: kernel_ipc() unless a test says otherwise. */
extern void (*world_enters)(void);
/* Another way: never takes the fast path. */
void world_enters_slowly(void);

/* Called at each interrupt that the preemption point found, in place of a device's handler. */
extern void (*world_on_interrupt)(void);

/* How often world_settle() checks the invariants: at each @period-th kernel exit (1 by default). */
void world_check_every(unsigned int period);

/* Checks now. */
void world_check(void);

/* Frames that are granted to the kernel now. */
uint64_t frames_granted(void);

/* Sum of all present mappings that the kernel has counted. */
uint64_t present_mappings_counted(void);

#endif
