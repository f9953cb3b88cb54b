/* SPDX-License-Identifier: MIT */
/*
 * The second thread: it sleeps until jobs are done, then looks once a second.
 *
 * Read watchdog.h first.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include <nacre/message.h>
#include <nacre/protocol/thread.h>
#include <nacre/start.h>
#include <nacre/thread.h>
#include <nacre/thread_block.h>
#include <nacre/time.h>

#include "watchdog.h"

#define STACK_BYTES ((size_t)16384)

static capability_t watched; /* control of the thread that does the jobs */
static capability_t wake;    /* signals the second thread */
static _Atomic uint64_t job; /* counts jobs; odd while one is under way */
static atomic_bool asleep;

/* Waits for the signal or, if @deadline is not 0, until then. */
static void pause_until(uint64_t deadline) {
	uint64_t operation = IPC_RECEIVE | (deadline ? IPC_DEADLINE : 0);
	uint64_t target = 0, tag = 0;

	utcb_get()->deadline = deadline;
	/* Signal or deadline: either way the books tell what is to be done. */
	message_transfer(operation, &target, &tag);
}

/* Looks once a second until no job has been under way for that long. */
static void jobs_watch(void) {
	unsigned int seconds = 0;
	uint64_t before, now;

	for (before = job;; before = now) {
		pause_until(time_now() + NANOSECONDS_PER_SECOND);
		now = job;
		seconds = now == before ? seconds + 1 : 0;
		if (now == before && now % 2 == 0) return;
		if (seconds >= WATCHDOG_SECONDS) error_ignore(thread_cancel(watched));
	}
}

static void watchdog_main(void *argument) {
	(void)argument;
	for (;;) {
		asleep = true;
		/* A job that began before `asleep` was set has sent no signal. */
		if (job % 2 == 0) pause_until(0);
		asleep = false;
		jobs_watch();
	}
}

error_t watchdog_start(void) {
	struct nacre_thread *thread;
	error_t error;

	watched = start_thread();
	error = nacre_thread_start(watchdog_main, NULL, STACK_BYTES, &thread);
	if (error == ERROR_OK) error = thread_derive(nacre_thread_control(thread), RIGHT_SIGNAL, 1, 1, &wake);
	return error;
}

void watchdog_job_begins(void) {
	job++;
	if (asleep) /* It can fail only if the thread is gone, and then nothing is watched. */
		error_ignore(signal_send(wake));
}

void watchdog_job_is_done(void) { job++; }
