/* SPDX-License-Identifier: MIT */
/*
 * Budgets: time, and with whom it is. Read budget.h first.
 */
#include "budget.h"

#include "cpu.h"
#include "ipc.h"
#include "message.h"
#include "panic.h"
#include "schedule.h"

#include <nacre/abi/fault.h>

struct thread *budget_owner(struct budget *budget) {
	return CONTAINER_OF(budget, struct thread, budget);
}

void budget_charge(void) {
	struct cpu *cpu = arch_cpu();
	struct budget *budget = cpu->budget;

	if (!budget) return;
	uint64_t now = arch_time_now();
	uint64_t elapsed = now - cpu->charged;
	cpu->charged = now;
	budget->consumed += elapsed;
	budget->remaining -= elapsed < budget->remaining ? elapsed : budget->remaining;
}

/* The current thread, if there is one, goes on without the CPU's budget. */
static void budget_leave_cpu(struct cpu *cpu) {
	budget_charge();
	cpu->budget->state = BUDGET_IDLE;
	cpu->budget = NULL;
	if (cpu->helping) cpu->current->attention &= ~ATTENTION_HELPED;
	cpu->helping = 0;
}

/* True if @thread waits for one other thread, which its time can help. */
static int thread_helps(const struct thread *thread) {
	return thread->state == THREAD_SENDING || (thread->state == THREAD_WAITING && thread->call.state == TIE_HELD);
}

/* Lets an idle budget compete if the thread it is with can use it, or helps another. */
static void budget_compete(struct budget *budget) {
	const struct thread *thread = budget->at;

	if (budget->state == BUDGET_IDLE && thread && (thread_is_runnable(thread) || thread_helps(thread)))
		schedule_enqueue(budget, QUEUE_TAIL);
}

/* True if @thread runs on the CPU's budget as its own time, not a helper's. */
static int runs_on_own_time(const struct thread *thread) {
	const struct cpu *cpu = arch_cpu();

	return cpu->current == thread && !cpu->helping;
}

/* True if @thread has a use for time and none at hand. */
static int thread_wants_time(const struct thread *thread) {
	return !thread->dead && !thread->active && !runs_on_own_time(thread) &&
	       (thread->state == THREAD_READY || thread_helps(thread));
}

static void budget_put(struct budget *budget, struct thread *thread) {
	thread->active = budget;
	budget->at = thread;
	if (thread->state == THREAD_WAITING) thread->attention |= ATTENTION_TIME;
	budget_compete(budget);
}

/* Back to its owner, who has it at hand if it has a use for it. */
static void budget_home(struct budget *budget) {
	struct thread *owner = budget_owner(budget);

	budget->at = NULL;
	if (budget->quantum && thread_wants_time(owner)) budget_put(budget, owner);
}

void budget_give(struct budget *budget, struct thread *thread) {
	if (thread_wants_time(thread))
		budget_put(budget, thread);
	else
		budget_home(budget);
}

struct budget *budget_take(struct thread *thread) {
	struct cpu *cpu = arch_cpu();
	struct budget *budget = runs_on_own_time(thread) ? cpu->budget : thread->active;

	thread->active = NULL;
	thread->attention &= ~ATTENTION_TIME;
	if (!budget) return NULL;
	if (budget == cpu->budget)
		budget_leave_cpu(cpu);
	else
		schedule_dequeue(budget);
	budget->at = NULL;
	return budget;
}

/* The current thread, which has no time at hand, goes on with @budget (which it waits for if that is exhausted). */
static void budget_use(struct budget *budget) {
	struct cpu *cpu = arch_cpu();

	if (budget->state == BUDGET_EXHAUSTED || cpu->budget) {
		budget_put(budget, cpu->current);
		return;
	}
	budget->at = cpu->current;
	budget->state = BUDGET_RUNNING;
	cpu->budget = budget;
	cpu->charged = arch_time_now();
	cpu->timer_stale = 1;
}

void budget_follow_call(struct thread *caller) {
	struct thread *receiver = arch_cpu()->current;

	if (!caller->active) return;
	struct budget *before = budget_take(receiver);
	struct budget *lent = budget_take(caller);
	budget_use(lent);
	if (before) budget_home(before);
}

static void lender_forget(struct thread *holder) {
	if (holder->lender) holder->lender->borrower = NULL;
	holder->lender = NULL;
}

void budget_return(struct thread *holder) {
	struct thread *lender = holder->lender;
	struct budget *budget = budget_take(holder);

	lender_forget(holder);
	holder->attention &= ~ATTENTION_LENT;
	if (!budget) return;
	if (lender && budget_owner(budget) != holder)
		budget_give(budget, lender);
	else
		budget_home(budget);
}

