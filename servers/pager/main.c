/* SPDX-License-Identifier: MIT */
/*
 * /sbin/pager: hosts instances for contexts, with memory from the pager below.
 *
 * Owns the order of starting and the receive loop. Its own memory comes from root; nothing it serves is ever touched
 * by it. Read README.md and pager/pager.h first.
 */
#include <stdint.h>

#include <nacre/priority.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/parent.h>
#include <nacre/start.h>

#include <pager/parent.h>
#include <pager/serve.h>

/*
 * Where the first frames are held: pages of the program's own window that it never touches. There page tables are, as
 * the program runs next to them; anywhere else the first frames would be needed to hold the first frames.
 */
static unsigned char first_window[PAGER_FIRST_FRAMES * PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));

static struct pager pager;

static error_t first_frames_take(struct hold first) {
	unsigned int frames = 0;

	while (frames < PAGER_FIRST_FRAMES) {
		unsigned int came;

		TRY(parent_take(hold_at(first, frames), GROUP_PAGES, &came));
		frames += came;
	}
	return ERROR_OK;
}

static error_t start(void) {
	struct pager_setup setup = {
		.source = &source_parent,
		.own_space = start_space(),
		.ceiling = PROGRAM_PRIORITY,
		.first.address = (uint64_t)(uintptr_t)first_window,
		.first_count = PAGER_FIRST_FRAMES,
		.bookkeeping_base = PAGER_BOOKKEEPING,
		.bookkeeping_size = PAGER_BOOKKEEPING_BYTES,
		.foreign_base = PAGER_FOREIGN,
		.foreign_size = PAGER_FOREIGN_BYTES,
	};

	TRY(first_frames_take(setup.first));
	TRY(kernel_open());
	TRY(pager_open(&pager, &setup));
	TRY(source_parent_open(&pager, setup.first, PAGER_HOLDS, PAGER_HOLDS_BYTES));
	TRY(kernel_contents_open(&pager));
	TRY(parent_offer(start_parent(), PROTOCOL_MEMORY, "pager", instance_item(&pager.top)));
	return parent_ready(start_parent());
}

int main(void) {
	struct server_protocol protocols[PAGER_PROTOCOLS];
	struct server server = {
		.protocols = protocols,
		.protocol_count = PAGER_PROTOCOLS,
		.capability_window = PAGER_CAPABILITY_WINDOW,
	};
	error_t error = start();

	if (error != ERROR_OK) return (int)error;
	pager_protocols(&pager, protocols);
	server_run(&server);
}
