/* SPDX-License-Identifier: MIT */
/*
 * Ready-made circumstances: what root gives to whom before a test begins.
 */
#ifndef NACRE_TEST_GIVEN_H
#define NACRE_TEST_GIVEN_H

#include "actor.h"

/* Forgets what was given on another machine. */
void given_start(void);

/* Address in root's space of a 4 KiB hold that nothing was done with. */
uint64_t given_a_frame(void);
/* Of @count in a row. */
uint64_t given_frames(unsigned int count);
/* Of a 2 MiB hold. */
uint64_t given_a_superpage(void);

/* An empty slot of root's, or of another space's. */
uint32_t given_a_slot(void);
uint32_t given_a_slot_of(struct home *home);

/* A space with control of itself, one page of slots, tables for one L1 table's worth of pages. */
struct home *given_a_space(void);

/* A thread that runs (does nothing) with the usual budget; one without budget; one that is only a queue. */
struct actor *given_a_thread(struct home *home);
struct actor *given_a_thread_with(struct home *home, uint64_t quantum, unsigned int priority);
struct actor *given_a_server(struct home *home);
struct actor *given_a_queue(struct home *home);
/* The same in a new space. */
struct actor *given_somebody(void);

/* A slot in @home with a capability to @actor, derived from root's. */
uint32_t given_a_capability(struct actor *actor, struct home *home, unsigned int rights, uint64_t badge);
/* Without a fixed badge. */
uint32_t given_an_unbadged_capability(struct actor *actor, struct home *home, unsigned int rights);
/* Control of a thread, or of a space, in @home. */
uint32_t given_control_of(struct actor *actor, struct home *home);
uint32_t given_control_of_space(struct home *target, struct home *home);

/* Pages mapped at a new address of @home: PAGE_* rights and MAP_HOLD. @source: in root's space. */
uint64_t given_pages(struct home *home, unsigned int count, uint64_t rights);
uint64_t given_mapping(struct home *home, uint64_t source, unsigned int count, uint64_t rights);

/* Tables of @home down to @level for @address, in root's frames. Level 2 has records. */
void given_tables(struct home *home, uint64_t address, unsigned int level);

/* An actor for a thread that exists. */
struct actor *given_actor_of(struct thread *thread, struct home *home, uint32_t control, uint32_t capability);

/* @client waits for an answer of @server, which has taken the call. Returns the client's slot. */
uint32_t given_a_caller_served(struct actor *client, struct actor *server);
/* @client waits in the queue of @server, which does not receive. */
uint32_t given_a_caller_queued(struct actor *client, struct actor *server);

#endif
