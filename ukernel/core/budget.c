/* SPDX-License-Identifier: MIT */
/*
 * Budgets: time, and with whom it is. Read budget.h first.
 */
#include "budget.h"

#include "ipc.h"
#include "message.h"
#include "schedule.h"

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

struct budget *budget_leave_cpu(void) {
	struct cpu *cpu = arch_cpu();
	struct budget *budget = cpu->budget;

	if (!budget) return NULL;
	budget_charge();
	budget->state = BUDGET_IDLE;
	cpu->current->attention &= ~ATTENTION_HELPED;
	if (!cpu->helping) {
		cpu->current->active = budget;
		budget->at = cpu->current;
	}
	cpu->budget = NULL;
	cpu->helping = 0;
	return budget;
}

void budget_compete(struct budget *budget, enum queue_end end) {
	const struct thread *thread = budget->at;

	if (budget->state == BUDGET_IDLE && thread && (thread_is_runnable(thread) || thread_waits_for(thread)))
		schedule_enqueue(budget, end);
}

/* True if @thread runs on the CPU's budget as its own time, not a helper's. */
static int runs_on_own_time(const struct thread *thread) {
	const struct cpu *cpu = arch_cpu();

	return cpu->current == thread && cpu->budget && !cpu->helping;
}

/* True if @thread has a use for time, and none at hand or only some that is exhausted. */
static int thread_wants(const struct thread *thread, const struct budget *budget) {
	if (thread->dead || runs_on_own_time(thread)) return 0;
	if (thread->active && (thread->active->state != BUDGET_EXHAUSTED || budget->state == BUDGET_EXHAUSTED))
		return 0;
	return thread->state == THREAD_READY || thread_waits_for(thread);
}

static void budget_put(struct budget *budget, struct thread *thread, enum queue_end end) {
	thread->active = budget;
	budget->at = thread;
	if (thread->state == THREAD_WAITING) thread->attention |= ATTENTION_TIME;
	budget_compete(budget, end);
}

void budget_give(struct budget *budget, struct thread *thread) {
	if (!thread_wants(thread, budget)) thread = budget_owner(budget);
	if (!thread_wants(thread, budget)) return;
	struct budget *exhausted = budget_take(thread);
	budget_put(budget, thread, QUEUE_TAIL);
	if (exhausted && thread_wants(budget_owner(exhausted), exhausted))
		budget_put(exhausted, budget_owner(exhausted), QUEUE_TAIL);
}

static void budget_home(struct budget *budget) { budget_give(budget, budget_owner(budget)); }

struct budget *budget_take(struct thread *thread) {
	if (runs_on_own_time(thread) || (thread->active && thread->active == arch_cpu()->budget))
		(void)budget_leave_cpu();
	struct budget *budget = thread->active;
	thread->attention &= ~ATTENTION_TIME;
	if (!budget) return NULL;
	schedule_dequeue(budget);
	thread->active = NULL;
	budget->at = NULL;
	return budget;
}

void budget_follow_call(struct thread *caller) {
	struct thread *receiver = arch_cpu()->current;

	if (!caller->active) return;
	struct budget *before = budget_take(receiver);
	budget_put(budget_take(caller), receiver, QUEUE_HEAD);
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
	if (budget) budget_give(budget, lender && budget_owner(budget) != holder ? lender : budget_owner(budget));
}

void budget_note_lender(struct tie *tie) {
	struct thread *caller = tie_owner(tie);
	struct thread *holder = tie->holder;

	if (tie->kind != TIE_CALL) return;
	holder->attention |= ATTENTION_LENT;
	if (holder->lender || caller->borrower) return;
	holder->lender = caller;
	caller->borrower = holder;
}

/* True if @budget is at home, with time left. */
static int budget_is_spare(const struct budget *budget) {
	return budget->quantum && !budget->at && budget->state == BUDGET_IDLE;
}

/*
 * @thread has lost lent time. If it has none of its own, whom it works for may have some at home: callers are asked
 * one after another, as far as helping goes.
 */
static void budget_substitute(struct thread *thread) {
	for (unsigned int hops = 0; hops <= HELP_HOPS_MAX; hops++) {
		if (budget_is_spare(&thread->budget)) {
			budget_home(&thread->budget);
			return;
		}
		if (!thread->held || thread->held->kind != TIE_CALL) return;
		thread = tie_owner(thread->held);
	}
}

void budget_withdraw(struct thread *owner) {
	struct budget *budget = &owner->budget;

	tie_release(&budget->tie);
	if (budget == arch_cpu()->budget) (void)budget_leave_cpu();
	struct thread *user = budget->at;
	if (user) (void)budget_take(user);
	budget->state = BUDGET_IDLE;
	budget->quantum = 0;
	budget->remaining = 0;
	if (owner->borrower) lender_forget(owner->borrower);
	if (user && user != owner) budget_substitute(user);
}

void budget_set(struct thread *owner, uint64_t quantum, unsigned int priority) {
	struct budget *budget = &owner->budget;
	const int queued = budget->state == BUDGET_QUEUED;

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
	else if (budget_is_spare(budget))
		budget_home(budget);
	arch_cpu()->reschedule = 1;
	arch_cpu()->timer_stale = 1;
}

void budget_deliver(struct tie *tie, struct thread *receiver) {
	const struct thread *owner = tie_owner(tie);
	const uint64_t words[] = {owner->serial, owner->budget.quantum, owner->budget.priority};

	message_deliver(receiver, IPC_TAG(FAULT_BUDGET, 3, 0), tie->badge, words, 3);
	tie_hold(tie, receiver);
}

void budget_refill(struct thread *owner, uint64_t granted) {
	struct budget *budget = &owner->budget;

	budget->remaining = granted;
	if (budget->state == BUDGET_EXHAUSTED) budget->state = BUDGET_IDLE;
	if (budget->at)
		budget_compete(budget, QUEUE_TAIL);
	else
		budget_home(budget);
}

void budget_exhausted(struct budget *budget) {
	const struct slot *slot = &budget_owner(budget)->handlers[HANDLER_SCHEDULER];
	struct thread *scheduler = slot->object ? slot_object(slot) : NULL;
	struct thread *user = budget->at;

	if (!scheduler || scheduler->dead) {
		budget_refill(budget_owner(budget), budget->quantum);
		return;
	}
	schedule_dequeue(budget);
	budget->state = BUDGET_EXHAUSTED;
	if (user && budget_is_spare(&user->budget)) budget_home(&user->budget);
	tie_enqueue(&budget->tie, scheduler, slot->badge);
	struct thread *receiver = ipc_receiver(scheduler);
	if (!receiver) return;
	thread_take_receiver(receiver);
	budget_deliver(&budget->tie, receiver);
	thread_make_ready(receiver);
}

void budget_answer(struct thread *owner, const struct thread *replier, uint64_t tag) {
	const unsigned int words = IPC_TAG_WORDS(tag);
	const unsigned int ceiling = control_ceiling(owner->control_badge);
	const unsigned int priority = words > 1 ? message_word(replier, 1) & PRIORITY_MAX : owner->budget.priority;
	uint64_t granted = words > 0 ? message_word(replier, 0) : 0;

	if (granted == 0) granted = owner->budget.quantum;
	owner->budget.priority = (uint8_t)(priority < ceiling ? priority : ceiling);
	budget_refill(owner, granted < BUDGET_QUANTUM_MAX ? granted : BUDGET_QUANTUM_MAX);
}
