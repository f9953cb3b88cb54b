/* SPDX-License-Identifier: MIT */
/*
 * The POSIX functions on time.
 */
#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

#include <nacre/time.h>

#include "libc_error.h"

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
	int64_t wall;
	error_t error = time_wall(&wall);

	(void)zone;
	if (error != ERROR_OK) return libc_fail(error);
	now->tv_sec = (time_t)(wall / 1000000000);
	now->tv_usec = (suseconds_t)(wall % 1000000000 / 1000);
	return 0;
}

int usleep(useconds_t microseconds) {
	error_t error = nacre_sleep((uint64_t)microseconds * 1000);

	return error == ERROR_OK ? 0 : libc_fail(error);
}

unsigned int sleep(unsigned int seconds) {
	return nacre_sleep(seconds * NANOSECONDS_PER_SECOND) == ERROR_OK ? 0 : seconds;
}
