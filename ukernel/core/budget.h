/* SPDX-License-Identifier: MIT */
/*
 * Budgets: time, and with whom it is.
 *
 * Owns struct budget and the rules by which time follows calls. Who runs next is schedule.h. A budget belongs to
 * one thread and is *with* one thread: its owner, or whom a chain of calls has lent it to. Calls and replies
 * between two threads on one CPU leave all of this alone: the CPU's current budget just goes on. So what is
 * written here is exact for a budget that is not on the CPU and may be behind for the one that is.
 */
#ifndef NACRE_CORE_BUDGET_H
#define NACRE_CORE_BUDGET_H

#include "list.h"
#include "tie.h"

enum budget_state {
	BUDGET_IDLE,      /* not competing: at home, or with a thread that cannot run */
	BUDGET_QUEUED,    /* in the run queue */
	BUDGET_RUNNING,   /* the CPU's current budget */
	BUDGET_PARKED,    /* helps a thread that cannot run yet: in that thread's helpers, or just woken */
	BUDGET_EXHAUSTED, /* waiting for the scheduler's answer */
};

struct budget {
	struct list_node node;
	/* The thread it is with; NULL at home (the owner has it and is not using it). */
	struct thread *at;
	uint64_t quantum;   /* ns per refill; 0: the owner has no budget */
	uint64_t remaining; /* ns */
	uint64_t consumed;  /* ns in all */
	struct tie tie;     /* of the message to the scheduler */
	uint8_t state;
	uint8_t priority;
};

/* Sets quantum (at most BUDGET_QUANTUM_MAX; 0: none) and priority: at once, wherever the budget is. */
void budget_set(struct thread *owner, uint64_t quantum, unsigned int priority);

/* Takes the owner's budget out of circulation: its owner is being destroyed. */
void budget_withdraw(struct thread *owner);

/* Charges the CPU's current budget for the time since it was last charged. */
void budget_charge(void);

/* The current thread goes on without the CPU's budget, which is returned: idle, and with the thread it is with. */
struct budget *budget_leave_cpu(void);

/* Lets @budget compete if it is idle and the thread it is with can use it, or helps another. */
enum queue_end { QUEUE_TAIL, QUEUE_HEAD };
void budget_compete(struct budget *budget, enum queue_end end);

/*
 * @thread gets @budget, which is with nobody, to run on or to help with; if it has no use for it, or has other time, it
 * goes home. Exhausted time goes home when other time takes its place.
 */
void budget_give(struct budget *budget, struct thread *thread);

/* Takes away whatever @thread would run on and returns it, or NULL. The thread may be current. */
struct budget *budget_take(struct thread *thread);

/* The current thread has taken the call of @caller and goes on with its time, if there is any at hand. */
void budget_follow_call(struct thread *caller);

/*
 * @holder blocks, or has answered: time lent to it and not handed on goes back to whom it was noted to belong, or home.
 */
void budget_return(struct thread *holder);

/*
 * Notes that the holder of @tie, which is being broken or saved, goes on using the time that came with the call until
 * its next receive or reply.
 */
void budget_note_lender(struct tie *tie);

/*
 * @budget is used up: asks the scheduler of its owner, or refills. If somebody else uses it who has time at home, he
 * goes on with that.
 */
void budget_exhausted(struct budget *budget);

/* @receiver takes the message of a budget: @tie is the budget's. */
void budget_deliver(struct tie *tie, struct thread *receiver);

/* The scheduler has answered @owner's message with @replier's of @tag. */
void budget_answer(struct thread *owner, const struct thread *replier, uint64_t tag);

/* The scheduler will not answer: the quantum is granted. */
void budget_refill(struct thread *owner, uint64_t granted);

#endif
