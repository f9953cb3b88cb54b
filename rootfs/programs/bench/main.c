/* SPDX-License-Identifier: MIT */
/*
 * bench: measures the system from inside, group by group.
 *
 * Under QEMU's instruction clock (`./nacre bench` on the host) the time stamp counter counts instructions, so the
 * figures repeat to the digit. Elsewhere they are ticks of time and vary; measure.c finds out which.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/tool.h>

#include "bench.h"

static const char *const usage =
	"usage: bench [GROUP...]\n"
	"Prints `bench NAME UNIT MIN MEDIAN MAX RUNS' for each benchmark of the groups, or of all:\n"
	"ipc, fault, map, context. The UNIT is `instructions' where the processor counts them, as\n"
	"under './nacre bench' on the host and './nacre run --icount'; else `ticks' of time.\n";

static const struct {
	const char *name;
	error_t (*run)(void);
} groups[] = {
	{"ipc", bench_ipc},
	{"fault", bench_fault},
	{"map", bench_map},
	{"context", bench_context},
};

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static int group_is_wanted(const char *name, int argc, char **argv) {
	for (int index = 0; index < argc; index++)
		if (strcmp(argv[index], name) == 0) return 1;
	return argc == 0;
}

static int group_exists(const char *name) {
	for (size_t index = 0; index < GROUP_COUNT; index++)
		if (strcmp(groups[index].name, name) == 0) return 1;
	return 0;
}

int main(int argc, char **argv) {
	int status = 0;

	tool_help(argc, argv, usage);
	for (int index = 1; index < argc; index++)
		if (!group_exists(argv[index])) return tool_usage(argv, "there is no group `%s'", argv[index]);
	for (size_t index = 0; index < GROUP_COUNT; index++) {
		if (!group_is_wanted(groups[index].name, argc - 1, argv + 1)) continue;
		error_t error = groups[index].run();
		if (error != ERROR_OK) status = tool_fail(argv, "group %s: %s", groups[index].name, error_name(error));
	}
	peer_end();
	return status;
}
