/* SPDX-License-Identifier: MIT */
/*
 * How a program says what to pass on in a message: capabilities and pages.
 *
 * Owns the small constructors; what the fields mean is in nacre/abi/item.h.
 */
#ifndef NACRE_ITEM_H
#define NACRE_ITEM_H

#include <stdint.h>

#include <nacre/abi/ipc.h>
#include <nacre/abi/item.h>
#include <nacre/capability.h>

/* Passes a sibling on: it survives the giver's. The usual way. */
static inline struct ipc_item item_share(capability_t slot) {
	return (struct ipc_item){.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_SHARE, RIGHTS_ALL, 0), .source = slot};
}

/* The same with fewer rights: RIGHT_SIGNAL alone makes it a capability that can only signal. */
static inline struct ipc_item item_share_rights(capability_t slot, uint32_t rights) {
	return (struct ipc_item){.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_SHARE, rights, 0), .source = slot};
}

/* Passes it on; the giver's slot becomes empty (it stays allocated). */
static inline struct ipc_item item_move(capability_t slot) {
	return (struct ipc_item){.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_MOVE, RIGHTS_ALL, 0), .source = slot};
}

/* Passes a child on: it goes when the giver's goes. */
static inline struct ipc_item item_derive(capability_t slot, uint32_t rights) {
	return (struct ipc_item){.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, rights, 0), .source = slot};
}

/*
 * The same, and fixes its badge: how a server hands out its objects. @slot must have no badge yet.
 */
static inline struct ipc_item item_badge(capability_t slot, uint32_t rights, uint64_t badge) {
	return (struct ipc_item){
		.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, rights, ITEM_BADGE),
		.source = slot,
		.count = badge,
	};
}

/* An optional capability that is not given. */
static inline struct ipc_item item_none(void) { return (struct ipc_item){0}; }

/* Page items: to send, or as they arrived (address and offset as in nacre/abi/item.h). */
struct page_list {
	unsigned int count;
	struct ipc_item items[IPC_ITEMS_MAX];
};

/*
 * One run of @count pages (of 2 MiB with ITEM_LARGE) from @address on, with @rights (PAGE_*) and
 * @flags (ITEM_HOLD, ITEM_LARGE), to land @offset bytes into the receiver's window.
 */
static inline struct ipc_item item_pages(uint64_t address, uint64_t count, uint32_t rights, uint64_t flags,
                                         uint64_t offset) {
	return (struct ipc_item){
		.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, rights, flags),
		.source = address,
		.count = count,
		.destination = offset,
	};
}

/* A list of one run of 4 KiB holds: how frames are given to the kernel. */
static inline struct page_list page_list_holds(uint64_t address, uint64_t count) {
	struct page_list list = {.count = 1};

	list.items[0] = item_pages(address, count, 0, ITEM_HOLD, 0);
	return list;
}

#endif
