/* SPDX-License-Identifier: MIT */
/*
 * The rules of slots and of the trees they form.
 */
#include "invariants.h"

#include "interrupt.h"
#include "tie.h"

#define SLOT_RESERVED (SLOT_OBJECT_MASK ^ ~UINT64_C(0xff))

/* Slots lie in slot pages, in objects, and (interrupt lines) in what the kernel kept at boot. */
static int slot_is_in_place(const struct slot *slot) {
	const struct frame *frame = invariants_frame_of(slot);

	return frame && (frame->type == FRAME_SLOTS || frame->type == FRAME_THREAD || frame->type == FRAME_SPACE ||
	                 frame->type == FRAME_KERNEL);
}

static int slot_is_unlinked(const struct slot *slot) {
	return !slot->parent && !slot->child && !slot->next && !slot->previous;
}

static void check_object(const struct slot *slot) {
	INVARIANT((slot->object & SLOT_RESERVED) == 0, "spare bits of a slot are zero", slot);
	switch (slot_kind(slot)) {
	case KIND_THREAD:
		INVARIANT(slot_rights(slot) != 0, "a capability has rights", slot);
		INVARIANT((slot->object & SLOT_BADGED) || slot->badge == 0, "a badge is fixed, or there is none", slot);
		INVARIANT(invariants_is_object(slot_object(slot), FRAME_THREAD), "a capability's thread is alive",
		          slot);
		break;
	case KIND_THREAD_CONTROL:
		INVARIANT(invariants_is_object(slot_object(slot), FRAME_THREAD), "a capability's thread is alive",
		          slot);
		break;
	case KIND_SPACE_CONTROL:
		INVARIANT(invariants_is_object(slot_object(slot), FRAME_SPACE), "a capability's space is alive", slot);
		break;
	case KIND_INTERRUPT:
	case KIND_PORTS: INVARIANT(!slot_object(slot), "a range has no object", slot); break;
	case KIND_REVOKED: break;
	default: INVARIANT(0, "a slot has a kind", slot);
	}
}

static void check_reply(struct slot *slot) {
	const struct tie *tie;

	INVARIANT(slot_is_unlinked(slot) && slot->badge == 0, "a reply right is in no tree", slot);
	if (!slot_object(slot)) return;
	INVARIANT(invariants_is_object(slot_object(slot), FRAME_THREAD), "a reply right's caller is alive", slot);
	tie = tie_of_slot(slot);
	INVARIANT(tie->state == TIE_SAVED && tie->slot == slot, "a reply right and its tie agree", slot);
}

static void check_badge(const struct slot *parent, const struct slot *child) {
	switch (slot_kind(child)) {
	case KIND_THREAD:
		if (!(parent->object & SLOT_BADGED)) return;
		INVARIANT(child->object & SLOT_BADGED, "a badge stays fixed", child);
		if (slot_rights(child) == RIGHT_SIGNAL)
			INVARIANT((child->badge & ~parent->badge) == 0, "a signal mask only loses bits", child);
		else
			INVARIANT(child->badge == parent->badge, "a badge is inherited", child);
		break;
	case KIND_INTERRUPT:
	case KIND_PORTS:
		INVARIANT(range_covers(parent->badge, (uint32_t)child->badge, child->badge >> 32),
		          "a range lies inside its parent", child);
		break;
	default:
		INVARIANT(control_ceiling(child->badge) <= control_ceiling(parent->badge) &&
		                  (child->badge & ~parent->badge & ~CONTROL_CEILING_MASK) == 0,
		          "ceiling and CPUs are never raised", child);
	}
}

/* True if @child is to what its parent is to, or will be when a rebinding is finished. */
static int objects_agree(const struct slot *parent, const struct slot *child) {
	const struct thread *thread = slot_object(child);

	return slot_object(child) == slot_object(parent) ||
	       (slot_kind(child) == KIND_THREAD && slot_object(&thread->rebound) == slot_object(parent));
}

/* @child of @parent, which is a root slot if it is empty. */
static void check_child(const struct slot *parent, const struct slot *child) {
	INVARIANT(child->object != 0, "a child is a capability", child);
	if (parent->object == 0 || slot_kind(parent) == KIND_REVOKED || slot_kind(child) == KIND_REVOKED) return;
	INVARIANT(slot_kind(child) == slot_kind(parent) && objects_agree(parent, child),
	          "a child is to its parent's object", child);
	INVARIANT((slot_rights(child) & ~slot_rights(parent)) == 0, "a child has no more rights", child);
	check_badge(parent, child);
}

static void check_children(struct slot *parent) {
	const struct slot *previous = NULL;
	struct slot *child = slot_from_link(parent->child);

	for (; child; child = slot_from_link(child->next)) {
		INVARIANT(slot_is_in_place(child), "children lie where slots are", parent);
		INVARIANT(slot_from_link(child->previous) == previous, "siblings are linked both ways", child);
		INVARIANT(slot_from_link(child->parent) == (previous ? NULL : parent),
		          "the first child, and no other, knows its parent", child);
		check_child(parent, child);
		previous = child;
	}
}

/* Something must lead to each capability but those that were there from the beginning. */
static void check_place(const struct slot *slot) {
	const struct slot *previous = slot_from_link(slot->previous);
	const struct slot *parent = slot_from_link(slot->parent);

	if (previous) {
		INVARIANT(slot_is_in_place(previous) && slot_from_link(previous->next) == slot,
		          "siblings are linked both ways", slot);
	} else if (parent) {
		INVARIANT(slot_is_in_place(parent) && slot_from_link(parent->child) == slot,
		          "a parent knows its first child", slot);
	} else {
		INVARIANT(slot_kind(slot) == KIND_INTERRUPT || slot_kind(slot) == KIND_PORTS ||
		                  slot_kind(slot) == KIND_REVOKED,
		          "a capability hangs below its object", slot);
	}
}

void invariants_check_rebound(struct thread *thread) {
	struct slot *rebound = &thread->rebound;
	const struct thread *other = slot_object(rebound);

	INVARIANT(!rebound->parent && !rebound->next && !rebound->previous, "a rebinding is the top of a tree", thread);
	INVARIANT(other || !rebound->child, "nothing is re-pointed to nobody", thread);
	INVARIANT(!other || (invariants_is_object(other, FRAME_THREAD) && other->rebinder == thread),
	          "both ends of a rebinding know it", thread);
	INVARIANT(!thread->rebinder || slot_object(&thread->rebinder->rebound) == thread,
	          "both ends of a rebinding know it", thread);
	check_children(rebound);
}

void invariants_check_slot(struct slot *slot) {
	if (slot->object == 0) {
		INVARIANT(slot_is_unlinked(slot), "an empty slot is in no tree", slot);
		return;
	}
	if (slot_kind(slot) == KIND_REPLY) {
		check_reply(slot);
		return;
	}
	check_object(slot);
	check_place(slot);
	check_children(slot);
}

void invariants_check_root(struct slot *root, const void *object) {
	const struct slot *child;

	INVARIANT(root->object == 0 && !root->parent && !root->next && !root->previous, "a root slot is the top", root);
	check_children(root);
	for (child = slot_from_link(root->child); child; child = slot_from_link(child->next))
		INVARIANT(slot_object(child) == object, "what hangs below an object is to it", child);
}
