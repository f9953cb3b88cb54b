/* SPDX-License-Identifier: MIT */
/*
 * Threads: the struct, its states, and every legal change of state.
 *
 * One thread is one granted frame: this struct with the machine's part at its end. A thread is also a queue that
 * callers stand in and a signal word; one that is never started is nothing else.
 */
#ifndef NACRE_CORE_THREAD_H
#define NACRE_CORE_THREAD_H

#include <nacre/abi/label.h>
#include <nacre/abi/utcb.h>

#include "budget.h"
#include "capability.h"
#include "step.h"
#include "tie.h"

enum thread_state {
	THREAD_READY = THREAD_STATE_READY,         /* runs when it is not stopped and has time */
	THREAD_RECEIVING = THREAD_STATE_RECEIVING, /* in the receivers of a queue */
	THREAD_SENDING = THREAD_STATE_SENDING,     /* its call tie is queued */
	THREAD_WAITING = THREAD_STATE_WAITING,     /* its call tie is held or saved */
	THREAD_HALTED = THREAD_STATE_HALTED,       /* faulted with nobody to handle it */
	THREAD_QUEUE = THREAD_STATE_QUEUE,         /* has no UTCB and never runs */
};

/* Attention: why the fast path may not be taken by, or towards, this thread. */
#define ATTENTION_CALLERS UINT32_C(0x01) /* callers are queued */
#define ATTENTION_SIGNALS UINT32_C(0x02) /* the signal word is not zero */
#define ATTENTION_HELPED  UINT32_C(0x04) /* runs on a helper's time while its own stands elsewhere */
#define ATTENTION_LENT    UINT32_C(0x08) /* uses time to be returned at its next receive or reply */
#define ATTENTION_CANCEL  UINT32_C(0x10) /* the next blocking ipc ends with cancelled */
#define ATTENTION_FAULT   UINT32_C(0x20) /* a fault is to be sent before it runs user code again */
#define ATTENTION_TIME    UINT32_C(0x40) /* has time at hand while it waits for a reply */
#define ATTENTION_HELPERS UINT32_C(0x80) /* budgets are, or were, parked with it */

/* A fault that is being, or is to be, reported in the thread's name. */
struct fault {
	uint64_t number; /* FAULT_* or vector; for FAULT_PAGE the PAGE_* access wanted */
	uint64_t code;
	uint64_t address;
	uint32_t label; /* FAULT_PAGE, FAULT_EXCEPTION, FAULT_FOREIGN; 0: none */
};

/* Fields stand by what they are for. NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct thread {
	struct slot root; /* all capabilities to this thread derive from here */

	/* What the fast path reads and writes. */
	struct registers registers;
	struct space *space;
	struct tie *held;  /* the call being served whose reply right is not saved */
	struct utcb *utcb; /* the kernel's view; NULL for a queue */
	uint32_t state;
	uint32_t attention;
	uint64_t signals;

	/* IPC */
	struct tie call;                /* its own calls, sends and faults */
	struct list_node callers;       /* ties queued here */
	struct list_node receivers;     /* threads receiving from this queue */
	struct list_node receiver_node; /* in the receivers of the queue it waits at */
	struct thread *served;          /* the other thread whose queue it last received from, */
	uint64_t served_serial;         /* if that still has this serial */
	uint64_t restart_end;           /* callers queued before this serial was drawn are to start again */
	struct fault fault;

	/* Time */
	struct budget budget;     /* its own */
	struct budget *active;    /* the budget it runs on next; NULL while on the CPU or without time */
	struct list_node helpers; /* budgets parked here until it can run */
	struct thread *lender;    /* who gets back the lent time this thread goes on using */
	struct thread *borrower;  /* the reverse */
	uint64_t deadline;        /* of its receive, ns since boot; TIME_NEVER if none */
	struct thread *deadline_left, *deadline_right, *deadline_parent; /* heap of deadlines */
	uint32_t deadline_rank;

	/* Fixed at creation, or rarely changed. */
	uint32_t stops;
	uint64_t serial;
	struct user_address utcb_address;
	struct list_node space_node; /* in space->threads */
	uint64_t control_badge;      /* ceiling and CPUs it was created with */
	uint64_t changes;
	uint8_t flags; /* THREAD_FOREIGN */
	uint8_t started;
	uint8_t dead; /* being drained: capabilities fail, nothing reaches it */

	_Alignas(32) struct slot handlers[HANDLER_COUNT];
	struct slot death;
	struct slot rebound;     /* to the thread that what hangs below is being re-pointed to; else empty */
	struct thread *rebinder; /* whose capabilities are being re-pointed to this thread */

	struct arch_thread arch;
};

