/* SPDX-License-Identifier: MIT */
/*
 * Derivation trees of capabilities. Read capability.h first.
 */
#include "capability.h"

/* Counts all changes of the trees' shape: while it stays the same, a pointer to a slot is good. */
static uint64_t derivation_changes;

void derivation_attach(struct slot *parent, struct slot *child) {
	struct slot *first = slot_from_link(parent->child);

	derivation_changes++;
	child->parent = slot_to_link(parent);
	child->previous = 0;
	child->next = parent->child;
	if (first) {
		first->previous = slot_to_link(child);
		first->parent = 0;
	}
	parent->child = slot_to_link(child);
}

void derivation_attach_sibling(struct slot *slot, struct slot *sibling) {
	derivation_changes++;
	if (!slot->parent && !slot->previous) return;
	sibling->next = slot->next;
	sibling->previous = slot_to_link(slot);
	if (slot->next) slot_from_link(slot->next)->previous = slot_to_link(sibling);
	slot->next = slot_to_link(sibling);
}

void derivation_detach(struct slot *slot) {
	struct slot *next = slot_from_link(slot->next);

	derivation_changes++;
	if (next) {
		next->previous = slot->previous;
		next->parent = slot->parent;
	}
	if (slot->previous)
		slot_from_link(slot->previous)->next = slot->next;
	else if (slot->parent)
		slot_from_link(slot->parent)->child = slot->next;
	slot->parent = 0;
	slot->next = 0;
	slot->previous = 0;
}

void derivation_moved(struct slot *slot) {
	const slot_link_t link = slot_to_link(slot);

	derivation_changes++;
	if (slot->next) slot_from_link(slot->next)->previous = link;
	if (slot->previous)
		slot_from_link(slot->previous)->next = link;
	else if (slot->parent)
		slot_from_link(slot->parent)->child = link;
	if (slot->child) slot_from_link(slot->child)->parent = link;
}

/*
 * Nothing can be derived from what waits for its children to be removed: so revocation comes to an end, whatever is
 * derived meanwhile.
 */
static void slot_disable(struct slot *slot) { slot->object |= (uint64_t)KIND_REVOKED << SLOT_KIND_SHIFT; }

/* The first child of @slot that is not @keep itself, or has something below it. */
static struct slot *derivation_next_victim(const struct slot *slot, const struct slot *keep) {
	struct slot *child = slot_from_link(slot->child);

	return child && child == keep && !child->child ? slot_from_link(child->next) : child;
}

enum step derivation_revoke_others(struct slot *slot, const struct slot *keep) {
	struct slot *child = derivation_next_victim(slot, keep);

	while (child) {
		struct slot *grandchild = slot_from_link(child->child);
		if (grandchild) {
			if (child != keep) slot_disable(child);
			derivation_detach(grandchild);
			derivation_attach(slot, grandchild);
		} else {
			slot_remove(child);
		}
		child = derivation_next_victim(slot, keep);
		if (child) TRY_STEP(step_next());
	}
	return STEP_DONE;
}

enum step derivation_delete(struct slot *slot) {
	if (slot->child) slot_disable(slot);
	TRY_STEP(derivation_revoke(slot));
	slot_remove(slot);
	return STEP_DONE;
}

/* Where the last re-pointing was interrupted: it goes on there if no tree has changed meanwhile. */
static struct {
	const struct slot *top;
	struct slot *slot;
	enum { WALK_ENTER, WALK_LEAVE, WALK_TO_FIRST } phase;
	uint64_t changes;
} repoint_left;

enum step derivation_repoint(struct slot *top, const void *object) {
	if (repoint_left.top != top || repoint_left.changes != derivation_changes) {
		repoint_left.top = top;
		repoint_left.slot = top;
		repoint_left.phase = WALK_ENTER;
		repoint_left.changes = derivation_changes;
	}
	do {
		struct slot *slot = repoint_left.slot;
		slot_link_t next = 0;
		switch (repoint_left.phase) {
		case WALK_ENTER:
			slot->object = (slot->object & ~SLOT_OBJECT_MASK) | (uint64_t)(uintptr_t)object;
			next = slot->child;
			if (!next) repoint_left.phase = WALK_LEAVE;
			break;
		case WALK_LEAVE:
			if (slot == top) {
				repoint_left.top = NULL;
				return STEP_DONE;
			}
			next = slot->next;
			repoint_left.phase = next ? WALK_ENTER : WALK_TO_FIRST;
			break;
		case WALK_TO_FIRST:
			next = slot->previous ? slot->previous : slot->parent;
			if (!slot->previous) repoint_left.phase = WALK_LEAVE;
			break;
		}
		if (next) repoint_left.slot = slot_from_link(next);
	} while (step_next() == STEP_DONE);
	return STEP_AGAIN;
}
