/* SPDX-License-Identifier: MIT */
/*
 * The POSIX functions on processes, as far as a context is one.
 *
 * Starting others is a matter of nacre/protocol/context.h, not of fork().
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <nacre/protocol/context.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/thread.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "given.h"

/* What a shell says of a program that a signal ended. */
#define STATUS_OF_SIGNAL 128

_Noreturn void _exit(int status) {
	/*
	 * The parent does not answer. If it has gone, or there is none, the fault says so to the
	 * handler.
	 */
	if (start_parent() != CAPABILITY_NONE) error_ignore(parent_exit(start_parent(), status));
	__builtin_trap();
}

pid_t getpid(void) {
	static pid_t number;
	struct context_state_answer answer;
	capability_t context;

	if (number == 0 && given_get(GIVEN_CONTEXT, &context) == ERROR_OK &&
	    context_state(context, &answer) == ERROR_OK)
		number = (pid_t)answer.number;
	return number;
}

int kill(pid_t process, int signal) {
	if (process != getpid()) {
		errno = EPERM;
		return -1;
	}
	if (signal != 0) _exit(STATUS_OF_SIGNAL + signal);
	return 0;
}

/* No signal comes from outside, so there is none to hold back. */
int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
	(void)how;
	(void)set;
	if (old) *old = 0;
	return 0;
}

clock_t times(struct tms *times) {
	struct thread_state_answer answer;
	uint64_t consumed = 0;

	if (thread_state(start_thread(), &answer) == ERROR_OK) consumed = answer.consumed;
	*times = (struct tms){.tms_utime = (clock_t)(consumed / (NANOSECONDS_PER_SECOND / CLOCKS_PER_SEC))};
	return (clock_t)(time_now() / (NANOSECONDS_PER_SECOND / CLOCKS_PER_SEC));
}

pid_t fork(void) {
	errno = ENOSYS;
	return -1;
}

int execve(const char *path, char *const arguments[], char *const environment[]) {
	(void)path;
	(void)arguments;
	(void)environment;
	errno = ENOSYS;
	return -1;
}

pid_t wait(int *status) {
	(void)status;
	errno = ECHILD;
	return -1;
}

/* Most bytes that one getentropy() gives. (POSIX) */
#define ENTROPY_MAX 256

static int random_is_there(void) {
	uint32_t leaf = 1;
	uint32_t features;

	__asm__("cpuid" : "+a"(leaf), "=c"(features) : "c"(0) : "rbx", "rdx");
	return (features & 1u << 30) != 0;
}

/* Zero if the CPU's generator has nothing at the moment. */
static uint8_t random_take(uint64_t *random_out) {
	uint8_t given;

	__asm__ volatile("rdrand %0; setc %1" : "=r"(*random_out), "=qm"(given) : : "cc");
	return given;
}

int getentropy(void *data, size_t size) {
	uint8_t *to = data;
	uint64_t random = 0;

	if (size > ENTROPY_MAX) {
		errno = EIO;
		return -1;
	}
	/* A program must be able to tell that there is none. */
	if (!random_is_there()) {
		errno = ENOSYS;
		return -1;
	}
	for (size_t i = 0; i < size; i++) {
		while (!random_take(&random)) continue;
		to[i] = (uint8_t)random;
	}
	return 0;
}
