/* SPDX-License-Identifier: MIT */
/*
 * Ties: who waits for whose reply.
 *
 * Owns the one link between a caller and the queue it stands in, or whoever holds the right to answer it. Knows
 * nothing of messages (ipc.c). A thread has a tie for its calls and sends; its budget has one for budget faults.
 */
#ifndef NACRE_CORE_TIE_H
#define NACRE_CORE_TIE_H

#include "capability.h"
#include "list.h"

enum tie_state {
	TIE_IDLE,
	TIE_QUEUED, /* in queue->callers */
	TIE_HELD,   /* holder has the right implicitly: holder->held is this tie */
	TIE_SAVED,  /* the right lies in slot */
};

enum tie_kind {
	TIE_CALL,   /* of a thread: a call, a fault, or a send on its way */
	TIE_BUDGET, /* of a thread's budget: a budget fault */
};

struct tie {
	struct list_node node; /* in the queue's callers */
	union {
		struct thread *queue;  /* TIE_QUEUED */
		struct thread *holder; /* TIE_HELD */
		struct slot *slot;     /* TIE_SAVED */
	};
	uint64_t badge;    /* of the capability used, for the receiver */
	uint64_t sequence; /* grows along the queue */
	uint8_t state;
	uint8_t kind;
};

/* Appends to the queue of @queue. The tie is idle. */
void tie_enqueue(struct tie *tie, struct thread *queue, uint64_t badge);

/* Gives the right to @holder, which has none. The tie is idle or queued. */
void tie_hold(struct tie *tie, struct thread *holder);

/* Moves the right into the empty @slot; its holder goes on using the time that came with the call. The tie is held. */
void tie_save(struct tie *tie, struct slot *slot);

/* The tie a reply slot stands for; NULL if its caller has gone (cancelled, destroyed): the right is worth nothing. */
struct tie *tie_of_slot(const struct slot *slot);

/* The reply right moves from one slot to another, empty one. */
void tie_move(struct slot *source, struct slot *destination);

/*
 * Makes the tie idle: out of its queue, its holder's hands or its slot. The slot stays a reply right worth nothing, so
 * that its holder learns by `gone`.
 */
void tie_release(struct tie *tie);

/* Nobody will answer @tie, which is idle now: its call ends with @error, its fault or budget as lost. (thread.c) */
void tie_end(struct tie *tie, error_t error);

/* Empties a reply slot; its call, if there is one, ends with peer_lost. */
void tie_lose(struct slot *slot);

#endif
