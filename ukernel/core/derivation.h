/* SPDX-License-Identifier: MIT */
/*
 * Derivation trees of capabilities: parent, first child, siblings; and removing from them.
 *
 * Owns the links of struct slot. Removing a subtree is done in steps of O(1): a child that has children gives
 * its first one to the node being cleared, so that progress lies in the tree itself and nobody needs to
 * remember where an interrupted removal was.
 *
 * Only the first child of a node names its parent: so a capability with any number of children moves in O(1).
 */
#ifndef NACRE_CORE_DERIVATION_H
#define NACRE_CORE_DERIVATION_H

#include "capability.h"
#include "step.h"

/* Makes @child the first child of @parent. @child is in no tree. */
void derivation_attach(struct slot *parent, struct slot *child);

/* Makes @sibling a sibling of @slot (a tree of its own if @slot is the top of one). */
void derivation_attach_sibling(struct slot *slot, struct slot *sibling);

/* Takes a childless @slot out of its tree. */
void derivation_detach(struct slot *slot);

/* Puts @destination into the tree in place of @source, whose links become empty. */
void derivation_replace(struct slot *source, struct slot *destination);

/* Empties a slot that has nothing below it, and undoes what it stands for (a reply right ends its call). */
void slot_remove(struct slot *slot);

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
