/* SPDX-License-Identifier: MIT */
/*
 * The reply phase of `ipc`. Read reply.h first.
 */
#include "reply.h"

#include "cpu.h"
#include "fault.h"
#include "message.h"
#include "space.h"

/* Gives @caller, whose tie is idle now, the reply of @self. Items that are refused are left out. */
static void reply_deliver(struct thread *self, struct thread *caller, uint64_t tag) {
	const uint64_t refused = (tag & ~(IPC_TAG_ITEMS_MASK << IPC_TAG_ITEMS_SHIFT)) | IPC_TAG_REFUSED;

	if (unlikely(message_transfer(self, caller, 0, tag, 0) != 0)) message_commit_words(self, caller, refused, 0);
	caller->state = THREAD_READY;
}

/* Finds the tie that the reply is for. */
static error_t reply_decode(struct thread *self, uint32_t number, struct tie **tie, struct slot **slot) {
	*slot = NULL;
	*tie = self->held;
	if (number == 0) return *tie ? ERROR_OK : ERROR_GONE;
	TRY(slot_find_kind(self->space, number, KIND_REPLY, slot));
	*tie = tie_of_slot(*slot);
	return ERROR_OK;
}

/* Where the time is that came with the call that @self serves. */
enum time_source {
	TIME_ON_CPU,    /* the CPU's current budget */
	TIME_WAITING,   /* with @self, which runs on a helper's */
	TIME_ELSEWHERE, /* there is none, or it was returned before */
};

static enum time_source time_of_call(const struct thread *self) {
	const struct cpu *cpu = arch_cpu();
	struct budget *budget = cpu->helping ? self->active : cpu->budget;

	if (!budget || budget_owner(budget) == self) return TIME_ELSEWHERE;
	return cpu->helping ? TIME_WAITING : TIME_ON_CPU;
}

/* An answered caller competes for the CPU, unless the answer halted it. */
static void caller_settle(struct thread *caller) {
	if (caller->state == THREAD_READY) thread_make_ready(caller);
}

error_t reply_send(struct thread *self, struct thread **next) {
	const uint64_t tag = self->registers.tag;
	struct slot *slot;
	struct tie *tie;

	TRY(message_tag_check(tag));
	TRY(reply_decode(self, (uint32_t)self->registers.target, &tie, &slot));
	if (unlikely(self->attention & ATTENTION_LENT)) budget_return(self);
	if (unlikely(!tie)) {
		slot->object = 0;
		return ERROR_GONE;
	}

	struct thread *caller = tie_owner(tie);
	const enum time_source source = slot ? TIME_ELSEWHERE : time_of_call(self);
	tie_release(tie);
	if (slot) slot->object = 0;
	if (unlikely(tie->kind == TIE_BUDGET)) {
		unsigned int priority =
			IPC_TAG_WORDS(tag) > 1 ? message_word(self, 1) & PRIORITY_MAX : caller->budget.priority;
		unsigned int ceiling = control_ceiling(caller->control_badge);
		budget_refill(caller, IPC_TAG_WORDS(tag) ? message_word(self, 0) : 0,
		              priority < ceiling ? priority : ceiling);
		return ERROR_OK;
	}
	if (unlikely(caller->fault.label))
		fault_answer(caller, self, tag);
	else
		reply_deliver(self, caller, tag);
	if (likely(source == TIME_ON_CPU && !caller->active)) {
		*next = caller;
		return ERROR_OK;
	}
	if (source != TIME_ELSEWHERE) budget_give(budget_take(self), caller);
	caller_settle(caller);
	return ERROR_OK;
}

void reply_settle(struct thread *self, struct thread *next) {
	if (!next) return;
	struct budget *budget = budget_take(self);
	if (budget) budget_give(budget, next);
	caller_settle(next);
}
