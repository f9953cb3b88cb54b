/* SPDX-License-Identifier: MIT */
/*
 * Trees of derivation records. Read record.h first.
 */
#include "record.h"

#include "panic.h"

uint64_t record_changes;

void record_attach(struct record *parent, struct record *child) {
	struct record *first = parent ? record_child(parent) : NULL;

	record_changes++;
	child->parent = record_to_link(parent) & RECORD_LINK_MASK;
	child->depth = parent ? (parent->depth + 1u) & RECORD_DEPTH_MAX : 0;
	child->previous = 0;
	child->next = record_to_link(first) & RECORD_LINK_MASK;
	if (first) first->previous = record_to_link(child) & RECORD_LINK_MASK;
	if (parent) parent->child = record_to_link(child) & RECORD_LINK_MASK;
}

void record_attach_siblings(struct record *parent, struct record *first, struct record *last) {
	struct record *next = record_child(parent);

	record_changes++;
	last->next = parent->child;
	if (next) next->previous = record_to_link(last) & RECORD_LINK_MASK;
	parent->child = record_to_link(first) & RECORD_LINK_MASK;
}

void record_detach(struct record *record) {
	struct record *parent = record_parent(record);
	struct record *next = record_next(record);
	struct record *previous = record_from_link(record->previous);

	record_changes++;
	record_pass_marks(record);
	if (next) next->previous = record->previous;
	if (previous)
		previous->next = record->next;
	else if (parent)
		parent->child = record->next;
	record->parent = 0;
	record->next = 0;
	record->previous = 0;
}

void record_hoist(struct record *record, struct record *child) {
	struct record *grandchild = record_child(child);

	KERNEL_ASSERT(grandchild);
	record_detach(grandchild);
	record_attach(record, grandchild);
}

void record_mark(struct record *record, unsigned int marks) {
	record->marks_own |= marks & RECORD_MARKS;
	record->marks_up |= marks & RECORD_MARKS;
}

void record_pass_marks(struct record *record) {
	struct record *parent = record_parent(record);

	if (parent && record->marks_up) record_mark(parent, record->marks_up);
	record->marks_up = 0;
}
