/* SPDX-License-Identifier: MIT */
/*
 * Interrupt latency. Read latency.h first.
 */
#include "latency.h"

#include <stdint.h>

#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>
#include <first/tap.h>

#define PERIOD   UINT64_C(20000)
#define PRIORITY 255u
/* Instructions with interrupts off, at most, and what comes on top until user mode has the time. */
#define LATENESS_MAX (UINT64_C(5000) + UINT64_C(1500))

static struct actor ticker;
static volatile uint64_t ticks, latest, stop;
static uint64_t begun;

static _Noreturn void tick_run(struct utcb *utcb) {
	while (!stop) {
		struct raw_ipc ipc = {.operation = IPC_RECEIVE | IPC_DEADLINE};
		uint64_t due = machine_now() + PERIOD;
		utcb->deadline = due;
		raw_ipc(&ipc);
		uint64_t late = machine_now() - due;
		if (late > latest) latest = late;
		ticks++;
	}
	for (;;) __asm__ volatile("ud2");
}

void latency_begin(void) {
	ticks = 0;
	latest = 0;
	stop = 0;
	actor_create(&ticker);
	actor_set_budget(&ticker, UINT64_C(1000000000), PRIORITY);
	CHECK_OK(KERNEL(SLOT_CONTROL, THREAD_SET_BUDGET, UINT64_C(10000000), PRIORITY - 1));
	actor_start(&ticker, ENTRY(tick_run), ticker.utcb);
	begun = machine_now();
}

void latency_check(const char *what) {
	uint64_t took = machine_now() - begun;
	uint64_t woken = ticks;

	stop = 1;
	settle();
	CHECK_OK(KERNEL(ticker.control, THREAD_DESTROY));
	CHECK_OK(KERNEL(SLOT_CONTROL, THREAD_SET_BUDGET, UINT64_C(10000000), PRIORITY_MAX));
	tap_figure("%s: %lu us, woken %lu times, at most %lu ns late", what, (unsigned long)(took / 1000),
	           (unsigned long)woken, (unsigned long)latest);
	/* On a busy host QEMU's timers come when they can. */
	if (!machine_counts_instructions()) return;
	CHECK(woken > 0 || took < 2 * PERIOD);
	CHECK(latest <= LATENESS_MAX);
}
