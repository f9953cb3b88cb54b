/* SPDX-License-Identifier: MIT */
/*
 * Items: the typed parts of a message that map pages or pass capabilities.
 *
 * The sender writes utcb.items[], the kernel writes what arrived to the receiver's
 * utcb.received[]. The receiver says beforehand where things may land (utcb.window_*).
 */
#ifndef NACRE_ABI_ITEM_H
#define NACRE_ABI_ITEM_H

#include <stdint.h>

struct ipc_item {
	/* ITEM_* below. */
	uint64_t header;
	/*
	 * Sent: the first page's address, or the slot, in the sender's space.
	 * Received: the address or slot in the receiver's space at which it landed.
	 */
	uint64_t source;
	/*
	 * Pages: how many (of 4 KiB, or of 2 MiB with ITEM_LARGE).
	 * Capability sent with ITEM_BADGE: the badge (a control capability: the narrowed ceiling and CPU mask).
	 * Capability received with ITEM_OWN: the badge that the receiver's own capability carries.
	 */
	uint64_t count;
	/*
	 * Sent: offset in bytes (pages) or slots (capability) from the start of the receiver's window;
	 * in a reply to a page fault the window is the whole space, so the offset is the address.
	 * Received: the same offset.
	 */
	uint64_t destination;
};

/* Type */
#define ITEM_TYPE_MASK   UINT64_C(0xf)
#define ITEM_PAGES       UINT64_C(1)
#define ITEM_CAPABILITY  UINT64_C(2)
#define ITEM_REPLY_RIGHT UINT64_C(3) /* moves the sender's unsaved reply right; source is ignored */

/* How a capability is passed on; pages are always derived. */
#define ITEM_ACTION_MASK UINT64_C(0xf0)
#define ITEM_DERIVE      UINT64_C(0x00) /* a child: revoked with the sender's */
#define ITEM_SHARE       UINT64_C(0x10) /* a sibling: survives the sender's */
#define ITEM_MOVE        UINT64_C(0x20) /* the sender's slot becomes empty */

/* Rights wanted: PAGE_* for pages, RIGHT_* for thread capabilities (rights.h); the giver's are never exceeded. */
#define ITEM_RIGHTS_SHIFT 8
#define ITEM_RIGHTS_MASK  (UINT64_C(0xf) << ITEM_RIGHTS_SHIFT)

#define ITEM_HOLD      (UINT64_C(1) << 12) /* pages: authority only, no access */
#define ITEM_LARGE     (UINT64_C(1) << 13) /* pages: 2 MiB each */
#define ITEM_BADGE     (UINT64_C(1) << 14) /* capability, derive only: fix the badge given in count */
#define ITEM_OWN       (UINT64_C(1) << 15) /* received: a capability to a queue the receiver serves; no slot used */
#define ITEM_FLAGS_ALL UINT64_C(0x7fff)    /* every bit a sender may set */

#define ITEM_HEADER(type, action, rights, flags) \
	((type) | (action) | ((uint64_t)(rights) << ITEM_RIGHTS_SHIFT) | (flags))

#endif