void budget_note_lender(struct thread *caller, struct thread *holder) {
	holder->attention |= ATTENTION_LENT;
	if (holder->lender || caller->borrower) return;
	holder->lender = caller;
	caller->borrower = holder;
}

void budget_set(struct thread *owner, uint64_t quantum, unsigned int priority) {
	struct budget *budget = &owner->budget;
	int queued = budget->state == BUDGET_QUEUED;

	budget_charge();
	if (queued) schedule_dequeue(budget);
	budget->priority = (uint8_t)priority;
	if (quantum == 0) {
		budget_withdraw(owner);
		return;
	}
	if (budget->quantum == 0 || budget->remaining > quantum) budget->remaining = quantum;
	budget->quantum = quantum;
	if (queued)
		schedule_enqueue(budget, QUEUE_TAIL);
	else if (!budget->at && budget->state == BUDGET_IDLE)
		budget_home(budget);
	arch_cpu()->reschedule = 1;
	arch_cpu()->timer_stale = 1;
}

/*
 * @thread has lost lent time. If it has none of its own, whom it works for may have some at home: callers are asked
 * one after another, as far as helping goes.
 */
static void budget_substitute(struct thread *thread) {
	for (unsigned int hops = 0; hops <= HELP_HOPS_MAX; hops++) {
		struct budget *own = &thread->budget;
		if (own->quantum && !own->at && own->state == BUDGET_IDLE) {
			budget_home(own);
			return;
		}
		if (!thread->held || thread->held->kind != TIE_CALL) return;
		thread = tie_owner(thread->held);
	}
}

/* Takes @budget away from whoever has it. */
static void budget_remove(struct budget *budget) {
	struct cpu *cpu = arch_cpu();
	struct thread *user = budget->at;

	if (budget == cpu->budget) {
		/* What @at says of a running budget is behind, unless it helps. */
		user = cpu->helping ? user : cpu->current;
		budget_leave_cpu(cpu);
	} else {
		schedule_dequeue(budget);
	}
	budget->at = NULL;
	if (!user) return;
	if (user->active == budget) user->active = NULL;
	user->attention &= ~ATTENTION_TIME;
	if (user != budget_owner(budget)) budget_substitute(user);
}

void budget_withdraw(struct thread *owner) {
	struct budget *budget = &owner->budget;

	tie_release(&budget->tie);
	budget_remove(budget);
	budget->state = BUDGET_IDLE;
	budget->quantum = 0;
	budget->remaining = 0;
	if (owner->borrower) lender_forget(owner->borrower);
}

/* The message to the scheduler: FAULT_BUDGET. */
static void budget_deliver(struct budget *budget, struct thread *receiver, uint64_t badge) {
	const uint64_t words[] = {budget_owner(budget)->serial, budget->quantum, budget->priority};

	message_deliver(receiver, IPC_TAG(FAULT_BUDGET, 3, 0), badge, words, 3);
	tie_hold(&budget->tie, receiver);
}

void budget_message_take(struct tie *tie, struct thread *receiver) {
	budget_deliver(&tie_owner(tie)->budget, receiver, tie->badge);
}

struct thread *budget_scheduler(const struct thread *owner) {
	const struct slot *slot = &owner->handlers[HANDLER_SCHEDULER];

	return slot->object ? slot_object(slot) : NULL;
}

void budget_exhausted(struct budget *budget) {
	struct thread *owner = budget_owner(budget);
	const struct slot *slot = &owner->handlers[HANDLER_SCHEDULER];
	struct thread *scheduler = budget_scheduler(owner);

	if (!scheduler || scheduler->dead) {
		budget->remaining = budget->quantum;
		return;
	}
	schedule_dequeue(budget);
	budget->state = BUDGET_EXHAUSTED;
	struct thread *receiver = ipc_receiver(scheduler);
	if (!receiver) {
		tie_enqueue(&budget->tie, scheduler, slot->badge);
		return;
	}
	thread_take_receiver(receiver);
	budget_deliver(budget, receiver, slot->badge);
	thread_make_ready(receiver);
}

void budget_refill(struct thread *owner, uint64_t granted, unsigned int priority) {
	struct budget *budget = &owner->budget;

	budget->remaining = granted ? granted : budget->quantum;
	budget->priority = (uint8_t)priority;
	if (budget->state == BUDGET_EXHAUSTED) budget->state = BUDGET_IDLE;
	if (budget->at)
		budget_compete(budget);
	else
		budget_home(budget);
}
