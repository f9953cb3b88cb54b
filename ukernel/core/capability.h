/* SPDX-License-Identifier: MIT */
/*
 * Capability slots: what a slot holds (capability.c), and the derivation trees that slots form (derivation.c).
 *
 * A slot is empty or names an object with rights and a badge. Every object has a root slot inside it from which all
 * capabilities to it derive.
 *
 * Removing a subtree is done in steps of O(1): a child that has children gives its first one to the node being
 * cleared, so that progress lies in the tree itself and nobody needs to remember where an interrupted removal was.
 * Only the first child of a node names its parent: so a capability with any number of children moves in O(1).
 */
#ifndef NACRE_CORE_CAPABILITY_H
#define NACRE_CORE_CAPABILITY_H

#include <nacre/abi/item.h>
#include <nacre/abi/rights.h>

#include "step.h"

struct space;
struct thread;

/*
 * A link is a slot's physical address / 32, so slots lie below 128 GiB; 0 is none.
 * (With 64-bit links a slot would be 48 bytes and lookup a multiplication.)
 */
typedef uint32_t slot_link_t;
#define SLOT_SHIFT        5
#define SLOT_PHYSICAL_END (UINT64_C(1) << (32 + SLOT_SHIFT))

/*
 * object: page-aligned address of the struct thread or struct space, | kind << 4 | rights. Zero is empty.
 * Interrupt and port ranges have no object; a reply right names the caller's thread and, in its rights,
 * REPLY_TO_BUDGET if it answers the thread's budget fault rather than its call.
 */
struct slot {
	uint64_t object;
	uint64_t badge;
	slot_link_t parent; /* only in a first child */
	slot_link_t child;
	slot_link_t next;
	slot_link_t previous;
};

_Static_assert(sizeof(struct slot) == 1u << SLOT_SHIFT, "lookup is one shift");

#define SLOT_RIGHTS_MASK UINT64_C(0x7)
#define SLOT_BADGED      UINT64_C(0x8) /* the badge is fixed */
#define SLOT_KIND_SHIFT  4
#define SLOT_KIND_MASK   (UINT64_C(0xf) << SLOT_KIND_SHIFT)
#define SLOT_OBJECT_MASK (~UINT64_C(0xfff))
#define REPLY_TO_BUDGET  1u

static inline unsigned int slot_kind(const struct slot *slot) {
	return (unsigned int)((slot->object & SLOT_KIND_MASK) >> SLOT_KIND_SHIFT);
}

static inline unsigned int slot_rights(const struct slot *slot) {
	return (unsigned int)(slot->object & SLOT_RIGHTS_MASK);
}

static inline void *slot_object(const struct slot *slot) {
	return (void *)(uintptr_t)(slot->object & SLOT_OBJECT_MASK);
}

static inline uint64_t slot_object_word(const void *object, unsigned int kind, uint64_t rights) {
	return (uint64_t)(uintptr_t)object | ((uint64_t)kind << SLOT_KIND_SHIFT) | rights;
}

static inline struct slot *slot_from_link(slot_link_t link) {
	return link ? arch_direct((struct physical_address){(uint64_t)link << SLOT_SHIFT}) : NULL;
}

static inline slot_link_t slot_to_link(const struct slot *slot) {
	return slot ? (slot_link_t)(arch_physical(slot).value >> SLOT_SHIFT) : 0;
}

/*
 * Finds slot @number of @space; NULL if it is beyond the table or not backed. The slot may be empty.
 */
struct slot *slot_find(struct space *space, uint64_t number);

/* A non-empty slot of @kind, or ERROR_CAPABILITY. */
error_t slot_find_kind(struct space *space, uint64_t number, unsigned int kind, struct slot **result) NACRE_MUST_CHECK;

/* An empty slot: ERROR_NO_MEMORY if not backed, ERROR_RANGE beyond the table or slot 0, ERROR_EXISTS if taken. */
error_t slot_find_empty(struct space *space, uint64_t number, struct slot **result) NACRE_MUST_CHECK;

/*
 * Checks that a capability like @source may be given with the rights and badge that @item asks for, and works out what
 * the new slot holds. ERROR_CAPABILITY if it cannot be passed so (reply rights only move), ERROR_STATE if a badge is
 * fixed already, ERROR_RIGHT if nothing would be left.
 */
error_t slot_grant_decode(const struct slot *source, const struct ipc_item *item, struct slot *result) NACRE_MUST_CHECK;

/* A capability on its way from one slot to another. */
struct capability_plan {
	struct slot *source;
	struct slot *slot; /* where it goes: empty */
	struct slot contents;
	uint64_t action; /* ITEM_DERIVE, ITEM_SHARE, ITEM_MOVE */
	int own;         /* in a message: designates a queue that the receiver serves, arrives as its badge */
};

/*
 * Checks what @item asks to pass on of @from's capabilities and fills @plan's source, contents and action:
 * ERROR_CAPABILITY if the slot is empty, ERROR_ARGUMENT, slot_grant_decode()'s errors.
 */
error_t capability_plan_decode(struct space *from, const struct ipc_item *item,
                               struct capability_plan *plan) NACRE_MUST_CHECK;

/* Does what was decoded, once @plan's slot is found too. Cannot fail. */
void capability_plan_commit(const struct capability_plan *plan);

/* Puts decoded contents into the empty @slot, as a child of @source. Cannot fail. */
void slot_derive(struct slot *source, struct slot *slot, const struct slot *contents);

/* Moves contents and place in the tree; reply rights take their tie along. */
void slot_move(struct slot *source, struct slot *slot);

/* Empties a slot that has nothing below it, and undoes what it stands for (a reply right ends its call). */
void slot_remove(struct slot *slot);

/* Narrows a badge of a control capability: ceiling no higher, CPUs a subset. */
uint64_t control_badge_narrow(uint64_t badge, uint64_t wanted);

static inline unsigned int control_ceiling(uint64_t badge) { return (unsigned int)(badge & CONTROL_CEILING_MASK); }

/* Makes @child the first child of @parent. @child is in no tree. */
void derivation_attach(struct slot *parent, struct slot *child);

/* Makes @sibling a sibling of @slot (a tree of its own if @slot is the top of one). */
void derivation_attach_sibling(struct slot *slot, struct slot *sibling);

/* Takes @slot out of its tree; what is below it stays there. */
void derivation_detach(struct slot *slot);

/* @slot has been given the contents and links of another: makes its neighbours know it. */
void derivation_moved(struct slot *slot);

/*
 * Removes all below @slot but @keep (may be NULL), which ends as its only child. STEP_AGAIN: an interrupt waits and
 * something is left; call again.
 */
enum step derivation_revoke_others(struct slot *slot, const struct slot *keep);

/* Removes all below @slot. */
static inline enum step derivation_revoke(struct slot *slot) { return derivation_revoke_others(slot, NULL); }

/* Removes all below @slot, then @slot itself. */
enum step derivation_delete(struct slot *slot);

/* Re-points @slot and everything below it to @object, keeping rights and badges. */
enum step derivation_repoint(struct slot *slot, const void *object);

#endif
