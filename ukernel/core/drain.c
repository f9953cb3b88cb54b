/* SPDX-License-Identifier: MIT */
/*
 * Death in bounded steps.
 *
 * Destroying one object can uncover another below it (a mapping it held was granted to the kernel for that one).
 * This file alone decides in which order they go, so that no destruction calls another and the stack stays flat.
 * There is nothing to remember between steps: a drain starts at the outermost object and finds its way.
 */
#include "mapping.h"
#include "panic.h"
#include "thread.h"

/* One object, as far as it goes without another. */
static enum step object_drain(struct frame *frame, struct frame **nested) {
	switch ((enum frame_type)frame->type) {
	case FRAME_SPACE: return space_destroy(frame->owner, nested);
	case FRAME_TABLE:
		if (frame->level == TABLE_LEVEL_TOP) return space_destroy(frame->owner, nested);
		return table_drain(frame, nested);
	case FRAME_RECORDS: return table_drain(frame->table, nested);
	case FRAME_SLOTS: return space_remove_slots(frame->owner, frame->index);
	case FRAME_THREAD:
	case FRAME_UTCB: return thread_destroy(frame->owner);
	case FRAME_NONE:
	case FRAME_KERNEL:
	case FRAME_USER: break;
	}
	panic("drain of a frame that is not granted: %lx", frame_physical(frame).value);
}

enum step drain_frame(struct frame *frame) {
	struct frame *current = frame;

	for (;;) {
		struct frame *nested = NULL;
		TRY_STEP(object_drain(current, &nested));
		if (!nested && current == frame) return STEP_DONE;
		current = nested ? nested : frame;
		TRY_STEP(step_next());
	}
}

enum step drain_record(struct record *record) {
	for (;;) {
		struct frame *nested = NULL;
		TRY_STEP(mapping_clear(record, &nested));
		if (!nested) return STEP_DONE;
		TRY_STEP(drain_frame(nested));
	}
}
