/* SPDX-License-Identifier: MIT */
/*
 * A pager's side of the protocols: memory, region and page faults.
 *
 * Owns how their messages become calls of the library's topics. The hosting process has the receive loop.
 */
#ifndef PAGER_SERVE_H
#define PAGER_SERVE_H

#include <nacre/server.h>

#include "pager.h"

/*
 * Where a pager keeps what in its own space, outside of its window: the pages being zeroed or copied; its records;
 * pages of the parent's regions; frames held (root's are where the kernel has put them, from the same address on).
 */
#define PAGER_CONTENTS          UINT64_C(0x300000000000)
#define PAGER_BOOKKEEPING       UINT64_C(0x310000000000)
#define PAGER_BOOKKEEPING_BYTES UINT64_C(0x10000000000)
#define PAGER_FOREIGN           UINT64_C(0x320000000000)
#define PAGER_FOREIGN_BYTES     UINT64_C(0x10000000000)
#define PAGER_HOLDS             UINT64_C(0x400000000000)
#define PAGER_HOLDS_BYTES       UINT64_C(0x10000000000)

#define PAGER_PROTOCOLS 3u

/* A request brings at most so many capabilities. */
#define PAGER_CAPABILITY_WINDOW 1u

/* Prepares kernel.c: before pager_open(); and its window for contents: after it. */
error_t kernel_open(void) NACRE_MUST_CHECK;
error_t kernel_contents_open(struct pager *pager) NACRE_MUST_CHECK;

/* The entries for struct server. */
void pager_protocols(struct pager *pager, struct server_protocol protocols[PAGER_PROTOCOLS]);

/* The fault protocol's dispatcher; it has no handlers, and the request's context is the pager. */
uint64_t serve_fault(struct request *request, const void *handlers);

/* Capabilities to an instance, and to part of a region, to be passed on. */
struct ipc_item instance_item(const struct instance *instance);
struct ipc_item region_part_item(const struct region_part *part);

#endif
