/* SPDX-License-Identifier: MIT */
/*
 * malloc, the pager behind it, and slots.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/memory.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "check.h"

#define LARGE ((size_t)8 << 20)

static uint64_t used(void) {
	struct memory_status_answer answer;

	return memory_status(start_memory(), 0, &answer) == ERROR_OK ? answer.used : UINT64_MAX;
}

static int is_zero(const unsigned char *bytes, size_t size) {
	static const unsigned char zero[4096];

	for (size_t i = 0; i < size; i += sizeof(zero))
		if (memcmp(bytes + i, zero, sizeof(zero)) != 0) return 0;
	return 1;
}

static void check_heap(void) {
	uint64_t before = used();
	unsigned char *bytes = malloc(LARGE);

	check(bytes != NULL, "malloc gives 8 MiB");
	if (!bytes) return;
	check(used() < before + LARGE / 2, "memory is paid for when it is touched, not before");
	check(is_zero(bytes, LARGE), "fresh memory is zero");
	memset(bytes, 0xa5, LARGE);
	check(used() >= before + LARGE, "memory that was touched is paid for");
	free(bytes);
	check(used() < before + LARGE / 2, "free gives memory back to the pager");
}

static void check_limit(void) {
	void *bytes;

	errno = 0;
	bytes = malloc((size_t)1 << 62);
	check(!bytes && errno == ENOMEM, "too much memory is an error");
	free(bytes);
}

/* More than one page of slots holds, so that the pager is asked for more. */
#define SLOTS 1000

static void check_slots(void) {
	static capability_t slots[SLOTS];
	unsigned int before = slots_used();
	int got = 0;

	while (got < SLOTS && slot_allocate(1, &slots[got]) == ERROR_OK) got++;
	check(got == SLOTS, "a thousand capability slots can be had");
	while (got > 0) slot_free(slots[--got], 1);
	check(slots_used() == before, "slots that were freed are free");
}

void check_memory(void) {
	check_heap();
	check_limit();
	check_slots();
}