_Static_assert(sizeof(struct thread) <= PAGE_SIZE, "a thread is one frame");
_Static_assert(offsetof(struct thread, handlers) % 32 == 0, "slots are found by links of 32 bytes");

/*
 * Makes a stopped thread in zeroed frames. @utcb is NULL for a queue. The frames are granted already.
 */
void thread_create(struct thread *thread, struct space *space, struct utcb *utcb, struct user_address utcb_address,
                   uint64_t control_badge);

/* True if it could use the CPU given time. */
static inline int thread_is_runnable(const struct thread *thread) {
	return thread->state == THREAD_READY && thread->stops == 0 && !thread->dead;
}

/* The thread that waits, or whose budget does. */
static inline struct thread *tie_owner(struct tie *tie) {
	return tie->kind == TIE_CALL ? CONTAINER_OF(tie, struct thread, call)
	                             : CONTAINER_OF(tie, struct thread, budget.tie);
}

/* The thread whose budget it is. */
static inline struct thread *budget_owner(struct budget *budget) { return CONTAINER_OF(budget, struct thread, budget); }

/* Whom a thread that cannot run waits for, and can help with its time, if that is one thread. */
static inline struct thread *thread_waits_for(const struct thread *thread) {
	if (thread->state == THREAD_WAITING && thread->call.state == TIE_HELD) return thread->call.holder;
	return thread->state == THREAD_SENDING ? thread->call.queue : NULL;
}

/* THREAD_READY from any blocked state, its queue and tie already undone; competes for the CPU if it has time. */
void thread_make_ready(struct thread *thread);

/* Lets a thread compete that was made ready, unless it was halted. */
void thread_settle(struct thread *thread);

/* Takes a receiving thread out of the queue it waits at; it is ready but competes for nothing yet. */
void thread_take_receiver(struct thread *thread);

/* Takes it out of the queue that it sends to or receives from: it executes its ipc, or sends its fault, again. */
void thread_requeue(struct thread *thread);

/* Ends a blocked or waiting ipc with @error, or a fault that nobody will answer. Its tie is idle already. */
void thread_end_ipc(struct thread *thread, error_t error);

void thread_stop(struct thread *thread);
error_t thread_resume(struct thread *thread) NACRE_MUST_CHECK;
void thread_cancel(struct thread *thread);

/* A faulted thread that nobody handles stops for good, visible to its controller, whose death signal is raised. */
void thread_halt(struct thread *thread);

/*
 * Re-points @slot, a capability to @thread, and everything below it to @other: thread_rebind_begin(), then
 * thread_rebind_finish() of either of them until it is done. Each thread takes part in one such at a time, and does
 * not go before it is finished: no capability is left that names one thread and hangs below the other.
 */
void thread_rebind_begin(struct thread *thread, struct slot *slot, struct thread *other);
enum step thread_rebind_finish(struct thread *thread);

/* Kills it: capabilities fail, and it never runs again. */
void thread_mark_dead(struct thread *thread);

/* Undoes everything it takes part in, step by step, and gives its frames back. */
enum step thread_destroy(struct thread *thread);

#endif
