/* SPDX-License-Identifier: MIT */
/*
 * Resources by name: what a server may have, as the boot script and the parent protocol write it.
 *
 *   ports:FIRST:COUNT      I/O ports             interrupt:LINE   an interrupt line
 *   device:ADDRESS:SIZE    device memory         offer:NAME       may offer a capability of that name
 *   memory:SIZE            limit of its memory   priority:N       of its first thread, 1 to 254
 *   memory:-SIZE           all of the machine's memory but SIZE, as limit
 *   NAME                   anything else: `archive`, `power`, or what another server has offered
 *
 * Numbers are decimal or, after 0x, hexadecimal; sizes may end in K, M or G.
 */
#ifndef ROOT_RESOURCE_H
#define ROOT_RESOURCE_H

#include <stdint.h>

#include "text.h"

enum resource_kind {
	RESOURCE_NAME,
	RESOURCE_PORTS,
	RESOURCE_INTERRUPT,
	RESOURCE_DEVICE,
	RESOURCE_OFFER,
	RESOURCE_MEMORY,
	RESOURCE_MEMORY_BUT,
	RESOURCE_PRIORITY,
};

struct resource {
	enum resource_kind kind;
	struct piece name; /* RESOURCE_NAME, RESOURCE_OFFER */
	uint64_t first;    /* first port, line, address, bytes of memory, bytes left to others, or priority */
	uint64_t count;    /* ports or bytes; 1 for an interrupt line */
};

/* NULL, or what is wrong. */
const char *resource_read(struct piece word, struct resource *resource);

/* True if who may have @granted may have @wanted. */
int resource_covers(const struct resource *granted, const struct resource *wanted);

#endif
