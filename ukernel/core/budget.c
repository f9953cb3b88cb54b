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

struct thread *budget_owner(struct budget *budget)
{
	return CONTAINER_OF(budget, struct thread, budget);
}

void budget_charge(void)
{
	struct cpu *cpu = arch_cpu();
	struct budget *budget = cpu->budget;

	if (!budget)
		return;
	uint64_t now = arch_time_now();
	uint64_t elapsed = now - cpu->charged;
	cpu->charged = now;
	budget->consumed += elapsed;
	budget->remaining -= elapsed < budget->remaining ? elapsed : budget->remaining;
}

/* Lets an idle budget compete if the thread it is with can use it, or helps another by waiting in a queue. */
static void budget_compete(struct budget *budget)
{
	const struct thread *thread = budget->at;

	if (budget->state == BUDGET_IDLE && thread &&
	    (thread_is_runnable(thread) || thread->state == THREAD_SENDING))
		schedule_enqueue(budget, QUEUE_TAIL);
}

/* True if @thread runs on the CPU's budget as its own time, not a helper's. */
static int runs_on_own_time(const struct thread *thread)
{
	const struct cpu *cpu = arch_cpu();

	return cpu->current == thread && !cpu->helping;
}

static void budget_home(struct budget *budget)
{
	struct thread *owner = budget_owner(budget);

	budget->at = NULL;
	if (budget->quantum && !owner->dead && !owner->active && !runs_on_own_time(owner) &&
	    (owner->state == THREAD_READY || owner->state == THREAD_SENDING))
		budget_give(budget, owner);
}

void budget_give(struct budget *budget, struct thread *thread)
{
	if (thread->active || runs_on_own_time(thread)) {
		budget_home(budget);
		return;
	}
	thread->active = budget;
	budget->at = thread;
	budget_compete(budget);
}

struct budget *budget_take(struct thread *thread)
{
	struct cpu *cpu = arch_cpu();
	struct budget *budget = runs_on_own_time(thread) ? cpu->budget : thread->active;

	thread->active = NULL;
	if (!budget)
		return NULL;
	if (budget == cpu->budget) {
		budget_charge();
		cpu->budget = NULL;
		cpu->helping = 0;
		budget->state = BUDGET_IDLE;
	} else {
		schedule_dequeue(budget);
	}
	budget->at = NULL;
	return budget;
}

void budget_use(struct budget *budget)
{
	struct cpu *cpu = arch_cpu();

	budget->at = cpu->current;
	if (budget->state == BUDGET_EXHAUSTED || cpu->budget) {
		cpu->current->active = budget;
		budget_compete(budget);
		return;
	}
	budget->state = BUDGET_RUNNING;
	cpu->budget = budget;
	cpu->charged = arch_time_now();
	cpu->timer_stale = 1;
}

static void lender_forget(struct thread *holder)
{
	if (holder->lender)
		holder->lender->borrower = NULL;
	holder->lender = NULL;
	holder->attention &= ~ATTENTION_LENT;
}

void budget_return(struct thread *holder)
{
	struct thread *lender = holder->lender;
	struct budget *budget = budget_take(holder);

	lender_forget(holder);
	if (!budget)
		return;
	if (lender && budget_owner(budget) != holder)
		budget_give(budget, lender);
	else
		budget_home(budget);
}

void budget_note_lender(struct thread *caller, struct thread *holder)
{
	if (holder->lender || caller->borrower)
		return;
	holder->lender = caller;
	caller->borrower = holder;
	holder->attention |= ATTENTION_LENT;
}

void budget_set(struct thread *owner, uint64_t quantum, unsigned int priority)
{
	struct budget *budget = &owner->budget;
	int queued = budget->state == BUDGET_QUEUED;

	if (queued)
		schedule_dequeue(budget);
	budget->priority = (uint8_t)priority;
	if (quantum == 0) {
		budget_withdraw(owner);
		return;
	}
	if (budget->quantum == 0 || budget->remaining > quantum)
		budget->remaining = quantum;
	budget->quantum = quantum;
	if (queued)
		schedule_enqueue(budget, QUEUE_TAIL);
	else if (!budget->at && budget->state == BUDGET_IDLE)
		budget_home(budget);
	arch_cpu()->reschedule = 1;
}

void budget_withdraw(struct thread *owner)
{
	struct cpu *cpu = arch_cpu();
	struct budget *budget = &owner->budget;

	tie_release(&budget->tie);
	if (budget == cpu->budget) {
		budget_charge();
		cpu->budget = NULL;
		cpu->helping = 0;
	} else {
		schedule_dequeue(budget);
	}
	if (budget->at && budget->at->active == budget)
		budget->at->active = NULL;
	budget->at = NULL;
	budget->state = BUDGET_IDLE;
	budget->quantum = 0;
	budget->remaining = 0;
	if (owner->borrower)
		lender_forget(owner->borrower);
}

/* The message to the scheduler: FAULT_BUDGET. */
static void budget_deliver(struct budget *budget, struct thread *receiver, uint64_t badge)
{
	const uint64_t words[] = {budget_owner(budget)->serial, budget->quantum, budget->priority};

	message_deliver(receiver, IPC_TAG(FAULT_BUDGET, 3, 0), badge, words, 3);
	tie_hold(&budget->tie, receiver);
}

void budget_message_take(struct tie *tie, struct thread *receiver)
{
	budget_deliver(&tie_owner(tie)->budget, receiver, tie->badge);
}

struct thread *budget_scheduler(const struct thread *owner)
{
	const struct slot *slot = &owner->handlers[HANDLER_SCHEDULER];

	return slot->object ? slot_object(slot) : NULL;
}

void budget_exhausted(struct budget *budget)
{
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

void budget_refill(struct thread *owner, uint64_t granted, unsigned int priority)
{
	struct budget *budget = &owner->budget;

	budget->remaining = granted ? granted : budget->quantum;
	budget->priority = (uint8_t)priority;
	if (budget->state == BUDGET_EXHAUSTED)
		budget->state = BUDGET_IDLE;
	if (budget->at)
		budget_compete(budget);
	else
		budget_home(budget);
}
