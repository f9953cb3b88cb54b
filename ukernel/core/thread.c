/* SPDX-License-Identifier: MIT */
/*
 * Threads: states and transitions. Read thread.h first.
 */
#include "thread.h"

#include "frame.h"
#include "ipc.h"
#include "schedule.h"
#include "table.h"

void thread_create(struct thread *thread, struct space *space, struct utcb *utcb, struct user_address utcb_address,
                   uint64_t control_badge) {
	thread->space = space;
	thread->utcb = utcb;
	thread->utcb_address = utcb_address;
	thread->control_badge = control_badge;
	thread->state = utcb ? THREAD_READY : THREAD_QUEUE;
	thread->stops = 1;
	thread->serial = arch_cpu()->next_serial++;
	thread->deadline = TIME_NEVER;
	thread->budget.tie.kind = TIE_BUDGET;
	list_initialize(&thread->call.node);
	list_initialize(&thread->callers);
	list_initialize(&thread->receivers);
	list_initialize(&thread->receiver_node);
	list_initialize(&thread->helpers);
	list_initialize(&thread->budget.node);
	list_initialize(&thread->budget.tie.node);
	list_append(&space->threads, &thread->space_node);
	arch_thread_initialize(thread);
}

void thread_make_ready(struct thread *thread) {
	struct budget *own = &thread->budget;

	thread->state = THREAD_READY;
	thread->attention &= ~ATTENTION_TIME;
	if (!thread_is_runnable(thread)) return;
	if (own->quantum && !own->at) budget_give(own, thread);
	if (thread->active) {
		/* It may have been parked where the thread waited. */
		if (thread->active->state == BUDGET_PARKED) schedule_dequeue(thread->active);
		budget_compete(thread->active, QUEUE_TAIL);
	}
	schedule_wake_helpers(thread);
}

void thread_settle(struct thread *thread) {
	if (thread->state == THREAD_READY) thread_make_ready(thread);
}

void thread_take_receiver(struct thread *thread) {
	list_remove(&thread->receiver_node);
	deadline_remove(thread);
	thread->state = THREAD_READY;
}

void thread_requeue(struct thread *thread) {
	if (thread->state == THREAD_RECEIVING) thread_take_receiver(thread);
	tie_release(&thread->call);
	if (thread->fault.label)
		thread->attention |= ATTENTION_FAULT;
	else
		arch_thread_restart_ipc(thread);
	thread_make_ready(thread);
}

void thread_end_ipc(struct thread *thread, error_t error) {
	if (thread->fault.label) {
		fault_lost(thread);
	} else if (thread->state == THREAD_RECEIVING) {
		thread_take_receiver(thread);
		ipc_finish(thread, error | IPC_RESULT_IN_RECEIVE);
	} else {
		ipc_finish(thread, error);
		thread->state = THREAD_READY;
	}
	thread_settle(thread);
}

void tie_end(struct tie *tie, error_t error) {
	struct thread *thread = tie_owner(tie);

	if (tie->kind == TIE_BUDGET)
		budget_refill(thread, thread->budget.quantum);
	else
		thread_end_ipc(thread, error);
}

void thread_stop(struct thread *thread) {
	thread->stops++;
	thread->changes++;
	if (thread->stops > 1) return;
	if (thread->state == THREAD_RECEIVING || thread->state == THREAD_SENDING) thread_requeue(thread);
	if (thread->active && thread->state == THREAD_READY) schedule_dequeue(thread->active);
}

error_t thread_resume(struct thread *thread) {
	if (thread->stops == 0) return ERROR_STATE;
	thread->stops--;
	thread->changes++;
	thread_settle(thread);
	return ERROR_OK;
}

void thread_cancel(struct thread *thread) {
	const int blocked = thread->state == THREAD_RECEIVING || thread->call.state != TIE_IDLE;

	if (!blocked || thread->fault.label) {
		thread->attention |= ATTENTION_CANCEL;
		return;
	}
	if (thread->call.state == TIE_HELD) budget_note_lender(&thread->call);
	tie_release(&thread->call);
	thread_end_ipc(thread, ERROR_CANCELLED);
}

void thread_halt(struct thread *thread) {
	thread->state = THREAD_HALTED;
	thread->attention &= ~ATTENTION_FAULT;
	signal_raise_slot(&thread->death);
}

void thread_rebind_begin(struct thread *thread, struct slot *slot, struct thread *other) {
	thread->rebound.object = slot_object_word(other, KIND_THREAD, RIGHTS_ALL);
	other->rebinder = thread;
	derivation_detach(slot);
	derivation_attach(&thread->rebound, slot);
}

enum step thread_rebind_finish(struct thread *thread) {
	struct slot *rebound = thread->rebinder ? &thread->rebinder->rebound : &thread->rebound;
	struct thread *other = slot_object(rebound);
	struct slot *slot;

	if (!other) return STEP_DONE;
	TRY_STEP(derivation_repoint(rebound, other));
	while ((slot = slot_from_link(rebound->child)) != NULL) {
		derivation_detach(slot);
		derivation_attach(&other->root, slot);
		TRY_STEP(step_next());
	}
	other->rebinder->restart_end = arch_cpu()->next_serial++;
	rebound->object = 0;
	other->rebinder = NULL;
	return STEP_DONE;
}

/* Its caller learns, once, that no answer will come; the time that came with the call goes back with that. */
static void thread_lose_held(struct thread *thread) {
	struct tie *tie = thread->held;

	if (!tie) return;
	struct budget *budget = budget_take(thread);
	tie_release(tie);
	const int lent = budget && budget_owner(budget) != thread && tie->kind == TIE_CALL;
	if (budget) budget_give(budget, lent ? tie_owner(tie) : budget_owner(budget));
	tie_end(tie, ERROR_PEER_LOST);
}

void thread_mark_dead(struct thread *thread) {
	struct cpu *cpu = arch_cpu();

	if (thread->dead) return;
	thread->dead = 1;
	list_remove(&thread->space_node);
	list_append(&thread->space->threads, &thread->space_node);
	if (cpu->current == thread) schedule_leave(QUEUE_HEAD);
	if (thread->state == THREAD_RECEIVING) thread_take_receiver(thread);
	/* Whoever serves its call goes on with the time that came with it. */
	if (thread->call.state == TIE_HELD) budget_note_lender(&thread->call);
	tie_release(&thread->call);
	thread->state = THREAD_HALTED;
	thread_lose_held(thread);
	budget_return(thread);
	budget_withdraw(thread);
	schedule_wake_helpers(thread);
	signal_raise_slot(&thread->death);
}

static void thread_unmap_utcb(struct thread *thread) {
	page_entry_t *entry = table_link(frame_of(thread->utcb));

	*entry = 0;
	table_changed(entry);
	arch_flush_page(thread->space, thread->utcb_address);
}

enum step thread_destroy(struct thread *thread) {
	thread_mark_dead(thread);
	TRY_STEP(ipc_fail_queue(thread, ERROR_GONE));
	TRY_STEP(thread_rebind_finish(thread));
	TRY_STEP(derivation_revoke(&thread->root));
	for (unsigned int index = 0; index < HANDLER_COUNT; index++) slot_remove(&thread->handlers[index]);
	slot_remove(&thread->death);
	list_remove(&thread->space_node);
	if (arch_cpu()->loaded == thread) arch_cpu()->loaded = NULL;
	if (thread->utcb) {
		thread_unmap_utcb(thread);
		frame_return(frame_of(thread->utcb));
	}
	frame_return(frame_of(thread));
	return STEP_DONE;
}
