/* SPDX-License-Identifier: MIT */
/*
 * Threads of one program: their variables, locks between them, and that nothing is left of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static unsigned int run(void (*function)(void *argument)) {
	struct nacre_thread *threads[THREADS];
	unsigned int started = 0;

	for (intptr_t i = 0; i < THREADS; i++)
		started += nacre_thread_start(function, (void *)(i + 100), NACRE_THREAD_STACK_DEFAULT, &threads[i]) ==
		           ERROR_OK;
	if (started != THREADS) return started;
	for (int i = 0; i < THREADS; i++) nacre_thread_join(threads[i]);
	return started;
}

static unsigned int run_threads(void) { return run(work); }

static int shared_file;
static _Atomic size_t shared_bytes;
static _Atomic unsigned int interrupted;

/* Reads to the end, together with others. */
static void read_on(void *argument) {
	char piece[700];
	ssize_t got;

	(void)argument;
	while ((got = read(shared_file, piece, sizeof(piece))) > 0) shared_bytes += (size_t)got;
	interrupted += got < 0 && errno != EBADF;
}

static void check_shared_descriptor(void) {
	struct stat status = {0};
	unsigned int slots;
	int closer = 0;

	shared_file = open("/bin/hello", O_RDONLY);
	check(run(read_on) == THREADS && fstat(shared_file, &status) == 0 && shared_bytes == (size_t)status.st_size,
	      "threads that read one file get each byte once");
	close(shared_file);
	slots = slots_used();
	for (; closer < 20; closer++) {
		struct nacre_thread *reader;

		shared_file = open("/bin/hello", O_RDONLY);
		if (nacre_thread_start(read_on, NULL, NACRE_THREAD_STACK_DEFAULT, &reader) != ERROR_OK) break;
		if (nacre_sleep(50000 * (uint64_t)closer) != ERROR_OK) break;
		close(shared_file);
		nacre_thread_join(reader);
	}
	check(closer == 20 && slots_used() == slots, "a file that is closed while it is read stays until that is over");
	check(interrupted == 0, "and no call is disturbed by a lock");
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
	check_shared_descriptor();
}
