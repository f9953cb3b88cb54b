/* SPDX-License-Identifier: MIT */
/*
 * hog: takes memory until there is no more, to try limits with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/number.h>
#include <nacre/protocol/memory.h>
#include <nacre/start.h>
#include <nacre/tool.h>

static const char *const usage = "usage: hog [--ask] [SIZE]\n"
				 "Takes memory and touches every page of it: without a SIZE (such as 64M) until\n"
				 "it ends for want of memory, else so much and then ends well.\n"
				 "  --ask  asks for frames beforehand, and ends with an error when there are no\n"
				 "         more, instead of being ended by a page fault that cannot be served\n";

#define PAGE_SIZE  UINT64_C(4096)
#define STEP_SIZE  UINT64_C(1048576)
#define STEPS_TOLD UINT64_C(16) /* how often it says how much it has */

static error_t take_step(uint32_t flags, uint64_t size) {
	uint64_t address;
	error_t error = memory_allocate(start_memory(), 0, size, PAGE_READ | PAGE_WRITE, flags, &address);
	for (uint64_t at = 0; error == ERROR_OK && at < size; at += PAGE_SIZE)
		*(volatile uint64_t *)(address + at) = at;
	return error;
}

static int take_all(char **argv, uint32_t flags, uint64_t limit) {
	uint64_t taken = 0;
	while (taken < limit) {
		uint64_t size = limit - taken < STEP_SIZE ? limit - taken : STEP_SIZE;
		error_t error = take_step(flags, size);
		if (error != ERROR_OK)
			return tool_fail(argv, "no more after %" PRIu64 " KiB: %s", taken / 1024, error_text(error));
		taken += size;
		if (taken % (STEPS_TOLD * STEP_SIZE) == 0) {
			printf("%" PRIu64 " MiB\n", taken / STEP_SIZE);
			fflush(stdout);
		}
	}
	printf("took %" PRIu64 " KiB\n", taken / 1024);
	return 0;
}

int main(int argc, char **argv) {
	uint64_t limit = UINT64_MAX;
	uint32_t flags = 0;
	int first = 1;
	tool_help(argc, argv, usage);
	if (first < argc && strcmp(argv[first], "--ask") == 0) {
		flags = MEMORY_ALLOCATE_EAGER;
		first++;
	}
	if (argc > first + 1) return tool_usage(argv, "too many arguments");
	if (first < argc && (!size_parse(argv[first], &limit) || limit > UINT64_MAX - PAGE_SIZE))
		return tool_usage(argv, "'%s' is not a size such as 64M", argv[first]);
	if (limit != UINT64_MAX) limit = (limit + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	return take_all(argv, flags, limit);
}
