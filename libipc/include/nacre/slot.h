/* SPDX-License-Identifier: MIT */
/*
 * Slots: which places of the own capability table are in use.
 *
 * Owns a bitmap of the whole table; grows what is backed when it runs out. Safe for threads of the
 * same space. Knows nothing of what capabilities mean.
 */
#ifndef NACRE_SLOT_H
#define NACRE_SLOT_H

#include <nacre/capability.h>

/* Most slots that one call can ask for in one run. */
#define SLOT_RUN_MAX 32u

/* Backs slots @page * 128 ... + 127. ERROR_EXISTS if they are backed. */
typedef error_t (*slot_grow_t)(void *context, uint32_t page);

/*
 * Says which slots there are: from @first on, up to but not including @backed. Later ones are
 * backed page by page with @grow, if that is not null. crt0 calls this with memory.slots_add behind
 * @grow; root calls it again with its own.
 */
void slots_start(capability_t first, capability_t backed, slot_grow_t grow, void *context);

/* Finds @count (1..SLOT_RUN_MAX) empty slots in a row. ERROR_NO_MEMORY: none left; ERROR_RANGE. */
NACRE_MUST_CHECK error_t slot_allocate(unsigned int count, capability_t *first_out);

/* Gives slots back that were allocated and are empty. */
void slot_free(capability_t first, unsigned int count);

/* How many slots are in use, for tests and statistics. */
unsigned int slots_used(void);

/* Removes a capability and all derived from it; its slot stays taken. An empty slot is fine. */
void capability_clear(capability_t capability);

/*
 * Removes a capability and all derived from it, and gives its slot back. CAPABILITY_NONE is fine.
 */
void capability_delete(capability_t capability);

#endif
