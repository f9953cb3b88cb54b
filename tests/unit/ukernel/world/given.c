/* SPDX-License-Identifier: MIT */
/*
 * What root gives to whom. Read given.h first.
 */
#include "given.h"

#include <check.h>
#include <stdlib.h>

#include "frame.h"
#include "table.h"

#define HOMES_MAX  2048u
#define ACTORS_MAX 4096u

/* Where a new space has its first pages; the UTCBs are at the end of the same table's reach. */
#define HOME_PAGES     UINT64_C(0x40000000)
#define HOME_PAGES_END (HOME_PAGES + LARGE_PAGE_SIZE)

#define THREAD_ENTRY UINT64_C(0x1000)
#define THREAD_STACK UINT64_C(0x2000)

/* Frames kept back to split the next superpage with. */
#define SPLIT_FRAMES (1 + TABLE_RECORD_FRAMES)

static struct home homes[HOMES_MAX];
static struct actor actors[ACTORS_MAX];
static unsigned int home_count, actor_count;

/* --- Memory -------------------------------------------------------------------------------------- */

static uint64_t frames_next, frames_end; /* 4 KiB holds */
static uint64_t superpages_next;         /* 2 MiB holds */

void given_start(void) {
	home_count = 0;
	actor_count = 0;
	frames_next = ROOT_HOLDS + LOW_START;
	frames_end = ROOT_HOLDS + LOW_END;
	superpages_next = ROOT_HOLDS + MAIN_START;
}

static uint64_t superpage_take(void) {
	uint64_t address = superpages_next;
	struct table_place place = table_walk(root_home.space, address, TABLE_LEVEL_2M);

	ck_assert_msg(place.level == TABLE_LEVEL_2M && page_entry_kind(*place.entry, place.level) == PAGE_ENTRY_HOLD,
	              "the machine has too little memory for this test");
	superpages_next += LARGE_PAGE_SIZE;
	return address;
}

/* Turns a superpage into frames, with the last frames that are left. */
static void frames_refill(void) {
	uint64_t address = superpage_take();

	puts_pages(&root, frames_next, SPLIT_FRAMES, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_SPLIT, WORDS(address));
	frames_next = address;
	frames_end = address + LARGE_PAGE_SIZE;
}

uint64_t given_frames(unsigned int count) {
	if (frames_next + (count + SPLIT_FRAMES) * PAGE_SIZE > frames_end) frames_refill();
	uint64_t address = frames_next;
	frames_next += count * PAGE_SIZE;
	return address;
}

uint64_t given_a_frame(void) { return given_frames(1); }

uint64_t given_a_superpage(void) { return superpage_take(); }

/* --- Slots --------------------------------------------------------------------------------------- */

uint32_t given_a_slot_of(struct home *home) {
	uint32_t slot = home->next_slot++;

	if (home->space->slot_pages[slot / SLOTS_PER_PAGE] == &slot_page_empty) {
		puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
		gets(&root, home->control, SPACE_ADD_SLOTS, WORDS(slot / SLOTS_PER_PAGE));
	}
	return slot;
}

uint32_t given_a_slot(void) { return given_a_slot_of(&root_home); }

/* @count slots of root's in a row. */
static uint32_t given_slots(unsigned int count) {
	uint32_t first = given_a_slot();

	for (unsigned int index = 1; index < count; index++) ck_assert_uint_eq(given_a_slot(), first + index);
	return first;
}

/* --- Spaces -------------------------------------------------------------------------------------- */

void given_tables(struct home *home, uint64_t address, unsigned int level) {
	for (unsigned int at = TABLE_LEVEL_1G; at >= level; at--) {
		struct table_place place = table_walk(home->space, address, at + 1);
		if (place.level != at + 1 || *place.entry != 0) continue;
		unsigned int frames = at == TABLE_LEVEL_1G ? 1 : 1 + TABLE_RECORD_FRAMES;
		puts_pages(&root, given_frames(frames), frames, PAGE_RIGHTS, ITEM_HOLD, 0);
		gets(&root, home->control, SPACE_ADD_TABLE, WORDS(address, at));
	}
}

static struct space *space_of_slot(uint32_t slot) { return slot_object(slot_find(root_home.space, slot)); }

struct home *given_a_space(void) {
	struct home *home = &homes[home_count++];

	ck_assert_uint_le(home_count, HOMES_MAX);
	*home = (struct home){.control = given_a_slot(), .own = 1, .next_slot = 2};
	puts_pages(&root, given_frames(2), 2, PAGE_RIGHTS, ITEM_HOLD, 0);
	accepts_slots(&root, home->control, 1);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CREATE_SPACE, NO_WORDS);
	home->space = space_of_slot(home->control);
	puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	gets(&root, home->control, SPACE_ADD_SLOTS, WORDS(0));
	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE, WORDS(home->control, home->own, 0, 0, 0));
	given_tables(home, HOME_PAGES, TABLE_LEVEL_4K);
	home->next_page = HOME_PAGES;
	home->next_utcb = HOME_PAGES_END - PAGE_SIZE;
	return home;
}

