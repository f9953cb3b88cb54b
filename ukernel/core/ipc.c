/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: call, send, receive, reply; who waits for whom.
 *
 * Owns the order in which things happen in one `ipc`. Messages themselves are message.c, answers of kernel
 * objects invoke.c, time budget.c. Every path checks first and then changes; nothing blocks in the kernel: a
 * thread that waits has its arguments in its registers and executes `ipc` again, or gets its result there.
 */
#include "ipc.h"

#include "cpu.h"
#include "deadline.h"
#include "fault.h"
#include "invoke.h"
#include "message.h"
#include "panic.h"
#include "reply.h"
#include "schedule.h"
#include "signal.h"
#include "space.h"

struct thread *ipc_receiver(struct thread *queue) {
	if (list_is_empty(&queue->receivers)) return NULL;
	return CONTAINER_OF(queue->receivers.next, struct thread, receiver_node);
}

/* Ends the ipc of the current thread without a message. */
static void ipc_finish(struct thread *self, uint64_t result) {
	self->registers.operation = result;
	self->registers.target = 0;
	self->registers.tag = 0;
}

/* The send phase is done: should the thread have to start again, it only receives. */
static void ipc_send_done(struct thread *self) {
	self->registers.operation &= ~(IPC_SEND_MASK | IPC_SEND_NONBLOCK | IPC_SAVE);
}

static error_t ipc_take_cancel(struct thread *self) {
	if (likely(!(self->attention & ATTENTION_CANCEL))) return ERROR_OK;
	self->attention &= ~ATTENTION_CANCEL;
	return ERROR_CANCELLED;
}

/* --- Send --------------------------------------------------------------------------------------- */

static uint64_t ipc_send_to(struct thread *self, struct thread *queue, uint64_t badge, uint64_t operation) {
	const uint64_t tag = self->registers.tag;
	const uint64_t phase = operation & IPC_SEND_MASK;
	error_t error = message_tag_check(tag);

	if (unlikely(error != ERROR_OK)) return error;
	if (unlikely(queue->dead)) return ERROR_GONE;
	if (phase == IPC_CALL) TRY(ipc_take_cancel(self));

	struct thread *receiver = ipc_receiver(queue);
	if (likely(receiver != NULL)) {
		uint64_t result = message_transfer(self, receiver, badge, tag, phase == IPC_SEND ? IPC_TAG_ONE_WAY : 0);
		if (unlikely(result != 0)) return result;
		thread_take_receiver(receiver);
		if (phase == IPC_SEND) {
			thread_make_ready(receiver);
			return 0;
		}
		self->state = THREAD_WAITING;
		tie_hold(&self->call, receiver);
		schedule_hand_over(receiver);
		return 0;
	}
	if (operation & IPC_SEND_NONBLOCK) return ERROR_WOULD_BLOCK;
	error = ipc_take_cancel(self);
	if (error != ERROR_OK) return error;
	tie_enqueue(&self->call, queue, badge);
	self->state = THREAD_SENDING;
	schedule_leave(QUEUE_HEAD);
	return 0;
}

/* Call and send; a capability that is missing and one of the wrong kind look alike. */
static uint64_t ipc_send(struct thread *self, uint64_t operation) {
	struct slot *slot = slot_find(self->space, (uint32_t)self->registers.target);

	if (unlikely(!slot)) return ERROR_CAPABILITY;
	switch (slot_kind(slot)) {
	case KIND_THREAD:
		if (likely(slot_rights(slot) & RIGHT_SEND))
			return ipc_send_to(self, slot_object(slot), slot->badge, operation);
		if ((operation & IPC_SEND_MASK) != IPC_SEND || !(slot_rights(slot) & RIGHT_SIGNAL)) return ERROR_RIGHT;
		signal_raise(slot_object(slot), slot->badge);
		return 0;
	case KIND_EMPTY:
	case KIND_REPLY: return ERROR_CAPABILITY;
	default:
		if ((operation & IPC_SEND_MASK) != IPC_CALL) return ERROR_RIGHT;
		return invoke(self, slot);
	}
}

/* --- Receive ------------------------------------------------------------------------------------ */

