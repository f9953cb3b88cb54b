/* SPDX-License-Identifier: MIT */
/*
 * The rules of threads' states, queues and ties.
 */
#include "invariants.h"

/* True if @node is in a list; in which one, the walk along each queue tells. */
static int node_is_listed(const struct list_node *node) {
	return !list_is_empty(node) && node->next->previous == node && node->previous->next == node;
}

static void check_list(const struct list_node *head) {
	const struct list_node *node = head;

	do {
		INVARIANT(node->next->previous == node, "a list is linked both ways", node);
		node = node->next;
	} while (node != head);
}

static int thread_is_alive(const struct thread *thread) { return invariants_is_object(thread, FRAME_THREAD); }

static void check_tie(struct tie *tie) {
	const struct thread *owner = tie_owner(tie);

	switch ((enum tie_state)tie->state) {
	case TIE_IDLE: break;
	case TIE_QUEUED:
		INVARIANT(thread_is_alive(tie->queue), "a tie's queue is alive", owner);
		INVARIANT(node_is_listed(&tie->node), "a queued tie is in its queue", owner);
		return;
	case TIE_HELD:
		INVARIANT(thread_is_alive(tie->holder) && !tie->holder->dead, "a tie's holder is alive", owner);
		INVARIANT(tie->holder->held == tie, "a holder knows what it holds", owner);
		break;
	case TIE_SAVED:
		INVARIANT(slot_kind(tie->slot) == KIND_REPLY && tie_of_slot(tie->slot) == tie,
		          "a saved tie is in its slot", owner);
		break;
	default: INVARIANT(0, "a tie has a state", owner);
	}
	INVARIANT(list_is_empty(&tie->node), "only a queued tie is in a queue", owner);
}

static int flag_is(const struct thread *thread, uint32_t flag, int wanted) {
	return ((thread->attention & flag) != 0) == wanted;
}

/* The thread as a queue. */
static void check_queue(struct thread *queue) {
	check_list(&queue->callers);
	check_list(&queue->receivers);
	for (const struct list_node *node = queue->callers.next; node != &queue->callers; node = node->next) {
		const struct tie *tie = CONTAINER_OF(node, struct tie, node);
		INVARIANT(tie->state == TIE_QUEUED && tie->queue == queue, "a queue's callers know it", queue);
	}
	for (const struct list_node *node = queue->receivers.next; node != &queue->receivers; node = node->next) {
		const struct thread *receiver = CONTAINER_OF(node, struct thread, receiver_node);
		INVARIANT(thread_is_alive(receiver) && receiver->state == THREAD_RECEIVING,
		          "a queue's receivers receive", queue);
	}
	INVARIANT(flag_is(queue, ATTENTION_CALLERS, !list_is_empty(&queue->callers)), "attention tells of callers",
	          queue);
	INVARIANT(flag_is(queue, ATTENTION_SIGNALS, queue->signals != 0), "attention tells of signals", queue);
	if (!queue->dead && !list_is_empty(&queue->receivers))
		INVARIANT(list_is_empty(&queue->callers) && queue->signals == 0,
		          "nobody waits at a queue that has something to give", queue);
}

static void check_idle_call(const struct thread *thread) {
	INVARIANT(thread->call.state == TIE_IDLE, "a thread that is not in a call has an idle tie", thread);
}

static void check_state(const struct thread *thread) {
	switch ((enum thread_state)thread->state) {
	case THREAD_READY:
		check_idle_call(thread);
		INVARIANT(flag_is(thread, ATTENTION_FAULT, thread->fault.label != 0),
		          "a ready thread's fault is to be sent", thread);
		break;
	case THREAD_RECEIVING:
		check_idle_call(thread);
		INVARIANT(node_is_listed(&thread->receiver_node), "a receiver is in its queue", thread);
		INVARIANT(!thread->held && thread->stops == 0 && !thread->fault.label && thread->utcb,
		          "a receiver is free to receive", thread);
		break;
	case THREAD_SENDING:
		INVARIANT(thread->call.state == TIE_QUEUED && thread->stops == 0, "a sender is queued", thread);
		break;
	case THREAD_WAITING:
		INVARIANT(thread->call.state == TIE_HELD || thread->call.state == TIE_SAVED,
		          "somebody can answer who waits", thread);
		break;
	case THREAD_HALTED:
		check_idle_call(thread);
		INVARIANT(thread->dead || thread->fault.label, "a halted thread has a fault", thread);
		break;
	case THREAD_QUEUE:
		check_idle_call(thread);
		INVARIANT(!thread->utcb && !thread->held, "a queue does nothing", thread);
		break;
	default: INVARIANT(0, "a thread has a state", thread);
	}
}

void invariants_check_thread_ipc(struct thread *thread) {
	INVARIANT(thread->call.kind == TIE_CALL && thread->budget.tie.kind == TIE_BUDGET, "ties know what they are",
	          thread);
	check_queue(thread);
	check_tie(&thread->call);
	check_tie(&thread->budget.tie);
	check_state(thread);
	if (thread->held)
		INVARIANT(thread->held->state == TIE_HELD && thread->held->holder == thread,
		          "what is held knows its holder", thread);
	if (thread->dead)
		INVARIANT(thread->state == THREAD_HALTED && !thread->held, "a dead thread does nothing", thread);
	if (thread->state != THREAD_RECEIVING)
		INVARIANT(list_is_empty(&thread->receiver_node), "only a receiver is in a queue", thread);
	if (thread->attention & ATTENTION_FAULT)
		INVARIANT(thread->state == THREAD_READY, "a fault waits in a ready thread", thread);
}
