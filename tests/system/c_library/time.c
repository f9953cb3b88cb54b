/* SPDX-License-Identifier: MIT */
/*
 * Clocks and sleeping.
 */
#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <nacre/time.h>

#include "check.h"

#define YEAR_2024 1704067200

static void check_clocks(void) {
	struct timespec before = {0}, after = {0}, nap = {.tv_nsec = 1000000}, odd = {.tv_nsec = 1000000000};

	check(clock_gettime(CLOCK_REALTIME, &before) == 0 && before.tv_sec > YEAR_2024 && before.tv_nsec < 1000000000,
	      "clock_gettime knows the year");
	check(clock_gettime(CLOCK_MONOTONIC, &before) == 0 && nanosleep(&nap, NULL) == 0 &&
	              clock_gettime(CLOCK_MONOTONIC, &after) == 0,
	      "nanosleep sleeps");
	check((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= 1000000,
	      "and the monotonic clock tells that it did");
	check(nanosleep(&odd, NULL) == -1 && errno == EINVAL, "a billion nanoseconds are a second, and refused");
	check(clock_gettime((clockid_t)-1, &before) == -1 && errno == EINVAL, "so is a clock that there is not");
}

void check_time(void) {
	uint64_t before = time_now();
	struct timeval wall;
	struct tms spent;

	check(nacre_sleep(20000000) == ERROR_OK, "a program can sleep");
	check(time_now() >= before + 20000000, "for no less than it asked");
	check(time_now() < before + 2000000000, "and not for seconds more");
	check(nacre_sleep_until(before) == ERROR_OK, "until a time that has passed is at once");
	check(time(NULL) > YEAR_2024, "the wall clock knows the year");
	check(gettimeofday(&wall, NULL) == 0 && wall.tv_usec < 1000000, "to the microsecond");
	check(usleep(1000) == 0, "usleep sleeps");
	check_clocks();
	check(times(&spent) != (clock_t)-1 && spent.tms_utime < 3600 * CLOCKS_PER_SEC, "time spent can be asked for");
}
