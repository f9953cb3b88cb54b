/* SPDX-License-Identifier: MIT */
/*
 * spinner: uses all the time it can get, to try schedulers, pause and kill with.
 */
#include <inttypes.h>
#include <stdio.h>

#include <nacre/number.h>
#include <nacre/time.h>
#include <nacre/tool.h>

static const char *const usage = "usage: spinner [SECONDS]\n"
				 "Computes without a pause, for ever or for so many seconds; then prints how\n"
				 "many rounds it did.\n";

/* One round is so many steps: enough that asking for the time does not count. */
#define STEPS 100000u

static void spin(void) {
	volatile unsigned int steps = 0;
	while (steps < STEPS) steps++;
}

int main(int argc, char **argv) {
	uint64_t duration = 0, rounds = 0;
	tool_help(argc, argv, usage);
	if (argc > 2) return tool_usage(argv, "too many arguments");
	if (argc == 2 && !seconds_parse(argv[1], &duration))
		return tool_usage(argv, "'%s' is not a number of seconds", argv[1]);
	uint64_t end = time_now() + duration;
	do {
		spin();
		rounds++;
	} while (argc < 2 || time_now() < end);
	printf("%" PRIu64 " rounds\n", rounds);
	return 0;
}
