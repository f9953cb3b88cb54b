/* SPDX-License-Identifier: MIT */
/*
 * Figures of instances. Read topics.h first.
 */
#include "topics.h"

struct memory_status_answer figures(uint64_t level) {
	struct memory_status_answer answer = {0};

	if (memory_status(start_memory(), level, &answer) != ERROR_OK)
		tap_note("memory.status of level %lu failed", (unsigned long)level);
	return answer;
}
