/* SPDX-License-Identifier: MIT */
/*
 * Actors: threads that do what a test tells them, in this space or in a child's.
 *
 * Owns their stacks, UTCBs and scripts. A script is a list of system calls; the test reads off
 * afterwards what each of them gave. When its script is over an actor faults on purpose (ud2) and so
 * halts, unless somebody handles that.
 */
#ifndef FIRST_ACTOR_H
#define FIRST_ACTOR_H

#include <stdint.h>

#include <nacre/abi/item.h>
#include <nacre/abi/utcb.h>

#include <first/raw.h>

/* Where UTCBs and stacks of threads of the own space lie. */
#define ACTOR_REGION UINT64_C(0x200000000)
#define ACTORS_MAX   24u

#define SCRIPT_STEPS 8u
#define STEP_ITEMS   2u

#define ACTOR_PRIORITY 100u
#define ACTOR_QUANTUM  UINT64_C(10000000)

/* One system call: done with these items, leaves what was received. */
struct step {
	struct raw_ipc ipc;
	struct ipc_item items[STEP_ITEMS];
	struct ipc_item received[STEP_ITEMS];
};

struct script {
	volatile uint64_t done; /* steps */
	uint64_t count;
	struct utcb *utcb;
	/* Into the UTCB, before the first step. */
	uint64_t window_address, window_size, deadline;
	uint32_t window_slot, window_slot_count, save_slot;
	struct step steps[SCRIPT_STEPS];
};

struct child;

struct actor {
	uint32_t control; /* slot: control of the thread */
	uint32_t thread;  /* slot: its queue, all rights */
	uint32_t signal;  /* slot: signals it with bit 0 */
	uint64_t serial;
	uint64_t frames;             /* holds of the object's frame and of the UTCB's */
	uint64_t utcb;               /* address in its space */
	uint64_t stack;              /* its top */
	struct script *script;       /* in this space's view */
	struct script *script_there; /* in its own */
};

/* Makes a thread of the own space with stack, UTCB and a budget of ACTOR_QUANTUM, not started. */
void actor_create(struct actor *actor);

/* The same in a child (child.h). */
void actor_create_in(struct child *child, struct actor *actor);

/* A thread that is never started: a queue. Only control, thread and signal are set. */
void queue_create(struct actor *actor);

void actor_set_budget(const struct actor *actor, uint64_t quantum, uint64_t priority);

/* The address of a function that never returns. */
#define ENTRY(function) ((uint64_t)(uintptr_t)(function))

/* Starts it at @entry with @argument in rdi. */
void actor_start(const struct actor *actor, uint64_t entry, uint64_t argument);

/* Adds a step to the script. @target: IPC_TARGET() or a slot. */
struct step *actor_step(const struct actor *actor, uint64_t operation, uint64_t target, uint64_t tag);

/* Starts it on its script. */
void actor_play(const struct actor *actor);

/* The usual: one call to @slot with a word, started. */
void actor_call(const struct actor *actor, uint32_t slot, uint64_t word);

/* What step @index gave: the result word of `ipc`. */
uint64_t step_result(const struct actor *actor, unsigned int index);

/* THREAD_STATE of the actor: its first word; the others are in answer. */
uint64_t actor_state(const struct actor *actor);

/* Waits until the actor is in a state (THREAD_STATE_*), however slow the host. */
void actor_wait(const struct actor *actor, uint64_t state);

/* Plays a script: the function of an actor. */
_Noreturn void script_run(struct script *script);

/* machine.c's: actors made so far stay; those made since are gone. */
void actors_keep(void);
void actors_forget(void);

#endif