/* The sender of a one-way message goes on: to its receive phase, if it has one. */
static void sender_resume(struct thread *sender) {
	if (sender->registers.operation & IPC_RECEIVE) {
		ipc_send_done(sender);
		arch_thread_restart_ipc(sender);
	} else {
		ipc_finish(sender, 0);
	}
	thread_make_ready(sender);
}

/* Takes the call or message of a queued thread; an error is the sender's, who learns it. */
static uint64_t receive_from_thread(struct thread *self, struct tie *tie) {
	struct thread *sender = tie_owner(tie);
	const uint64_t phase = sender->fault.label ? IPC_CALL : sender->registers.operation & IPC_SEND_MASK;

	if (sender->fault.label) {
		fault_deliver(sender, self, tie->badge);
	} else {
		uint64_t result = message_transfer(sender, self, tie->badge, sender->registers.tag,
		                                   phase == IPC_SEND ? IPC_TAG_ONE_WAY : 0);
		if (result != 0) {
			tie_release(tie);
			ipc_finish(sender, result);
			thread_make_ready(sender);
			return result;
		}
	}
	if (phase == IPC_SEND) {
		tie_release(tie);
		sender_resume(sender);
		return 0;
	}
	sender->state = THREAD_WAITING;
	tie_hold(tie, self);
	budget_follow_call(sender);
	return 0;
}

static uint64_t receive_from_caller(struct thread *self, struct tie *tie) {
	if (likely(tie->kind == TIE_CALL)) return receive_from_thread(self, tie);
	budget_message_take(tie, self);
	return 0;
}

static error_t receive_decode(struct thread *self, struct thread **queue) {
	uint32_t number = (uint32_t)(self->registers.target >> 32);
	struct slot *slot;

	*queue = self;
	if (likely(number == 0)) return ERROR_OK;
	TRY(slot_find_kind(self->space, number, KIND_THREAD, &slot));
	if (!(slot_rights(slot) & RIGHT_SERVE)) return ERROR_RIGHT;
	*queue = slot_object(slot);
	self->served = *queue;
	self->served_serial = (*queue)->serial;
	return (*queue)->dead ? ERROR_GONE : ERROR_OK;
}

/* Waits in @queue. @next, if any, has just been answered and goes on with the CPU's budget. */
static void receive_block(struct thread *self, struct thread *queue, uint64_t deadline, struct thread *next) {
	self->state = THREAD_RECEIVING;
	list_append(&queue->receivers, &self->receiver_node);
	if (deadline != TIME_NEVER) deadline_add(self, deadline);
	if (likely(next && thread_is_runnable(next) && arch_cpu()->budget)) {
		schedule_hand_over(next);
		return;
	}
	if (next)
		reply_settle(self, next);
	else
		budget_return(self);
	if (arch_cpu()->current) schedule_leave(QUEUE_HEAD);
}

/* Kernel time of the deadline that the user gave in its space's time. */
static uint64_t receive_deadline(const struct thread *self, uint64_t operation) {
	if (likely(!(operation & IPC_DEADLINE))) return TIME_NEVER;
	uint64_t deadline = READ_ONCE(self->utcb->deadline);
	if (deadline == TIME_NEVER) return TIME_NEVER;
	deadline -= self->space->time_offset;
	/* A deadline before the kernel's time began has passed. */
	return (int64_t)deadline < 0 ? 0 : deadline;
}

enum receive_outcome {
	RECEIVED,
	RECEIVE_BLOCKED,
	RECEIVE_FAILED,
	RECEIVE_AGAIN,
};

static enum receive_outcome ipc_receive(struct thread *self, uint64_t operation, struct thread *next, error_t *error) {
	struct thread *queue;
	const uint64_t deadline = receive_deadline(self, operation);

