/* SPDX-License-Identifier: MIT */
/*
 * Ties: who waits for whose reply. Read tie.h first.
 */
#include "tie.h"

#include "panic.h"
#include "schedule.h"
#include "thread.h"

struct thread *tie_owner(struct tie *tie) {
	return tie->kind == TIE_CALL ? CONTAINER_OF(tie, struct thread, call)
	                             : CONTAINER_OF(tie, struct thread, budget.tie);
}

void tie_enqueue(struct tie *tie, struct thread *queue, uint64_t badge) {
	KERNEL_ASSERT(tie->state == TIE_IDLE);
	tie->state = TIE_QUEUED;
	tie->queue = queue;
	tie->badge = badge;
	list_append(&queue->callers, &tie->node);
	queue->attention |= ATTENTION_CALLERS;
}

static void tie_dequeue(struct tie *tie) {
	struct thread *queue = tie->queue;

	list_remove(&tie->node);
	if (list_is_empty(&queue->callers)) queue->attention &= ~ATTENTION_CALLERS;
}

/* A worker takes a call from another thread's queue: whoever waits for the caller can help the worker now. */
static void tie_wake_helpers(struct tie *tie) {
	const struct thread *caller = tie_owner(tie);

	if (tie->kind == TIE_CALL && (caller->held || !list_is_empty(&caller->callers)))
		schedule_wake_chain(tie->queue);
}

void tie_hold(struct tie *tie, struct thread *holder) {
	KERNEL_ASSERT(!holder->held);
	if (tie->state == TIE_QUEUED) {
		tie_dequeue(tie);
		if (tie->queue != holder) tie_wake_helpers(tie);
	}
	tie->state = TIE_HELD;
	tie->holder = holder;
	holder->held = tie;
}

void tie_save(struct tie *tie, struct slot *slot) {
	KERNEL_ASSERT(tie->state == TIE_HELD);
	tie->holder->held = NULL;
	tie->state = TIE_SAVED;
	tie->slot = slot;
	slot->object = slot_object_word(tie_owner(tie), KIND_REPLY, tie->kind == TIE_BUDGET ? REPLY_TO_BUDGET : 0);
	slot->badge = 0;
}

struct tie *tie_of_slot(const struct slot *slot) {
	struct thread *owner = slot_object(slot);

	if (!owner) return NULL;
	return slot_rights(slot) & REPLY_TO_BUDGET ? &owner->budget.tie : &owner->call;
}

void tie_move(struct slot *source, struct slot *destination) {
	struct tie *tie = tie_of_slot(source);

	destination->object = source->object;
	source->object = 0;
	if (tie) tie->slot = destination;
}

void tie_release(struct tie *tie) {
	switch ((enum tie_state)tie->state) {
	case TIE_IDLE: break;
	case TIE_QUEUED:
		tie_dequeue(tie);
		if (tie->kind == TIE_CALL) schedule_wake_chain(tie->queue);
		break;
	case TIE_HELD:
		tie->holder->held = NULL;
		if (tie->kind == TIE_CALL) schedule_wake_chain(tie->holder);
		break;
	case TIE_SAVED: tie->slot->object = slot_object_word(NULL, KIND_REPLY, 0); break;
	}
	tie->state = TIE_IDLE;
}

void tie_lose(struct slot *slot) {
	struct tie *tie = tie_of_slot(slot);

	slot->object = 0;
	if (!tie) return;
	tie->state = TIE_IDLE;
	tie_owner_lost(tie);
}
