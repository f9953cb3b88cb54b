/* SPDX-License-Identifier: MIT */
/*
 * Spaces: creation, slot pages, destruction. Read space.h first.
 */
#include "space.h"

#include "cpu.h"
#include "frame.h"
#include "ipc.h"
#include "table.h"
#include "thread.h"

struct slot_page slot_page_empty;

void space_create(struct space *space, page_entry_t *top_table, uint64_t control_badge) {
	space->top_table = top_table;
	space->control_badge = control_badge;
	space->serial = arch_cpu()->next_serial++;
	list_initialize(&space->threads);
	for (unsigned int index = 0; index < SLOT_PAGES; index++) space->slot_pages[index] = &slot_page_empty;
	frame_of(top_table)->level = TABLE_LEVEL_TOP;
	arch_space_initialize(space, arch_physical(top_table));
}

void space_add_slots(struct space *space, unsigned int index, struct slot_page *page) {
	frame_of(page)->index = (uint16_t)index;
	space->slot_pages[index] = page;
	space->changes++;
}

enum step space_remove_slots(struct space *space, unsigned int index) {
	struct slot_page *page = space->slot_pages[index];

	for (unsigned int number = 0; number < SLOTS_PER_PAGE; number++) {
		if (page->slots[number].object == 0) continue;
		TRY_STEP(derivation_delete(&page->slots[number]));
		TRY_STEP(step_next());
	}
	space->slot_pages[index] = &slot_page_empty;
	space->changes++;
	frame_return(frame_of(page));
	return STEP_DONE;
}

/*
 * A thread that is not dead yet, or NULL; dead ones are kept last. One that destroys its own space lives on as long as
 * it can go on with that.
 */
static struct thread *space_first_alive(struct space *space) {
	const struct list_node *node = space->threads.next;

	if (node == &space->threads) return NULL;
	if (CONTAINER_OF(node, struct thread, space_node) == arch_cpu()->current) node = node->next;
	if (node == &space->threads) return NULL;
	struct thread *thread = CONTAINER_OF(node, struct thread, space_node);
	return thread->dead ? NULL : thread;
}

enum step space_mark_dead(struct space *space) {
	struct thread *thread;

	if (!(space->flags & SPACE_DEAD)) {
		space->flags |= SPACE_DEAD;
		signal_raise_slot(&space->death);
	}
	while ((thread = space_first_alive(space)) != NULL) {
		thread_mark_dead(thread);
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

static enum step space_destroy_threads(struct space *space) {
	while (!list_is_empty(&space->threads)) {
		TRY_STEP(thread_destroy(CONTAINER_OF(space->threads.next, struct thread, space_node)));
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

enum step space_destroy(struct space *space, struct frame **nested) {
	TRY_STEP(space_mark_dead(space));
	TRY_STEP(space_destroy_threads(space));
	slot_remove(&space->death);
	for (; space->drain_index < SLOT_PAGES; space->drain_index++) {
		if (space->slot_pages[space->drain_index] != &slot_page_empty)
			TRY_STEP(space_remove_slots(space, space->drain_index));
		TRY_STEP(step_next());
	}
	arch_space_leave(space);
	space->flags |= SPACE_UNUSED;
	TRY_STEP(table_clear(frame_of(space->top_table), nested));
	if (*nested) return STEP_DONE;
	/* Last, and no interruption after the last: whoever destroys it by message needs a capability to go on. */
	TRY_STEP(derivation_revoke(&space->root));
	frame_return(frame_of(space->top_table));
	frame_return(frame_of(space));
	return STEP_DONE;
}
