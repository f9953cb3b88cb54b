/* SPDX-License-Identifier: MIT */
/*
 * demo-client: finds the counter by its name and adds to it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <nacre/path.h>
#include <nacre/protocol/counter.h>
#include <nacre/protocols.h>
#include <nacre/tool.h>

static const char *const usage =
	"usage: demo-client NAME TIMES [PATH]\n"
	"Adds 1 to the counter at PATH (/svc/counter) so many TIMES and prints what NAME has seen. Waits for the\n"
	"server if it is not there yet.\n";

int main(int argc, char **argv) {
	capability_t counter;
	uint64_t total = 0;
	char *rest;

	tool_help(argc, argv, usage);
	if (argc < 3) return tool_usage(argv, "an argument is missing");
	unsigned long times = strtoul(argv[2], &rest, 10);
	if (*rest || rest == argv[2] || *argv[2] == '-') return tool_usage(argv, "'%s' is not understood", argv[2]);
	const char *path = argc > 3 ? argv[3] : "/svc/counter";
	error_t error = path_open_service(path, PROTOCOL_COUNTER, &counter);
	for (unsigned long time = 0; error == ERROR_OK && time < times; time++) error = counter_add(counter, 1, &total);
	if (error != ERROR_OK) return tool_fail(argv, "%s: %s", path, error_text(error));
	printf("%s: added %lu, the counter is at %" PRIu64 "\n", argv[1], times, total);
	return 0;
}
