/* SPDX-License-Identifier: MIT */
/*
 * Ties: who waits for whose reply. Read tie.h first.
 */
#include "tie.h"

#include "panic.h"
#include "schedule.h"

void tie_enqueue(struct tie *tie, struct thread *queue, uint64_t badge) {
	KERNEL_ASSERT(tie->state == TIE_IDLE);
	tie->state = TIE_QUEUED;
	tie->queue = queue;
	tie->badge = badge;
	tie->sequence = arch_cpu()->next_serial++;
	list_append(&queue->callers, &tie->node);
	queue->attention |= ATTENTION_CALLERS;
}

static void tie_dequeue(struct tie *tie) {
	struct thread *queue = tie->queue;

	list_remove(&tie->node);
	if (list_is_empty(&queue->callers)) queue->attention &= ~ATTENTION_CALLERS;
}

void tie_hold(struct tie *tie, struct thread *holder) {
	const struct thread *owner = tie_owner(tie);

	KERNEL_ASSERT(!holder->held);
	if (tie->state == TIE_QUEUED) {
		tie_dequeue(tie);
		/* Whoever waits for the caller can help the worker now that takes the call from another's queue. */
		if (tie->queue != holder && tie->kind == TIE_CALL && (owner->held || !list_is_empty(&owner->callers)))
			schedule_wake_chain(tie->queue);
	}
	tie->state = TIE_HELD;
	tie->holder = holder;
	holder->held = tie;
}

void tie_save(struct tie *tie, struct slot *slot) {
	KERNEL_ASSERT(tie->state == TIE_HELD);
	budget_note_lender(tie);
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
	tie_end(tie, ERROR_PEER_LOST);
}