/* --- Threads ------------------------------------------------------------------------------------- */

struct actor *given_actor_of(struct thread *thread, struct home *home, uint32_t control, uint32_t capability) {
	struct actor *actor = &actors[actor_count++];

	ck_assert_uint_le(actor_count, ACTORS_MAX);
	*actor = (struct actor){.thread = thread, .home = home, .control = control, .capability = capability};
	return actor;
}

static struct actor *thread_made(struct home *home, uint64_t utcb) {
	unsigned int frames = utcb ? 2 : 1;
	uint32_t slots = given_slots(2);

	puts_pages(&root, given_frames(frames), frames, PAGE_RIGHTS, ITEM_HOLD, 0);
	accepts_slots(&root, slots, 2);
	gets(&root, home->control, SPACE_CREATE_THREAD, WORDS(utcb));
	struct thread *thread = slot_object(slot_find(root_home.space, slots));
	return given_actor_of(thread, home, slots, slots + 1);
}

struct actor *given_a_thread_with(struct home *home, uint64_t quantum, unsigned int priority) {
	struct actor *actor = thread_made(home, home->next_utcb);

	home->next_utcb -= PAGE_SIZE;
	gets(&root, actor->control, THREAD_SET_BUDGET, WORDS(quantum, priority));
	gets(&root, actor->control, THREAD_START, WORDS(THREAD_ENTRY, THREAD_STACK));
	return actor;
}

struct actor *given_a_thread(struct home *home) {
	return given_a_thread_with(home, USUAL_QUANTUM, USUAL_PRIORITY);
}

/* It gets to its first receive on a budget that is taken away from it afterwards. */
struct actor *given_a_server(struct home *home) {
	struct actor *actor = given_a_thread(home);

	receives(actor);
	gets(&root, actor->control, THREAD_SET_BUDGET, WORDS(0, USUAL_PRIORITY));
	return actor;
}

struct actor *given_a_queue(struct home *home) {
	return thread_made(home, 0);
}

struct actor *given_somebody(void) {
	return given_a_thread(given_a_space());
}

/* --- Capabilities -------------------------------------------------------------------------------- */

static uint32_t capability_derived(uint32_t source, struct home *home, unsigned int rights, uint64_t badge,
                                   uint64_t fix) {
	uint32_t slot = given_a_slot_of(home);

	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE, WORDS(source, slot, rights, badge, fix));
	return slot;
}

uint32_t given_a_capability(struct actor *actor, struct home *home, unsigned int rights, uint64_t badge) {
	return capability_derived(actor->capability, home, rights, badge, 1);
}

uint32_t given_an_unbadged_capability(struct actor *actor, struct home *home, unsigned int rights) {
	return capability_derived(actor->capability, home, rights, 0, 0);
}

uint32_t given_control_of(struct actor *actor, struct home *home) {
	return capability_derived(actor->control, home, 0, 0, 0);
}

uint32_t given_control_of_space(struct home *target, struct home *home) {
	return capability_derived(target->control, home, 0, 0, 0);
}

/* --- Pages --------------------------------------------------------------------------------------- */

uint64_t given_mapping(struct home *home, uint64_t source, unsigned int count, uint64_t rights) {
	uint64_t address = home->next_page;

	home->next_page += count * PAGE_SIZE;
	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(source, address, count, rights));
	return address;
}

uint64_t given_pages(struct home *home, unsigned int count, uint64_t rights) {
	return given_mapping(home, given_frames(count), count, rights);
}

/* --- Callers ------------------------------------------------------------------------------------- */

#define CALLER_LABEL UINT32_C(0x1000001)
#define CALLER_BADGE UINT64_C(77)

uint32_t given_a_caller_queued(struct actor *client, struct actor *server) {
	uint32_t slot = given_a_capability(server, client->home, RIGHT_SEND, CALLER_BADGE);

	calls(client, slot, CALLER_LABEL, WORDS(1, 2, 3));
	assert_waiting(client);
	return slot;
}

uint32_t given_a_caller_served(struct actor *client, struct actor *server) {
	uint32_t slot = given_a_caller_queued(client, server);

	if (client->thread->state == THREAD_SENDING) receives(server);
	ck_assert_uint_eq(client->thread->state, THREAD_WAITING);
	assert_got(server, CALLER_LABEL, CALLER_BADGE);
	return slot;
}
