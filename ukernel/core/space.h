/* SPDX-License-Identifier: MIT */
/*
 * Spaces: a page table and a capability table.
 *
 * One space is one granted frame for this struct and one for the top-level page table. Mapping is mapping.h,
 * page tables as granted frames are table.h.
 */
#ifndef NACRE_CORE_SPACE_H
#define NACRE_CORE_SPACE_H

#include <nacre/abi/label.h>

#include "capability.h"
#include "list.h"

struct slot_page {
	struct slot slots[SLOTS_PER_PAGE];
};

enum space_flags {
	SPACE_DEAD = 1,
	SPACE_UNUSED = 2, /* dead and without threads: nothing will use its tables again */
};

struct space {
	struct slot root; /* all control capabilities derive from here */
	struct slot death;
	struct arch_space arch;
	page_entry_t *top_table;
	uint64_t serial;
	struct list_node threads;
	uint64_t time_offset;
	uint64_t control_badge;
	uint64_t changes;
	uint32_t flags;
	uint32_t drain_index; /* top-level entry or slot page that an interrupted destruction has reached */

	/*
	 * Capability table: page p holds slots 128 p .. 128 p + 127. Pages not backed point to one page of empty
	 * slots, so that lookup needs no test. Ends exactly at the end of the frame.
	 */
	_Alignas(64) struct slot_page *slot_pages[SLOT_PAGES];
};

_Static_assert(sizeof(struct space) <= PAGE_SIZE, "a space is one frame");

/* One page of empty slots; never written. */
extern struct slot_page slot_page_empty;

/* Makes an empty space in zeroed frames. */
void space_create(struct space *space, page_entry_t *top_table, uint64_t control_badge);

/* Kills it and all its threads, step by step: capabilities fail from now on, and none of them runs on what is left. */
enum step space_mark_dead(struct space *space);

/*
 * Destroys threads, capabilities and mappings step by step and gives all frames back. *@nested is set if a frame
 * granted from below was met, whose object goes first (drain.c).
 */
struct frame;
enum step space_destroy(struct space *space, struct frame **nested);

/* Backs slot page @index, which is not backed, with a zeroed, granted frame. */
void space_add_slots(struct space *space, unsigned int index, struct slot_page *page);

/* Removes a slot page: its capabilities, then the page. */
enum step space_remove_slots(struct space *space, unsigned int index);

#endif
