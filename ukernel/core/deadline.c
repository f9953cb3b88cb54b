/* SPDX-License-Identifier: MIT */
/*
 * Receive deadlines. Read schedule.h first.
 */
#include "schedule.h"

#include "step.h"

static unsigned int rank_of(const struct thread *node) { return node ? node->deadline_rank : 0; }

/* Restores "left rank >= right rank" at @node; tells whether its rank changed. */
static int node_repair(struct thread *node) {
	struct thread *left = node->deadline_left;

	if (rank_of(left) < rank_of(node->deadline_right)) {
		node->deadline_left = node->deadline_right;
		node->deadline_right = left;
	}
	const unsigned int rank = rank_of(node->deadline_right) + 1;
	const int changed = rank != node->deadline_rank;
	node->deadline_rank = rank;
	return changed;
}

/* Merges two heaps below @parent: down the right spines, then back up to repair. */
static struct thread *heap_merge(struct thread *a, struct thread *b, struct thread *parent) {
	struct thread *top = NULL;
	struct thread **place = &top;
	struct thread *last = parent;

	while (a && b) {
		struct thread *first = b->deadline < a->deadline ? b : a;
		b = first == b ? a : b;
		*place = first;
		first->deadline_parent = last;
		last = first;
		place = &first->deadline_right;
		a = *place;
	}
	*place = a ? a : b;
	if (*place) (*place)->deadline_parent = last;
	for (; last != parent; last = last->deadline_parent) (void)node_repair(last);
	return top;
}

void deadline_add(struct thread *thread, uint64_t deadline) {
	struct cpu *cpu = arch_cpu();

	thread->deadline = deadline;
	thread->deadline_left = NULL;
	thread->deadline_right = NULL;
	thread->deadline_rank = 1;
	cpu->deadlines = heap_merge(cpu->deadlines, thread, NULL);
	cpu->timer_stale = 1;
}

void deadline_remove_from_heap(struct thread *thread) {
	struct cpu *cpu = arch_cpu();
	struct thread *parent = thread->deadline_parent;
	struct thread *rest = heap_merge(thread->deadline_left, thread->deadline_right, parent);

	if (!parent)
		cpu->deadlines = rest;
	else if (parent->deadline_left == thread)
		parent->deadline_left = rest;
	else
		parent->deadline_right = rest;
	while (parent && node_repair(parent)) parent = parent->deadline_parent;
	thread->deadline = TIME_NEVER;
	thread->deadline_parent = NULL;
	cpu->timer_stale = 1;
}

uint64_t deadline_earliest(void) {
	const struct thread *first = arch_cpu()->deadlines;

	return first ? first->deadline : TIME_NEVER;
}

void deadline_expire(uint64_t now) {
	while (deadline_earliest() <= now) {
		thread_end_ipc(arch_cpu()->deadlines, ERROR_TIMEOUT);
		if (step_next() == STEP_AGAIN) return;
	}
}
