/* SPDX-License-Identifier: MIT */
/*
 * The topics of memory, each in a file of that name, and what they share.
 */
#ifndef MEMORY_TOPICS_H
#define MEMORY_TOPICS_H

#include <stdint.h>

#include <first/tap.h>
#include <nacre/capability.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/region.h>
#include <nacre/start.h>

#define PAGE  UINT64_C(4096)
#define BLOCK (512 * PAGE) /* what one page table covers */
#define RW    (PAGE_READ | PAGE_WRITE)

extern const struct test level_tests[];
extern const struct test mapping_tests[];
extern const struct test region_tests[];
extern const struct test limit_tests[];
extern const struct test taken_tests[];
extern const struct test wrong_tests[];

/* figures.c: how the own instance (level 0) and the pagers below stand. */
struct memory_status_answer figures(uint64_t level);

/* The word at an address. */
static inline volatile uint64_t *word_at(uint64_t address) { return (volatile uint64_t *)(uintptr_t)address; }

/*
 * child_instance.c: an instance below the own one, with a space and no thread. Its window lies where no context's does.
 */
#define CHILD_WINDOW       UINT64_C(0x600000000000)
#define CHILD_WINDOW_BYTES UINT64_C(0x100000000)

struct child_instance {
	uint64_t number;
	capability_t memory;
	capability_t space;
};

NACRE_MUST_CHECK error_t child_instance_make(uint64_t limit, struct child_instance *child);
NACRE_MUST_CHECK error_t child_instance_end(struct child_instance *child);

#endif
