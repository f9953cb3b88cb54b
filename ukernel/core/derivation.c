/* SPDX-License-Identifier: MIT */
/*
 * Derivation trees of capabilities. Read derivation.h first.
 */
#include "derivation.h"

#include "tie.h"

void derivation_attach(struct slot *parent, struct slot *child) {
	struct slot *first = slot_from_link(parent->child);

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
	struct slot *next = slot_from_link(slot->next);

	if (!slot->parent && !slot->previous) return;
	sibling->next = slot->next;
	sibling->previous = slot_to_link(slot);
	if (next) next->previous = slot_to_link(sibling);
	slot->next = slot_to_link(sibling);
}

void derivation_detach(struct slot *slot) {
	struct slot *next = slot_from_link(slot->next);
	struct slot *previous = slot_from_link(slot->previous);
	struct slot *parent = slot_from_link(slot->parent);

	if (next) {
		next->previous = slot->previous;
		next->parent = slot->parent;
	}
	if (previous)
		previous->next = slot->next;
	else if (parent)
		parent->child = slot->next;
	slot->parent = 0;
	slot->next = 0;
	slot->previous = 0;
}

void derivation_replace(struct slot *source, struct slot *destination) {
	struct slot *next = slot_from_link(source->next);
	struct slot *previous = slot_from_link(source->previous);
	struct slot *parent = slot_from_link(source->parent);
	struct slot *child = slot_from_link(source->child);
	slot_link_t link = slot_to_link(destination);

	destination->parent = source->parent;
	destination->child = source->child;
	destination->next = source->next;
	destination->previous = source->previous;
	if (next) next->previous = link;
	if (previous)
		previous->next = link;
	else if (parent)
		parent->child = link;
	if (child) child->parent = link;
	source->parent = 0;
	source->child = 0;
	source->next = 0;
	source->previous = 0;
}

void slot_remove(struct slot *slot) {
	if (slot_kind(slot) == KIND_REPLY) {
		tie_lose(slot);
		return;
	}
	derivation_detach(slot);
	slot->object = 0;
	slot->badge = 0;
}

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
	TRY_STEP(derivation_revoke(slot));
	slot_remove(slot);
	return STEP_DONE;
}

/* The slot after @slot in a walk below @top; NULL at its end. */
static enum step derivation_walk(const struct slot *top, struct slot **slot) {
	if ((*slot)->child) {
		*slot = slot_from_link((*slot)->child);
		return STEP_DONE;
	}
	while (*slot != top && !(*slot)->next) {
		while ((*slot)->previous) {
			*slot = slot_from_link((*slot)->previous);
			TRY_STEP(step_next());
		}
		*slot = slot_from_link((*slot)->parent);
		TRY_STEP(step_next());
	}
	*slot = *slot == top ? NULL : slot_from_link((*slot)->next);
	return STEP_DONE;
}

enum step derivation_repoint(struct slot *slot, const void *object) {
	const struct slot *top = slot;

	while (slot) {
		slot->object = (slot->object & ~SLOT_OBJECT_MASK) | (uint64_t)(uintptr_t)object;
		TRY_STEP(derivation_walk(top, &slot));
		TRY_STEP(step_next());
	}
	return STEP_DONE;
}
