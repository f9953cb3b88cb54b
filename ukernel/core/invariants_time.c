/* SPDX-License-Identifier: MIT */
/*
 * The rules of budgets, of the run queue and of deadlines.
 */
#include "invariants.h"
#include "schedule.h"

/* As far as helping goes along a chain of threads that wait for each other (at most 32 hops). */
#define HELP_HOPS_MAX 32

/* Whom @budget could run now, or NULL. */
static const struct thread *budget_helps(const struct budget *budget) {
	const struct thread *thread = budget->at;

	for (unsigned int hops = 0; thread && hops <= HELP_HOPS_MAX; hops++) {
		if (thread_is_runnable(thread)) return thread;
		if (thread->state == THREAD_SENDING)
			thread = thread->call.queue;
		else if (thread->state == THREAD_WAITING && thread->call.state == TIE_HELD)
			thread = thread->call.holder;
		else
			thread = NULL;
	}
	return NULL;
}

/* A budget that is in no list and with nobody. */
static void check_budget_unused(const struct budget *budget, const struct thread *owner) {
	INVARIANT(budget->state == BUDGET_IDLE && !budget->at && budget->remaining == 0, "no quantum, no time", owner);
	INVARIANT(list_is_empty(&budget->node), "no quantum, no place in a queue", owner);
}

static void check_budget(struct thread *owner) {
	struct budget *budget = &owner->budget;
	const struct cpu *cpu = arch_cpu();
	const int listed = budget->state == BUDGET_QUEUED || budget->state == BUDGET_PARKED;

	if (budget->quantum == 0) {
		check_budget_unused(budget, owner);
		return;
	}
	INVARIANT((budget->state == BUDGET_RUNNING) == (cpu->budget == budget), "one budget is running", owner);
	INVARIANT((budget->state == BUDGET_EXHAUSTED) == (budget->tie.state != TIE_IDLE),
	          "an exhausted budget waits for an answer", owner);
	INVARIANT(listed == !list_is_empty(&budget->node), "a budget is where its state says", owner);
	INVARIANT(!listed || budget->at, "a budget that competes is with somebody", owner);
	/* What is said of the running one may be behind, unless it helps. */
	if (budget == cpu->budget && !cpu->helping) return;
	if (budget->at) {
		INVARIANT(invariants_is_object(budget->at, FRAME_THREAD) && !budget->at->dead,
		          "a budget is with a live thread", owner);
		INVARIANT(budget->at->active == budget, "whom a budget is with knows it", owner);
	}
}

/* Time is not lost: whoever can run competes for the CPU if it has anything to run on. */
static void check_progress(const struct thread *thread) {
	const struct cpu *cpu = arch_cpu();

	if (!thread_is_runnable(thread) || cpu->current == thread) return;
	if (thread->active)
		INVARIANT(thread->active->state != BUDGET_IDLE, "a thread that can run competes with what it has",
		          thread);
	else
		INVARIANT(thread->budget.quantum == 0 || thread->budget.at || thread->budget.state != BUDGET_IDLE,
		          "a thread that can run uses its own time", thread);
}

static void check_lending(const struct thread *thread) {
	if (thread->lender)
		INVARIANT(invariants_is_object(thread->lender, FRAME_THREAD) && thread->lender->borrower == thread &&
		                  (thread->attention & ATTENTION_LENT),
		          "a lender knows who has its time", thread);
	if (thread->borrower)
		INVARIANT(invariants_is_object(thread->borrower, FRAME_THREAD) && thread->borrower->lender == thread,
		          "a borrower knows whose time it has", thread);
}

/* A helper is parked only while it can help nobody. */
static void check_helpers(struct thread *thread) {
	const struct list_node *node = thread->helpers.next;

	if (node != &thread->helpers)
		INVARIANT(!thread_is_runnable(thread) && (thread->attention & ATTENTION_HELPERS),
		          "helpers of a thread that can run are awake", thread);
	for (; node != &thread->helpers; node = node->next) {
		struct budget *budget = CONTAINER_OF(node, struct budget, node);
		INVARIANT(node->next->previous == node && budget->state == BUDGET_PARKED, "parked budgets know it",
		          thread);
		INVARIANT(!budget_helps(budget), "a parked budget can help nobody", thread);
	}
}

