/* SPDX-License-Identifier: MIT */
/*
 * Two levels of pagers: a fault is served by a pager whose own memory comes from its parent's pager.
 */
#include "faulting.h"

#include <first/child.h>
#include <first/machine.h>

#include "snippets.h"
#include "topics.h"

#define PAGE UINT64_C(4096)
/* The pager's memory, and where its clients want theirs. */
#define STOCK     CHILD_SCRATCH
#define STOCK_MAX 16u
#define CLIENT    (CHILD_SCRATCH + UINT64_C(0x20000))
/* The pager's slot for its own thread's faults is the main thread's queue; its clients' is itself. */

static volatile uint64_t pager_faults;

/* Serves page faults out of STOCK, a page for each, marked with its number. */
static _Noreturn void pager_run(struct utcb *utcb) {
	struct raw_ipc ipc = {.operation = IPC_RECEIVE};

	for (;;) {
		raw_ipc(&ipc);
		uint64_t page = STOCK + pager_faults * PAGE;
		*(volatile uint64_t *)page = 1000 + pager_faults;
		pager_faults++;
		utcb->items[0] = (struct ipc_item){
			.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, PAGE_READ | PAGE_WRITE, 0),
			.source = page,
			.count = 1,
			.destination = ipc.words[0] & ~(PAGE - 1),
		};
		ipc = (struct raw_ipc){.operation = IPC_REPLY_RECEIVE, .tag = IPC_TAG(0, 0, 1)};
	}
}

/* Reads a word from each of @pages pages, adds them up, and reports. */
static _Noreturn void client_run(uint64_t pages) {
	struct raw_ipc ipc = {.operation = IPC_CALL, .target = 1, .tag = IPC_TAG(0, 1, 0)};

	for (uint64_t page = 0; page < pages; page++) ipc.words[0] += *(volatile uint64_t *)(CLIENT + page * PAGE);
	raw_ipc(&ipc);
	for (;;)
		;
}

struct levels {
	struct child pager_space, client_space;
	struct actor pager, client;
};

static void given_two_levels(struct levels *levels) {
	child_create(&levels->pager_space);
	child_create(&levels->client_space);
	actor_create_in(&levels->pager_space, &levels->pager);
	actor_create_in(&levels->client_space, &levels->client);
	handler_set(&levels->pager, HANDLER_PAGER);
	give_capability(levels->pager.thread);
	CHECK_OK(KERNEL(levels->client.control, THREAD_SET_HANDLER, HANDLER_PAGER));
	handler_set(&levels->client, HANDLER_EXCEPTION);
	child_give_badged(&levels->client_space, SLOT_SELF, 1, RIGHT_SEND, 77);
	actor_start(&levels->pager, ENTRY(pager_run), levels->pager.utcb);
}

/* Serves the pager's own faults until the client reports; returns how many there were. */
static uint64_t serve_parent_level(void) {
	uint64_t faults = 0;

	while (receive() == 0 && IPC_TAG_LABEL(answer.tag) == FAULT_PAGE) {
		if (!tap_check(answer.target == FAULT_BADGE + HANDLER_PAGER, __FILE__, __LINE__,
		               "the fault is the pager's"))
			break;
		uint64_t address = answer.words[0] & ~(PAGE - 1);
		give_page(frames_take(1), address, PAGE_READ | PAGE_WRITE);
		if (REPLY(ERROR_OK) != 0) break;
		faults++;
	}
	return faults;
}

static void a_fault_costs_one_message_at_each_pager_level(void) {
	struct levels levels;
	uint64_t pages = 4;
	uint64_t faults;

	given_two_levels(&levels);
	CHECK_DONE();
	actor_start(&levels.client, ENTRY(client_run), pages);
	faults = serve_parent_level();
	CHECK_EQUAL(answer.target, 77);
	CHECK_EQUAL(answer.words[0], 1000 + 1001 + 1002 + 1003);
	CHECK_EQUAL(faults, pages);
	CHECK_EQUAL(*(volatile uint64_t *)child_view(&levels.pager_space, (void *)&pager_faults), pages);
}

static void taking_memory_from_a_pager_takes_it_from_its_clients(void) {
	struct levels levels;
	uint64_t frame;

	given_two_levels(&levels);
	CHECK_DONE();
	actor_start(&levels.client, ENTRY(client_run), 1);
	CHECK_OK(receive());
	frame = frames_take(1);
	give_page(frame, STOCK, PAGE_READ | PAGE_WRITE);
	CHECK_OK(REPLY(ERROR_OK));
	CHECK_OK(receive());
	CHECK_EQUAL(answer.target, 77);
	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40), ERROR_BUSY);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN));
	give_frames(frame, 1);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, 40));
}

static void a_client_whose_pagers_pager_refuses_waits_with_the_pager(void) {
	struct levels levels;

	given_two_levels(&levels);
	CHECK_DONE();
	actor_start(&levels.client, ENTRY(client_run), 1);
	CHECK_OK(receive());
	CHECK_OK(REPLY(ERROR_NO_MEMORY));
	/* The pager has no handler: it halts, and its client waits for whoever mends that. */
	settle();
	CHECK_EQUAL(actor_state(&levels.pager), THREAD_STATE_HALTED);
	CHECK_EQUAL(actor_state(&levels.client), THREAD_STATE_WAITING);
	CHECK_OK(KERNEL(levels.pager_space.space, SPACE_DESTROY));
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
	CHECK_EQUAL(answer.words[0], FAULT_PAGER_LOST);
	CHECK_EQUAL(answer.words[2], CLIENT);
}

const struct test pager_tests[] = {
	TEST(a_fault_costs_one_message_at_each_pager_level),
	TEST(taking_memory_from_a_pager_takes_it_from_its_clients),
	TEST(a_client_whose_pagers_pager_refuses_waits_with_the_pager),
	TESTS_END,
};
