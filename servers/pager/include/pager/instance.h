/* SPDX-License-Identifier: MIT */
/*
 * Instances: one context's memory as its pager sees it. A policy, an account, and what belongs to it.
 *
 * Owns birth and end of instances. When one ends, all it had comes back: its space with the threads, page tables,
 * pages, regions, frames it took, its own child instances, and the pages of records that described all this.
 */
#ifndef PAGER_INSTANCE_H
#define PAGER_INSTANCE_H

#include "account.h"
#include "arena.h"
#include "kernel.h"
#include "page_index.h"
#include "status.h"
#include "tree.h"

struct pager;

struct instance {
	/* Fixed at creation. */
	struct tree_node by_serial; /* key: serial */
	struct pager *pager;
	struct instance *creator; /* NULL for the pager's own */
	uint64_t window_base;
	uint64_t window_size;

	unsigned int ceiling; /* priority that no thread of it exceeds; for a space that is made later */
	slot_t space;         /* control of its space; 0: it has none */
	struct account account;
	struct arena arena; /* the instance itself lies in its first page */
	struct list_node siblings;
	struct list_node children;
	uint64_t child_count;

	struct tree mappings;     /* by first address (mapping.h) */
	struct page_index pages;  /* its own pages, by page number from window_base (page.h) */
	struct tree grants;       /* frames made into kernel objects (grant.h) */
	uint64_t queue_count;     /* queues made: they have no address to be known by */
	struct list_node regions; /* it owns (region.h) */
	struct page_index taken;  /* frames taken as holds, by the taker's numbers (take.h) */

	uint64_t faults;
	uint64_t fault_last; /* page and rights of the last fault (fault.h) */
};

static inline uint64_t instance_serial(const struct instance *instance) { return instance->by_serial.key; }

/* ERROR_RANGE (window), ERROR_LIMIT, ERROR_NO_MEMORY. @limit in frames. */
error_t instance_create(struct instance *creator, uint64_t limit, uint64_t window_base, uint64_t window_size,
                        struct instance **result) NACRE_MUST_CHECK;

/* Ends @instance and all below it. */
void instance_destroy(struct instance *instance);

/* NULL if there is none. */
struct instance *instance_find(struct pager *pager, uint64_t serial);
struct instance *instance_child_find(struct instance *creator, uint64_t serial);

/* The child with the lowest serial above @serial; NULL if there is none. */
struct instance *instance_child_after(struct instance *creator, uint64_t serial);

/* True if all of [address, address + size) lies in the window. */
int instance_window_covers(const struct instance *instance, uint64_t address, uint64_t size);

/* The figures of @instance; of @level > 0, of its pagers below: ERROR_NOT_FOUND, errors of the parent. */
error_t instance_status(struct instance *instance, uint64_t level, struct pager_status *status) NACRE_MUST_CHECK;

#endif
