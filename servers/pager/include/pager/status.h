/* SPDX-License-Identifier: MIT */
/*
 * What an instance tells of itself (memory.status).
 */
#ifndef PAGER_STATUS_H
#define PAGER_STATUS_H

#include <stdint.h>

#define POLICY_NAME_BYTES 32u

struct pager_status {
	uint64_t used;      /* bytes */
	uint64_t limit;     /* bytes; UINT64_MAX: none */
	uint64_t peak;      /* bytes */
	uint64_t faults;    /* page faults of this instance */
	uint64_t upward;    /* messages that the whole pager has sent to its parent */
	uint64_t free;      /* bytes that the whole pager has free */
	uint64_t instances; /* child instances */
	uint64_t messages;  /* messages that the whole pager has received */
	char policy[POLICY_NAME_BYTES];
};

#endif
