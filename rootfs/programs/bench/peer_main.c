/* SPDX-License-Identifier: MIT */
/*
 * bench-peer: answers calls as fast as a loop in C can, and page faults with one page of its own.
 *
 * The answer to a call has the words of the call. Registers hold words 0..7; more are copied within the UTCB by nobody:
 * they lie where the kernel put them, which is where it takes the answer's from.
 */
#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>
#include <nacre/path.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocols.h>
#include <nacre/server.h>
#include <nacre/start.h>
#include <nacre/system_call.h>
#include <nacre/tool.h>

#include "peer.h"

static const char *const usage = "usage: bench-peer\n"
				 "Answers the calls and page faults that 'bench' measures, until it is killed.\n";

#define PAGE_BYTES UINT64_C(4096)

/* One page to give to whoever faults: the item is the same each time but for the address. */
static error_t page_prepare(struct ipc_item *item) {
	uint64_t address;
	error_t error =
		memory_allocate(start_memory(), 0, PAGE_BYTES, PAGE_READ | PAGE_WRITE, MEMORY_ALLOCATE_EAGER, &address);

	*item = (struct ipc_item){
		.header = ITEM_HEADER(ITEM_PAGES, 0, PAGE_READ | PAGE_WRITE, 0),
		.source = address,
		.count = 1,
	};
	return error;
}

static _Noreturn void serve(const struct ipc_item *page) {
	uint64_t words[IPC_WORDS_IN_REGISTERS] = {0};
	uint64_t operation = IPC_RECEIVE;
	uint64_t target = 0;
	uint64_t tag = 0;

	for (;;) {
		uint64_t result = ipc_system_call(operation, &target, &tag, words);
		operation = IPC_REPLY_RECEIVE;
		target = 0;
		if (result != 0) {
			operation = IPC_RECEIVE;
		} else if (IPC_TAG_LABEL(tag) == FAULT_PAGE) {
			utcb_get()->items[0] = *page;
			utcb_get()->items[0].destination = words[0] & ~(PAGE_BYTES - 1);
			tag = IPC_TAG(ERROR_OK, 0, 1);
		} else {
			tag = IPC_TAG(ERROR_OK, IPC_TAG_WORDS(tag), 0);
		}
	}
}

int main(int argc, char **argv) {
	struct ipc_item page;
	capability_t self;

	tool_help(argc, argv, usage);
	error_t error = page_prepare(&page);
	if (error == ERROR_OK) error = server_self(&self);
	if (error == ERROR_OK) error = path_register(PEER_PATH, PEER_PROTOCOL, item_badge(self, RIGHT_SEND, 1));
	if (error != ERROR_OK) return tool_fail(argv, "%s: %s", PEER_PATH, error_text(error));
	serve(&page);
}
