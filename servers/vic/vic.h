/* SPDX-License-Identifier: MIT */
/*
 * What the context layer knows: contexts, factories, and who waits for what.
 *
 * Makes no system call: what has to happen in the world is done by struct vic_world. Slots are
 * numbers here; 0 is none. Read docs/contexts.md first for verbs and states.
 *
 * A context belongs to its creator: it ends and is deleted with it, so parents outlive children.
 * Context 0, the top, is vic itself: it is always running and the creator of those that root's
 * programs make.
 */
#ifndef VIC_VIC_H
#define VIC_VIC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <nacre/abi/error.h>
#include <nacre/number_table.h>
#include <nacre/protocol/context.h>

#include "window.h"

#define VIC_NAME_MAX   64
#define VIC_DETAIL_MAX 200

/* Most bytes of arguments, and of environment, that a context may be given; most capabilities. */
#define VIC_TEXT_MAX   (UINT64_C(64) << 10)
#define VIC_GRANTS_MAX 32

#define VIC_RIGHTS_ALL (CONTEXT_RIGHT_FACTORIES | CONTEXT_RIGHT_BIND)

struct factory;

/* How a context ended. Zero: it has not. */
struct ending {
	uint32_t exit; /* CONTEXT_EXIT_* */
	int64_t value;
	uint64_t address;
	char detail[VIC_DETAIL_MAX + 1];
};

/* Bytes that are set piece by piece. */
struct text {
	char *bytes;
	size_t size;
};

/* A capability to hand on: in a slot of ours, or (slot 0) to our own queue with a badge. */
struct reference {
	uint32_t slot;
	uint64_t badge;
};

/* What parent.get answers for a name. */
struct grant {
	LIST_ENTRY(grant) of_context;
	uint32_t protocol;
	struct reference capability;
	char name[VIC_NAME_MAX + 1];
};

enum waiting_for {
	WAITING_FOR_BUILD,
	WAITING_FOR_START,
	WAITING_FOR_END,
};

/* A saved right to reply. */
struct waiter {
	TAILQ_ENTRY(waiter) of_context;
	enum waiting_for what;
	uint32_t reply_slot;
};

enum build_state {
	BUILD_NOT_ASKED,
	BUILD_QUEUED,     /* in its factory's queue */
	BUILD_AT_FACTORY, /* its factory's current job */
	BUILD_DONE,       /* or given up */
};

/* Filled in by the world; its own business but for the order of their lives. */
struct resources {
	uint32_t memory; /* pager instance */
	uint64_t memory_instance;
	uint32_t names;       /* view */
	uint32_t names_maker; /* slot of the view it was made from; 0: it was given by the creator */
	uint64_t names_view;
	uint32_t space;  /* control, from the factory */
	uint32_t thread; /* control of the first thread, from the factory */
};

struct context {
	/* Fixed at creation. */
	struct number_entry entry;
	struct context *parent; /* NULL for the top */
	char *program;
	char factory_name[VIC_NAME_MAX + 1];
	uint32_t rights; /* CONTEXT_RIGHT_* */
	uint64_t limit;  /* bytes of memory */
	struct window window;

	/* Relatives and order. */
	TAILQ_HEAD(, context) children;
	TAILQ_ENTRY(context) sibling;
	TAILQ_ENTRY(context) in_order;

	/* Set until it is built. */
	char name[VIC_NAME_MAX + 1];
	struct text arguments;
	struct text environment;
	LIST_HEAD(, grant) grants;
	uint32_t grant_count;

	/* Life. */
	uint32_t state; /* CONTEXT_STATE_* */
	enum build_state build;
	struct factory *factory; /* NULL once that is gone */
	TAILQ_ENTRY(context) in_queue;
	uint64_t turn; /* place in the factory's order of jobs */
	_Bool start_wanted;
	struct ending ending;
	struct resources resources;

	TAILQ_HEAD(, waiter) waiters;
	size_t waiter_count;
	size_t sweep_at; /* with so many waiters those whose caller died are looked for */

	struct event_watch *watch; /* of the contexts below; NULL if nobody watches */

	/* allowance.h */
	uint32_t idle_units; /* what it counts while it does not live */
	uint32_t idle_below; /* what those below count */
};

struct factory {
	struct number_entry entry;
	struct context *owner; /* whose program it is; the top for those that root started */
	TAILQ_ENTRY(factory) in_order;
	char name[VIC_NAME_MAX + 1];
	char *description;
	uint32_t reply_slot;         /* it waits for a job; 0: it is at work */
	struct context *job;         /* what it is at work on; NULL: nothing, or that has ended */
	uint64_t job_number;         /* number of the context it was last given */
	uint64_t turn;               /* of the job it was last given */
	uint64_t contexts;           /* built by it and alive */
	TAILQ_HEAD(, context) queue; /* by turn */
};

TAILQ_HEAD(context_list, context);
TAILQ_HEAD(factory_list, factory);

/* What happens in the world. None of these calls back into vic. */
struct vic_world {
	/* Makes memory and names for a new context, whose parent has them; all or nothing. */
	error_t (*resources_create)(void *world, struct context *context);
	/* Ends space and threads and gives all back. Does nothing for what is not there. */
	void (*resources_destroy)(void *world, struct context *context);
	/* Replaces the view by @slot, which then belongs to the context. */
	error_t (*names_replace)(void *world, struct context *context, uint32_t slot);
	/* The first thread runs for the first time. */
	error_t (*thread_start)(void *world, struct context *context);
	error_t (*threads_stop)(void *world, struct context *context);
	error_t (*threads_resume)(void *world, struct context *context);
	/* Answers the waiting factory with the context as its job. Its reply slot is used up. */
	error_t (*job_send)(void *world, struct factory *factory, struct context *context);
	/* Answers a waiter. Its reply slot is used up. */
	void (*answer)(void *world, const struct context *context, const struct waiter *waiter, error_t error);
	/* Whether somebody still waits for the answer that the right in @reply_slot is to. */
	_Bool (*caller_is_alive)(void *world, uint32_t reply_slot);
	void (*slot_release)(void *world, uint32_t slot);
	void (*signal)(void *world, uint32_t slot);
};

struct vic {
	const struct vic_world *world;
	void *world_context;
	struct number_table contexts;
	struct number_table factories;
	struct context_list contexts_in_order; /* by number; without the top */
	struct factory_list factories_in_order;
	struct windows windows;
	struct context top;
};

void vic_create(struct vic *vic, const struct vic_world *world, void *world_context);

/* Deletes all contexts and forgets all factories. */
void vic_destroy(struct vic *vic);

#endif
