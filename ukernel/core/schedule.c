/* SPDX-License-Identifier: MIT */
/*
 * Who runs next. Read schedule.h and budget.h first.
 */
#include "schedule.h"

#include "invariants.h"
#include "ipc.h"
#include "panic.h"

struct cpu arch_boot_cpu;

void schedule_enqueue(struct budget *budget, enum queue_end end) {
	struct cpu *cpu = arch_cpu();
	struct list_node *head = &cpu->ready[budget->priority];

	KERNEL_ASSERT(budget->state == BUDGET_IDLE);
	if (end == QUEUE_TAIL)
		list_append(head, &budget->node);
	else
		list_insert_after(head, &budget->node);
	cpu->ready_map[budget->priority / 64] |= UINT64_C(1) << (budget->priority % 64);
	budget->state = BUDGET_QUEUED;
	if (!cpu->budget || budget->priority > cpu->budget->priority) cpu->reschedule = 1;
}

void schedule_dequeue(struct budget *budget) {
	struct cpu *cpu = arch_cpu();

	if (budget->state != BUDGET_QUEUED && budget->state != BUDGET_PARKED) return;
	list_remove(&budget->node);
	if (list_is_empty(&cpu->ready[budget->priority]))
		cpu->ready_map[budget->priority / 64] &= ~(UINT64_C(1) << (budget->priority % 64));
	budget->state = BUDGET_IDLE;
}

void schedule_wake_helpers(struct thread *thread) {
	thread->attention &= ~ATTENTION_HELPERS;
	if (list_is_empty(&thread->helpers)) return;
	list_splice(&arch_cpu()->wakeups, &thread->helpers);
	arch_cpu()->reschedule = 1;
}

/* Helpers that were woken join the run queue. They were spliced in one go, so they are still marked parked. */
static void wakeups_enqueue(struct cpu *cpu) {
	while (!list_is_empty(&cpu->wakeups)) {
		struct budget *budget = CONTAINER_OF(cpu->wakeups.next, struct budget, node);
		schedule_dequeue(budget);
		schedule_enqueue(budget, QUEUE_TAIL);
		if (step_next() == STEP_AGAIN) return;
	}
}

static struct budget *ready_first(struct cpu *cpu) {
	for (unsigned int index = (PRIORITY_MAX + 1) / 64; index-- > 0;) {
		if (!cpu->ready_map[index]) continue;
		unsigned int priority = index * 64 + 63 - (unsigned int)__builtin_clzll(cpu->ready_map[index]);
		return CONTAINER_OF(cpu->ready[priority].next, struct budget, node);
	}
	return NULL;
}

/* Follows the chain of waiting from @thread to one that can run; NULL, and *@end is where to park, if there is none. */
static struct thread *help_find(struct thread *thread, struct thread **end) {
	for (unsigned int hops = 0; hops <= HELP_HOPS_MAX; hops++) {
		*end = thread;
		if (thread_is_runnable(thread)) return thread;
		thread = thread_waits_for(thread);
		if (!thread) return NULL;
	}
	return NULL;
}

void schedule_wake_chain(struct thread *thread) {
	for (unsigned int hops = 0; hops <= HELP_HOPS_MAX; hops++) {
		if (!thread || thread_is_runnable(thread)) return;
		schedule_wake_helpers(thread);
		thread = thread_waits_for(thread);
	}
}

static void schedule_choose(struct cpu *cpu) {
	struct budget *budget;

	wakeups_enqueue(cpu);
	while ((budget = ready_first(cpu)) != NULL) {
		struct thread *end;
		struct thread *thread = help_find(budget->at, &end);
		schedule_dequeue(budget);
		if (!thread) {
			budget->state = BUDGET_PARKED;
			list_append(&end->helpers, &budget->node);
			end->attention |= ATTENTION_HELPERS;
			if (step_next() == STEP_AGAIN) break;
			continue;
		}
		budget->state = BUDGET_RUNNING;
		cpu->current = thread;
		cpu->budget = budget;
		cpu->helping = thread != budget->at;
		cpu->charged = arch_time_now();
		if (cpu->helping)
			thread->attention |= ATTENTION_HELPED;
		else
			thread->active = NULL;
		break;
	}
	cpu->reschedule = !list_is_empty(&cpu->wakeups);
	cpu->timer_stale = 1;
}

void schedule_leave(enum queue_end end) {
	struct thread *thread = arch_cpu()->current;
	struct budget *budget = budget_leave_cpu();

	arch_cpu()->current = NULL;
	if (budget) budget_compete(budget, end);
	if (!thread->active && thread_is_runnable(thread)) thread_make_ready(thread);
}

void schedule_hand_over(struct thread *to) {
	struct cpu *cpu = arch_cpu();

	if (unlikely(cpu->current->active)) cpu->current->attention |= ATTENTION_TIME;
	cpu->current->attention &= ~ATTENTION_HELPED;
	if (unlikely(cpu->helping)) to->attention |= ATTENTION_HELPED;
	if (unlikely(to->attention & ATTENTION_HELPERS)) schedule_wake_helpers(to);
	cpu->current = to;
}

static void timer_set(struct cpu *cpu) {
	uint64_t time = deadline_earliest();

	cpu->timer_stale = 0;
	if (cpu->budget && cpu->charged + cpu->budget->remaining < time) time = cpu->charged + cpu->budget->remaining;
	if (time != cpu->timer) {
		cpu->timer = time;
		arch_timer_set(time);
	}
}

/* True if the current thread has to, or should, make way. */
static int current_must_leave(struct cpu *cpu) {
	struct thread *end;

	if (!cpu->budget || !thread_is_runnable(cpu->current)) return 1;
	if (unlikely(cpu->helping) && help_find(cpu->budget->at, &end) != cpu->current) return 1;
	if (!cpu->reschedule) return 0;
	wakeups_enqueue(cpu);
	cpu->reschedule = !list_is_empty(&cpu->wakeups);
	const struct budget *best = ready_first(cpu);
	return best && best->priority > cpu->budget->priority;
}

void schedule_finish(enum thread_leave how) {
	struct cpu *cpu = arch_cpu();

	for (;;) {
		if (cpu->current && unlikely(current_must_leave(cpu))) schedule_leave(QUEUE_HEAD);
		if (!cpu->current) schedule_choose(cpu);
		if (!cpu->current || likely(!(cpu->current->attention & ATTENTION_FAULT))) break;
		fault_send(cpu->current);
	}
	if (cpu->loaded != cpu->current) {
		arch_thread_switch(cpu->loaded, how, cpu->current);
		cpu->loaded = cpu->current;
	}
	if (unlikely(cpu->timer_stale)) timer_set(cpu);
	if (NACRE_DEBUG && !cpu->current) invariants_sample();
}

void kernel_timer(void) {
	struct cpu *cpu = arch_cpu();

	cpu->timer = TIME_NEVER;
	cpu->timer_stale = 1;
	budget_charge();
	struct budget *budget = cpu->budget;
	if (budget && budget->remaining == 0) {
		schedule_leave(QUEUE_TAIL);
		budget_exhausted(budget);
	}
	deadline_expire(arch_time_now());
	schedule_finish(LEAVE_PREEMPTED);
}
