/* SPDX-License-Identifier: MIT */
/*
 * Offers: capabilities that children gave root to hand out by name.
 */
#include <nacre/slot.h>

#include "root.h"

const struct offer *offer_find(const struct root *root, struct piece name) {
	for (struct list_node *node = root->offers.next; node != &root->offers; node = node->next) {
		const struct offer *offer = CONTAINER_OF(node, struct offer, list);

		if (piece_equal(offer->name, name)) return offer;
	}
	return NULL;
}

/* The name as it stands in the script, which stays; false if the child may not offer it. */
static int name_find(const struct child *child, struct piece name, struct piece *result) {
	const struct resource wanted = {.kind = RESOURCE_OFFER, .name = name};
	struct resource granted;
	struct piece word;

	for (unsigned int index = 0; script_line_resource(&child->line, index, &word); index++) {
		if (!resource_read(word, &granted) && resource_covers(&granted, &wanted)) {
			*result = granted.name;
			return 1;
		}
	}
	return 0;
}

error_t offer_add(struct root *root, const struct child *child, struct piece name, uint32_t protocol,
                  capability_t capability) {
	struct offer *offer;
	struct piece kept;
	void *object;

	if (!name_find(child, name, &kept)) return ERROR_RIGHT;
	if (offer_find(root, name)) return ERROR_EXISTS;
	TRY(arena_take(&root->pager.top.arena, CELLS_OF(struct offer), &object));
	offer = object;
	*offer = (struct offer){
		.child = child->number,
		.protocol = protocol,
		.capability = capability,
		.name = kept,
	};
	list_append(&root->offers, &offer->list);
	return ERROR_OK;
}

void offers_drop(struct root *root, const struct child *child) {
	struct list_node *next;

	for (struct list_node *node = root->offers.next; node != &root->offers; node = next) {
		struct offer *offer = CONTAINER_OF(node, struct offer, list);

		next = node->next;
		if (offer->child != child->number) continue;
		list_remove(&offer->list);
		capability_delete(offer->capability);
		arena_give(&root->pager.top.arena, offer, CELLS_OF(struct offer));
	}
}
