/* SPDX-License-Identifier: MIT */
/*
 * Threads of one program: their variables, locks between them, and that nothing is left of them.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <nacre/lock.h>
#include <nacre/protocol/memory.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread.h>
#include <nacre/time.h>

#include "check.h"

#define THREADS 4
#define ROUNDS  200

static __thread int own = 7;
static __thread int own_zero;
static struct lock lock;
static volatile unsigned int counter;
static unsigned int inside;
static unsigned int crowded;
static unsigned int own_right;
static int naps = 1;

static void work(void *argument) {
	int number = (int)(intptr_t)argument;

	own_right += own == 7 && own_zero == 0;
	own = number;
	errno = number;
	for (int i = 0; i < ROUNDS; i++) {
		lock_take(&lock);
		crowded += inside++ != 0;
		counter++;
		/* Whoever sleeps here lets the others find the lock taken. */
		if (naps && i % 50 == 0 && nacre_sleep(100000) != ERROR_OK) crowded++;
		inside--;
		lock_release(&lock);
		free(malloc(100));
	}
	own_right += own == number && errno == number;
}

static unsigned int run_threads(void) {
	struct nacre_thread *threads[THREADS];
	unsigned int started = 0;

	for (intptr_t i = 0; i < THREADS; i++)
		started += nacre_thread_start(work, (void *)(i + 100), NACRE_THREAD_STACK_DEFAULT, &threads[i]) ==
		           ERROR_OK;
	if (started != THREADS) return started;
	for (int i = 0; i < THREADS; i++) nacre_thread_join(threads[i]);
	return started;
}

static uint64_t used(void) {
	struct memory_status_answer answer;

	return memory_status(start_memory(), 0, &answer) == ERROR_OK ? answer.used : UINT64_MAX;
}

void check_threads(void) {
	unsigned int slots;
	uint64_t memory;

	check(run_threads() == THREADS, "threads start and can be waited for");
	check(counter == THREADS * ROUNDS, "each has done its work");
	check(crowded == 0, "a lock lets in one at a time");
	check(own_right == 2 * THREADS, "each has its own variables and errno");
	/* How many sleep at the same time, and so have a queue, is chance. */
	naps = 0;
	run_threads();
	slots = slots_used();
	memory = used();
	for (int i = 0; i < 10; i++) run_threads();
	check(slots_used() == slots, "no slot is left of them");
	check(used() == memory, "and no memory");
}
