/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: call, send, receive, reply; who waits for whom.
 *
 * Owns the order in which things happen in one `ipc`. Messages themselves are message.c, answers of kernel
 * objects invoke.c, time budget.c. Every path checks first and then changes; nothing blocks in the kernel: a
 * thread that waits has its arguments in its registers and executes `ipc` again, or gets its result there.
 */
#include "ipc.h"

#include "invoke.h"
#include "message.h"
#include "schedule.h"
#include "space.h"

struct thread *ipc_receiver(struct thread *queue) {
	if (list_is_empty(&queue->receivers)) return NULL;
	return CONTAINER_OF(queue->receivers.next, struct thread, receiver_node);
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
	const int is_call = (operation & IPC_SEND_MASK) == IPC_CALL;
	struct thread *receiver = ipc_receiver(queue);

	TRY(message_tag_check(tag));
	if (unlikely(queue->dead)) return ERROR_GONE;
	if (is_call) TRY(ipc_take_cancel(self));
	if (!receiver) {
		if (operation & IPC_SEND_NONBLOCK) return ERROR_WOULD_BLOCK;
		TRY(ipc_take_cancel(self));
		tie_enqueue(&self->call, queue, badge);
		self->state = THREAD_SENDING;
		schedule_leave(QUEUE_HEAD);
		return 0;
	}
	uint64_t result = message_transfer(self, receiver, badge, tag, is_call ? 0 : IPC_TAG_ONE_WAY);
	if (unlikely(result != 0)) return result;
	thread_take_receiver(receiver);
	if (is_call) {
		self->state = THREAD_WAITING;
		tie_hold(&self->call, receiver);
		schedule_hand_over(receiver);
	} else {
		thread_make_ready(receiver);
	}
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
	case KIND_REVOKED:
	case KIND_REPLY: return ERROR_CAPABILITY;
	default:
		if ((operation & IPC_SEND_MASK) != IPC_CALL) return ERROR_RIGHT;
		return invoke(self, slot);
	}
}

/* --- Reply -------------------------------------------------------------------------------------- */

/* Gives @caller, whose tie is idle now, the reply of @self. Items that are refused are left out. */
static void reply_deliver(struct thread *self, struct thread *caller, uint64_t tag) {
	const uint64_t refused = (tag & ~(IPC_TAG_ITEMS_MASK << IPC_TAG_ITEMS_SHIFT)) | IPC_TAG_REFUSED;

	if (unlikely(message_transfer(self, caller, 0, tag, 0) != 0)) message_commit_words(self, caller, refused, 0);
	caller->state = THREAD_READY;
}

/* The time that came with the call that @self serves; NULL if there is none, or it was returned before. */
static struct budget *reply_time(const struct thread *self) {
	const struct cpu *cpu = arch_cpu();
	struct budget *budget = cpu->helping ? self->active : cpu->budget;

	return budget && budget_owner(budget) != self ? budget : NULL;
}

/* @self does not block after its reply: @next, if there is one, gets its time back and competes. */
static void reply_settle(struct thread *self, struct thread *next) {
	if (!next) return;
	struct budget *budget = budget_take(self);
	if (budget) budget_give(budget, next);
	thread_settle(next);
}

/* Finds the tie that the reply is for; NULL if its caller has gone. */
static error_t reply_decode(struct thread *self, struct tie **tie, struct slot **slot) {
	const uint32_t number = (uint32_t)self->registers.target;

	*slot = NULL;
	*tie = self->held;
	if (likely(number == 0)) return *tie ? ERROR_OK : ERROR_GONE;
	TRY(slot_find_kind(self->space, number, KIND_REPLY, slot));
	*tie = tie_of_slot(*slot);
	return ERROR_OK;
}

/*
 * Answers the call that @self, the current thread, serves or whose reply right its target names. If the call's time is
 * the CPU's current budget, the caller is returned in *@next, ready but competing for nothing: the CPU can be handed to
 * it at no cost if @self goes on to block.
 */