static void check_deadline(const struct thread *thread) {
	const struct thread *left = thread->deadline_left;
	const struct thread *right = thread->deadline_right;

	if (thread->deadline == TIME_NEVER) return;
	INVARIANT(thread->state == THREAD_RECEIVING, "only a receiver has a deadline", thread);
	INVARIANT(!left || (left->deadline_parent == thread && left->deadline >= thread->deadline),
	          "earlier deadlines are higher", thread);
	INVARIANT(!right || (right->deadline_parent == thread && right->deadline >= thread->deadline),
	          "earlier deadlines are higher", thread);
	INVARIANT((left ? left->deadline_rank : 0) >= (right ? right->deadline_rank : 0), "deadlines lean to the left",
	          thread);
	INVARIANT(thread->deadline_rank == (right ? right->deadline_rank : 0) + 1, "a deadline's rank is exact",
	          thread);
	if (thread->deadline_parent)
		INVARIANT(thread->deadline_parent->deadline_left == thread ||
		                  thread->deadline_parent->deadline_right == thread,
		          "deadlines are linked both ways", thread);
	else
		INVARIANT(arch_cpu()->deadlines == thread, "one deadline is the earliest", thread);
}

void invariants_check_thread_time(struct thread *thread) {
	const struct cpu *cpu = arch_cpu();
	const struct budget *active = thread->active;

	check_budget(thread);
	if (active) {
		INVARIANT(thread->state != THREAD_WAITING || (thread->attention & ATTENTION_TIME),
		          "attention tells of time with a waiting thread", thread);
		INVARIANT(active->quantum != 0 && active->at == thread, "what a thread would run on is with it",
		          thread);
		INVARIANT(active->state != BUDGET_RUNNING || (cpu->helping && cpu->budget == active),
		          "what a thread would run on is not in use, unless it helps", thread);
		INVARIANT(thread->state != THREAD_RECEIVING && thread->state != THREAD_QUEUE && !thread->dead,
		          "who receives has returned all time", thread);
	}
	const int helped = cpu->helping && cpu->current == thread;
	INVARIANT(((thread->attention & ATTENTION_HELPED) != 0) == helped, "attention tells who is helped", thread);
	check_progress(thread);
	check_lending(thread);
	check_helpers(thread);
	check_deadline(thread);
}

static void check_ready_list(const struct cpu *cpu, unsigned int priority) {
	const struct list_node *head = &cpu->ready[priority];
	const int marked = (cpu->ready_map[priority / 64] >> (priority % 64)) & 1;

	INVARIANT(marked == !list_is_empty(head), "the map tells of waiting budgets", priority);
	for (const struct list_node *node = head->next; node != head; node = node->next) {
		const struct budget *budget = CONTAINER_OF(node, struct budget, node);
		INVARIANT(node->next->previous == node, "the run queue is linked both ways", node);
		INVARIANT(budget->state == BUDGET_QUEUED && budget->priority == priority,
		          "a budget waits at its priority", node);
		INVARIANT(!cpu->budget || priority <= cpu->budget->priority || cpu->reschedule,
		          "nothing better waits than what runs", node);
	}
}

static void check_current(const struct cpu *cpu) {
	const struct thread *current = cpu->current;

	INVARIANT(cpu->loaded == current, "the current thread is loaded", current);
	if (!current) {
		INVARIANT(!cpu->budget && !cpu->helping, "nobody runs on nothing", 0);
		return;
	}
	INVARIANT(invariants_is_object(current, FRAME_THREAD) && thread_is_runnable(current), "who runs can run",
	          current);
	INVARIANT(!(current->attention & ATTENTION_FAULT), "who runs has no fault to send", current);
	INVARIANT(cpu->budget, "who runs has time", current);
	if (cpu->helping)
		INVARIANT(cpu->budget->at != current && cpu->budget->at->active == cpu->budget,
		          "a helper lends its own", current);
	else
		INVARIANT(!current->active, "who runs has no other time at hand", current);
}

void invariants_check_cpu(void) {
	const struct cpu *cpu = arch_cpu();

	check_current(cpu);
	for (unsigned int priority = 0; priority <= PRIORITY_MAX; priority++) check_ready_list(cpu, priority);
	INVARIANT(list_is_empty(&cpu->wakeups) || cpu->reschedule || !cpu->current, "who was woken will be looked at",
	          0);
	INVARIANT(cpu->timer_stale || cpu->timer <= deadline_earliest(), "the timer meets the earliest deadline", 0);
	INVARIANT(cpu->timer_stale || !cpu->budget || cpu->timer <= cpu->charged + cpu->budget->remaining,
	          "the timer meets the budget's end", 0);
}
