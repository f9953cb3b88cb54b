/* SPDX-License-Identifier: MIT */
/*
 * Capability slots: what a slot holds and how slots are linked into derivation trees.
 *
 * Owns struct slot and its contents; the trees themselves are derivation.h. A slot is empty or names an object
 * with rights and a badge. Every object has a root slot inside it from which all capabilities to it derive.
 */
#ifndef NACRE_CORE_CAPABILITY_H
#define NACRE_CORE_CAPABILITY_H

#include <nacre/abi/rights.h>

#include "arch.h"

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

/* What a derived or shared capability is to carry. */
struct slot_grant {
	unsigned int rights;
	uint64_t badge;
	enum { BADGE_KEEP, BADGE_FIX } badge_action;
};

/*
 * Checks that @source may give @grant and works out what the new slot holds.
 * ERROR_CAPABILITY if @source is empty or cannot be passed so (reply rights only move), ERROR_STATE if a badge is fixed
 * already, ERROR_RIGHT if nothing would be left.
 */
error_t slot_grant_decode(const struct slot *source, const struct slot_grant *grant,
                          struct slot *result) NACRE_MUST_CHECK;

/* Puts decoded contents into the empty @slot, as a child or a sibling of @source. Cannot fail. */
void slot_derive(struct slot *source, struct slot *slot, const struct slot *contents);
void slot_share(struct slot *source, struct slot *slot, const struct slot *contents);

/* Moves contents and place in the tree; reply rights take their tie along. */
void slot_move(struct slot *source, struct slot *slot);

/* Narrows a badge of a control capability: ceiling no higher, CPUs a subset. */
uint64_t control_badge_narrow(uint64_t badge, uint64_t wanted);

static inline unsigned int control_ceiling(uint64_t badge) { return (unsigned int)(badge & CONTROL_CEILING_MASK); }

#endif