static error_t ipc_reply(struct thread *self, struct thread **next) {
	const uint64_t tag = self->registers.tag;
	struct slot *slot;
	struct tie *tie;

	TRY(message_tag_check(tag));
	TRY(reply_decode(self, &tie, &slot));
	if (unlikely(self->attention & ATTENTION_LENT)) budget_return(self);
	if (unlikely(!tie)) {
		slot->object = 0;
		return ERROR_GONE;
	}

	struct thread *caller = tie_owner(tie);
	const struct budget *time = slot ? NULL : reply_time(self);
	tie_release(tie);
	if (unlikely(slot)) slot->object = 0;
	if (unlikely(tie->kind == TIE_BUDGET)) {
		budget_answer(caller, self, tag);
		return ERROR_OK;
	}
	if (unlikely(caller->fault.label))
		fault_answer(caller, self, tag);
	else
		reply_deliver(self, caller, tag);
	if (likely(time && time == arch_cpu()->budget && !caller->active)) {
		*next = caller;
		return ERROR_OK;
	}
	if (time) budget_give(budget_take(self), caller);
	thread_settle(caller);
	return ERROR_OK;
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

/* Takes the message of a queued thread or budget; an error is the sender's, who learns it. */
static uint64_t receive_from_caller(struct thread *self, struct tie *tie) {
	struct thread *sender = tie_owner(tie);
	const int is_call = sender->fault.label || (sender->registers.operation & IPC_SEND_MASK) == IPC_CALL;

	if (unlikely(tie->kind == TIE_BUDGET)) {
		budget_deliver(tie, self);
		return 0;
	}
	if (sender->fault.label) {
		fault_deliver(sender, self, tie->badge);
	} else {
		uint64_t result = message_transfer(sender, self, tie->badge, sender->registers.tag,
		                                   is_call ? 0 : IPC_TAG_ONE_WAY);
		if (result != 0) {
			tie_release(tie);
			ipc_finish(sender, result);
			thread_make_ready(sender);
			return result;
		}
	}
	if (is_call) {
		sender->state = THREAD_WAITING;
		tie_hold(tie, self);
		budget_follow_call(sender);
	} else {
		tie_release(tie);
		sender_resume(sender);
	}
	return 0;
}

static error_t receive_decode(struct thread *self, struct thread **queue) {
	const uint32_t number = (uint32_t)(self->registers.target >> 32);
	struct slot *slot;

	*queue = self;
	if (unlikely(self->held)) return ERROR_BUSY;
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

/* Kernel time of the deadline that the user gave in its space's time; it may have passed before the kernel's began. */
static uint64_t receive_deadline(const struct thread *self, uint64_t operation) {
	const uint64_t offset = self->space->time_offset;

	if (likely(!(operation & IPC_DEADLINE))) return TIME_NEVER;
	uint64_t deadline = READ_ONCE(self->utcb->deadline);
	if (deadline == TIME_NEVER) return TIME_NEVER;
	return deadline < offset && (int64_t)offset > 0 ? 0 : deadline - offset;
}

static void ipc_receive(struct thread *self, uint64_t operation, struct thread *next) {
	const uint64_t deadline = receive_deadline(self, operation);
	struct thread *queue;
	error_t error = receive_decode(self, &queue);

	if (unlikely(error != ERROR_OK)) {
		reply_settle(self, next);
		ipc_finish(self, error | IPC_RESULT_IN_RECEIVE);
		return;
	}
	if (unlikely(self->attention & ATTENTION_LENT)) budget_return(self);
	if (likely(!(queue->attention & (ATTENTION_SIGNALS | ATTENTION_CALLERS)))) {
		error = (operation & IPC_RECEIVE_NONBLOCK) ? ERROR_WOULD_BLOCK : ipc_take_cancel(self);
		if (error == ERROR_OK && deadline != TIME_NEVER && deadline <= arch_time_now()) error = ERROR_TIMEOUT;
		if (likely(error == ERROR_OK)) {
			receive_block(self, queue, deadline, next);
			return;
		}
	}
	reply_settle(self, next);
	if (error != ERROR_OK) {
		ipc_finish(self, error | IPC_RESULT_IN_RECEIVE);
	} else if (queue->signals) {
		signal_deliver(queue, self);
	} else {
		do {
			struct tie *tie = CONTAINER_OF(queue->callers.next, struct tie, node);
			if (receive_from_caller(self, tie) == 0) return;
		} while (!list_is_empty(&queue->callers) && step_next() == STEP_DONE);
		arch_thread_restart_ipc(self);
	}
}

/* --- The system call ----------------------------------------------------------------------------- */

static error_t ipc_save(struct thread *self) {
	struct slot *slot;

	if (!self->held) return ERROR_GONE;
	TRY(slot_find_empty(self->space, READ_ONCE(self->utcb->save_slot), &slot));
	tie_save(self->held, slot);
	self->registers.operation &= ~IPC_SAVE;
	return ERROR_OK;
}

static error_t ipc_operation_check(uint64_t operation) {
	const uint64_t phase = operation & IPC_SEND_MASK;
	const uint64_t wrong = phase == IPC_CALL ? IPC_RECEIVE : phase == IPC_REPLY ? IPC_SAVE : 0;

	return operation & (~IPC_OPERATION_ALL | wrong) ? ERROR_ARGUMENT : ERROR_OK;
}

static void ipc_execute(struct thread *self) {
	const uint64_t operation = self->registers.operation;
	const uint64_t phase = operation & IPC_SEND_MASK;
	struct thread *next = NULL;
	uint64_t result = ipc_operation_check(operation);

	if (unlikely(operation & IPC_SAVE) && result == 0) result = ipc_save(self);
	if (result == 0 && phase == IPC_REPLY)
		result = ipc_reply(self, &next);
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
	ipc_send_done(self);
	ipc_receive(self, operation, next);
}

void ipc_general(void) {
	ipc_execute(arch_cpu()->current);
	schedule_finish(LEAVE_VOLUNTARY);
}

/* --- Queues that end ----------------------------------------------------------------------------- */

/* Somebody other than the thread itself who receives from @queue, or NULL. */
static struct thread *foreign_receiver(struct thread *queue) {
	const struct list_node *node = queue->receivers.next;

	if (node == &queue->receiver_node) node = node->next;
	return node == &queue->receivers ? NULL : CONTAINER_OF(node, struct thread, receiver_node);
}

enum step ipc_restart_queue(struct thread *queue) {
	struct thread *receiver;

	while ((receiver = foreign_receiver(queue)) != NULL) {
		thread_requeue(receiver);
		TRY_STEP(step_next());
	}
	while (!list_is_empty(&queue->callers)) {
		struct tie *tie = CONTAINER_OF(queue->callers.next, struct tie, node);
		struct thread *sender = tie_owner(tie);
		if (tie->sequence > queue->restart_end) break;
		if (tie->kind == TIE_BUDGET) {
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
		tie_release(tie);
		tie_end(tie, error);
		TRY_STEP(step_next());
	}
	while (!list_is_empty(&queue->receivers)) {
		thread_end_ipc(ipc_receiver(queue), error);
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}
