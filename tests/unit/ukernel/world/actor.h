/* SPDX-License-Identifier: MIT */
/*
 * Threads and spaces that a test acts as: they do what user programs do, through `ipc` and nothing else.
 *
 * The first is root, which has the machine's memory and makes the others. Before an actor does something, time
 * passes until the scheduler has chosen it. Memory comes from root's holds, slots and addresses are counted up;
 * nothing is given back unless the test does so.
 */
#ifndef NACRE_TEST_ACTOR_H
#define NACRE_TEST_ACTOR_H

#include <nacre/abi/ipc.h>
#include <nacre/abi/item.h>

#include "space.h"
#include "thread.h"
#include "world.h"

/* Where root holds physical memory, and a range without memory behind it. */
#define ROOT_HOLDS   UINT64_C(0x400000000000)
#define DEVICE_START UINT64_C(0xfe000000)
#define DEVICE_SIZE  UINT64_C(0x400000)

/* Root's slots at start. */
#define ROOT_SLOT_SPACE      1u
#define ROOT_SLOT_INTERRUPTS 3u
#define ROOT_SLOT_PORTS      4u

/* A space, and what root knows of it. */
struct home {
	struct space *space;
	uint32_t control;   /* root's slot */
	uint32_t own;       /* its own slot with control of itself */
	uint32_t next_slot; /* free in the space */
	uint64_t next_page; /* free address with a table */
	uint64_t next_utcb;
};

/* A thread, and what root knows of it. */
struct actor {
	struct thread *thread;
	struct home *home;
	uint32_t control;    /* root's slot */
	uint32_t capability; /* root's slot, all rights, no badge */
	unsigned int items;  /* put into its next message */
};

extern struct home root_home;
extern struct actor root;

/* For world.c: takes over root after boot; lets a thread that runs execute `ipc`. */
void actors_start(void);
void actor_enters_ipc(struct thread *thread);

/* --- What a message holds ------------------------------------------------------------------------ */

#define WORDS(...) (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)
#define NO_WORDS   NULL, 0

/* Appends an item to the actor's next message. */
void puts_item(struct actor *actor, struct ipc_item item);
/* @flags: ITEM_HOLD, ITEM_LARGE. */
void puts_pages(struct actor *actor, uint64_t address, uint64_t count, unsigned int rights, uint64_t flags,
                uint64_t destination);
/* @action: ITEM_DERIVE, ITEM_SHARE, ITEM_MOVE. */
void puts_capability(struct actor *actor, uint32_t slot, uint64_t action, unsigned int rights, uint64_t destination);
void puts_badged(struct actor *actor, uint32_t slot, unsigned int rights, uint64_t badge, uint64_t destination);
void puts_reply_right(struct actor *actor, uint64_t destination);

/* Where the actor accepts items. */
void accepts_pages(struct actor *actor, uint64_t address, uint64_t size);
void accepts_slots(struct actor *actor, uint32_t first, uint32_t count);

/* --- Doing --------------------------------------------------------------------------------------- */

/* Time passes until the scheduler has chosen @actor. */
void runs(struct actor *actor);

/* Executes `ipc`, again and again as long as the kernel asks for that; it may block. */
void does(struct actor *actor, uint64_t operation, uint64_t target, uint32_t label, const uint64_t *words,
          unsigned long count);

void calls(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count);
void sends(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count);
void receives(struct actor *actor);
void receives_from(struct actor *actor, uint32_t queue);
void replies(struct actor *actor, uint32_t label, const uint64_t *words, unsigned long count);
void reply_receives(struct actor *actor, uint32_t label, const uint64_t *words, unsigned long count);
/* Through the right saved in @slot. */
void replies_to(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count);
/* Saves the right of the call being served. */
error_t saves(struct actor *actor, uint32_t slot);

/* Calls what the kernel serves, and is back at once: the error of the ipc or the label of the answer. */
error_t asks(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count);

/* The same where success is expected; asserts it. */
void gets(struct actor *actor, uint32_t slot, uint32_t label, const uint64_t *words, unsigned long count);

/* Causes a page fault, an exception, a foreign call. */
void faults(struct actor *actor, uint64_t address, unsigned int access);
void excepts(struct actor *actor, uint64_t vector, uint64_t code, uint64_t address);

/* --- What came of it ----------------------------------------------------------------------------- */

/* True if the actor's last ipc is over. */
int is_back(const struct actor *actor);
uint64_t result_of(const struct actor *actor);
error_t error_of(const struct actor *actor);
uint64_t tag_of(const struct actor *actor);
uint32_t label_of(const struct actor *actor);
uint64_t badge_of(const struct actor *actor);
uint64_t word_of(const struct actor *actor, unsigned int index);
const struct ipc_item *item_of(const struct actor *actor, unsigned int index);

/* The actor has got a message with @label and @badge. */
#define assert_got(actor, label, badge)                         \
	do {                                                    \
		ck_assert_msg(is_back(actor), "still waiting"); \
		ck_assert_uint_eq(result_of(actor), 0);         \
		ck_assert_uint_eq(label_of(actor), (label));    \
		ck_assert_uint_eq(badge_of(actor), (badge));    \
	} while (0)

/* The actor's ipc has ended with @error. */
#define assert_failed(actor, error)                             \
	do {                                                    \
		ck_assert_msg(is_back(actor), "still waiting"); \
		ck_assert_uint_eq(error_of(actor), (error));    \
	} while (0)

#define assert_waiting(actor) ck_assert_msg(!is_back(actor), "not waiting any more")

#endif
