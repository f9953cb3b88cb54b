/* SPDX-License-Identifier: MIT */
/*
 * The message buffer of a thread (UTCB: user-level thread control block), one 4 KiB page.
 *
 * The kernel maps it at the address chosen when the thread is created. Threads of the same
 * space may write it at any time; the kernel reads each field once.
 */
#ifndef NACRE_ABI_UTCB_H
#define NACRE_ABI_UTCB_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/ipc.h>
#include <nacre/abi/item.h>

struct utcb {
	/* Words 0..7 travel in registers; the kernel reads and writes only words 8..63 here. */
	uint64_t words[IPC_WORDS_MAX];
	struct ipc_item items[IPC_ITEMS_MAX];    /* to send */
	struct ipc_item received[IPC_ITEMS_MAX]; /* what arrived: item count of the received tag */
	/* Receive window for pages: bytes, page-aligned; size 0 accepts none. */
	uint64_t window_address;
	uint64_t window_size;
	/* Receive window for capabilities: first slot and how many; count 0 accepts none. */
	uint32_t window_slot;
	uint32_t window_slot_count;
	uint64_t deadline;  /* kernel time in ns plus the space's offset, with IPC_DEADLINE */
	uint32_t save_slot; /* with IPC_SAVE */
	uint32_t reserved;
	uint64_t user[64]; /* never touched by the kernel: libipc's and the program's own */
};

_Static_assert(offsetof(struct utcb, items) == 0x200, "ABI");
_Static_assert(offsetof(struct utcb, received) == 0x300, "ABI");
_Static_assert(offsetof(struct utcb, window_address) == 0x400, "ABI");
_Static_assert(offsetof(struct utcb, window_slot) == 0x410, "ABI");
_Static_assert(offsetof(struct utcb, deadline) == 0x418, "ABI");
_Static_assert(offsetof(struct utcb, save_slot) == 0x420, "ABI");
_Static_assert(offsetof(struct utcb, user) == 0x428, "ABI");
_Static_assert(sizeof(struct utcb) <= 4096, "the UTCB is one page");

#endif
