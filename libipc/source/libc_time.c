/* SPDX-License-Identifier: MIT */
/*
 * The POSIX functions on time.
 */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <nacre/time.h>

#include "libc_error.h"

#define NANOSECONDS ((int64_t)NANOSECONDS_PER_SECOND)

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
	int64_t wall;
	error_t error = time_wall(&wall);

	(void)zone;
	if (error != ERROR_OK) return libc_fail(error);
	now->tv_sec = (time_t)(wall / NANOSECONDS);
	now->tv_usec = (suseconds_t)(wall % NANOSECONDS / 1000);
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
	int64_t nanoseconds;
	error_t error = ERROR_OK;

	if (clock == CLOCK_MONOTONIC)
		nanoseconds = (int64_t)time_now();
	else
		error = clock == CLOCK_REALTIME ? time_wall(&nanoseconds) : ERROR_ARGUMENT;
	if (error != ERROR_OK) return libc_fail(error);
	now->tv_sec = (time_t)(nanoseconds / NANOSECONDS);
	now->tv_nsec = (long)(nanoseconds % NANOSECONDS);
	return 0;
}

int clock_getres(clockid_t clock, struct timespec *resolution) {
	if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) return libc_fail(ERROR_ARGUMENT);
	if (resolution) *resolution = (struct timespec){.tv_nsec = 1};
	return 0;
}

/* No signal ends it early, so nothing remains. */
int nanosleep(const struct timespec *duration, struct timespec *remaining) {
	if (duration->tv_sec < 0 || duration->tv_nsec < 0 || duration->tv_nsec >= NANOSECONDS)
		return libc_fail(ERROR_ARGUMENT);
	error_t error = duration->tv_sec > INT64_MAX / NANOSECONDS / 2
	                        ? ERROR_ARGUMENT
	                        : nacre_sleep((uint64_t)(duration->tv_sec * NANOSECONDS + duration->tv_nsec));

	if (remaining) *remaining = (struct timespec){0};
	return error == ERROR_OK ? 0 : libc_fail(error);
}

int usleep(useconds_t microseconds) {
	error_t error = nacre_sleep((uint64_t)microseconds * 1000);

	return error == ERROR_OK ? 0 : libc_fail(error);
}

unsigned int sleep(unsigned int seconds) {
	return nacre_sleep(seconds * NANOSECONDS_PER_SECOND) == ERROR_OK ? 0 : seconds;
}
