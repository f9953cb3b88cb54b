/* SPDX-License-Identifier: MIT */
/*
 * A pager: the instances that one process hosts, and the frames they live on.
 *
 * Owns the struct that ties the library's topics together. Root and /sbin/pager are the two processes that have one.
 * Read in this order: account.h, supply.h, instance.h, mapping.h, fault.h.
 */
#ifndef PAGER_PAGER_H
#define PAGER_PAGER_H

#include "foreign.h"
#include "instance.h"
#include "source.h"
#include "status.h"

struct pager {
	/* Fixed after pager_open(). */
	const struct source *source;

	struct frame_pool pool;
	struct bookkeeping {
		struct frame_pool addresses; /* free ones */
		uint64_t next;               /* never used yet */
		uint64_t end;
		int is_extending;
	} bookkeeping;
	uint64_t reserve; /* frames kept back: SUPPLY_RESERVE once there is a way to refill */
	enum supply_phase { SUPPLY_SERVES, SUPPLY_REFILLS } phase;

	struct instance top;   /* the process itself: what it uses belongs to no other instance */
	struct tree instances; /* by serial */
	uint64_t serial_last;  /* serials are never used again */

	struct tree regions;     /* own ones, by id */
	uint64_t region_id_last; /* ids are used again after 2^20 others */
	struct foreign foreign;  /* the parent's, cached */

	uint64_t messages; /* received */
	uint64_t upward;   /* sent to the parent */
};

/* Everything a pager cannot find out by itself. */
struct pager_setup {
	const struct source *source;
	slot_t own_space;     /* control of the own space */
	unsigned int ceiling; /* priority that nothing below exceeds */
	struct hold first;    /* frames to start with, in one chunk: at least PAGER_FIRST_FRAMES */
	unsigned int first_count;
	/* Addresses in the own space, multiples of 2 MiB: for the pager's records, for pages of the parent's regions.
	 */
	uint64_t bookkeeping_base;
	uint64_t bookkeeping_size;
	uint64_t foreign_base;
	uint64_t foreign_size;
};

/* Own page tables for bookkeeping and the first refill come out of these. */
#define PAGER_FIRST_FRAMES 32u

error_t pager_open(struct pager *pager, const struct pager_setup *setup) NACRE_MUST_CHECK;

#endif