	*error = receive_decode(self, &queue);
	if (*error == ERROR_OK && self->held) *error = ERROR_BUSY;
	if (unlikely(*error != ERROR_OK)) {
		reply_settle(self, next);
		return RECEIVE_FAILED;
	}
	if (unlikely(self->attention & ATTENTION_LENT)) budget_return(self);
	if (unlikely(queue->signals)) {
		reply_settle(self, next);
		signal_deliver(queue, self);
		return RECEIVED;
	}
	while (unlikely(!list_is_empty(&queue->callers))) {
		reply_settle(self, next);
		next = NULL;
		if (receive_from_caller(self, CONTAINER_OF(queue->callers.next, struct tie, node)) == 0)
			return RECEIVED;
		if (step_next() == STEP_AGAIN) return RECEIVE_AGAIN;
	}
	*error = (operation & IPC_RECEIVE_NONBLOCK) ? ERROR_WOULD_BLOCK : ipc_take_cancel(self);
	if (*error == ERROR_OK && deadline != TIME_NEVER && deadline <= arch_time_now()) *error = ERROR_TIMEOUT;
	if (unlikely(*error != ERROR_OK)) {
		reply_settle(self, next);
		return RECEIVE_FAILED;
	}
	receive_block(self, queue, deadline, next);
	return RECEIVE_BLOCKED;
}

/* --- The system call ----------------------------------------------------------------------------- */

static error_t ipc_save(struct thread *self) {
	struct slot *slot;

	if (!self->held) return ERROR_GONE;
	TRY(slot_find_empty(self->space, READ_ONCE(self->utcb->save_slot), &slot));
	budget_note_lender(tie_owner(self->held), self);
	tie_save(self->held, slot);
	self->registers.operation &= ~IPC_SAVE;
	return ERROR_OK;
}

static error_t ipc_operation_check(uint64_t operation) {
	const uint64_t phase = operation & IPC_SEND_MASK;

	if ((operation & ~IPC_OPERATION_ALL) != 0 || (phase == IPC_CALL && (operation & IPC_RECEIVE)))
		return ERROR_ARGUMENT;
	if (phase == IPC_REPLY && (operation & IPC_SAVE)) return ERROR_ARGUMENT;
	return ERROR_OK;
}

static void ipc_execute(struct thread *self) {
	const uint64_t operation = self->registers.operation;
	const uint64_t phase = operation & IPC_SEND_MASK;
	struct thread *next = NULL;
	uint64_t result = ipc_operation_check(operation);

	if (unlikely(operation & IPC_SAVE) && result == 0) result = ipc_save(self);
	if (result == 0 && phase == IPC_REPLY)
		result = reply_send(self, &next);
	else if (result == 0 && phase != IPC_NO_SEND)
		result = ipc_send(self, operation);
	if (unlikely(result != 0)) {
		if (result != INVOKE_ANSWERED) ipc_finish(self, result);
		return;
	}
	if (phase == IPC_CALL || self->state != THREAD_READY || self->dead) return;
	if (!(operation & IPC_RECEIVE)) {
		reply_settle(self, next);
		ipc_finish(self, 0);
		return;
	}
	error_t error;
	ipc_send_done(self);
	switch (ipc_receive(self, operation, next, &error)) {
	case RECEIVED:
	case RECEIVE_BLOCKED: break;
	case RECEIVE_FAILED: ipc_finish(self, error | IPC_RESULT_IN_RECEIVE); break;
	case RECEIVE_AGAIN: arch_thread_restart_ipc(self); break;
	}
}

void ipc_general(void) {
	ipc_execute(arch_cpu()->current);
	schedule_finish(LEAVE_VOLUNTARY);
}

/* --- Queues that end ----------------------------------------------------------------------------- */

enum step ipc_restart_callers(struct thread *queue) {
	struct list_node *node = queue->callers.next;

	while (node != &queue->callers) {
		struct tie *tie = CONTAINER_OF(node, struct tie, node);
		struct thread *sender = tie_owner(tie);
		node = node->next;
		if (tie->kind == TIE_BUDGET) {
			if (budget_scheduler(sender) == queue) continue;
			tie_release(tie);
			budget_exhausted(&sender->budget);
		} else {
			thread_requeue(sender);
		}
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}

enum step ipc_fail_queue(struct thread *queue, error_t error) {
	while (!list_is_empty(&queue->callers)) {
		struct tie *tie = CONTAINER_OF(queue->callers.next, struct tie, node);
		struct thread *sender = tie_owner(tie);
		tie_release(tie);
		if (tie->kind == TIE_BUDGET)
			tie_owner_lost(tie);
		else
			thread_end_ipc(sender, error);
		TRY_STEP(step_next());
	}
	while (!list_is_empty(&queue->receivers)) {
		thread_end_ipc(ipc_receiver(queue), error);
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}
