/* SPDX-License-Identifier: MIT */
/*
 * Capability slots. Read capability.h first.
 */
#include "capability.h"

#include "space.h"
#include "tie.h"

struct slot *slot_find(struct space *space, uint64_t number) {
	if (number >= SLOT_COUNT) return NULL;
	struct slot_page *page = space->slot_pages[number / SLOTS_PER_PAGE];
	return page == &slot_page_empty ? NULL : &page->slots[number % SLOTS_PER_PAGE];
}

error_t slot_find_kind(struct space *space, uint64_t number, unsigned int kind, struct slot **result) {
	struct slot *slot = slot_find(space, number);

	if (!slot || slot_kind(slot) != kind) return ERROR_CAPABILITY;
	*result = slot;
	return ERROR_OK;
}

error_t slot_find_empty(struct space *space, uint64_t number, struct slot **result) {
	if (number == 0 || number >= SLOT_COUNT) return ERROR_RANGE;
	struct slot *slot = slot_find(space, number);
	if (!slot) return ERROR_NO_MEMORY;
	if (slot->object != 0) return ERROR_EXISTS;
	*result = slot;
	return ERROR_OK;
}

uint64_t control_badge_narrow(uint64_t badge, uint64_t wanted) {
	uint64_t ceiling = control_ceiling(badge) < control_ceiling(wanted) ? badge : wanted;

	return (badge & wanted & ~CONTROL_CEILING_MASK) | (ceiling & CONTROL_CEILING_MASK);
}

/* Message and signal capabilities: rights narrow; a badge is fixed once, a signal mask may lose bits. */
static error_t thread_grant_decode(const struct slot *source, const struct ipc_item *item, struct slot *result) {
	uint64_t rights = slot_rights(source) & item->header >> ITEM_RIGHTS_SHIFT;
	uint64_t object = source->object & ~SLOT_RIGHTS_MASK;
	uint64_t badge = source->badge;

	if (rights == 0) return ERROR_RIGHT;
	if (item->header & ITEM_BADGE) {
		if (!(source->object & SLOT_BADGED))
			badge = item->count;
		else if (rights == RIGHT_SIGNAL)
			badge &= item->count;
		else
			return ERROR_STATE;
		object |= SLOT_BADGED;
	}
	*result = (struct slot){.object = object | rights, .badge = badge};
	return ERROR_OK;
}

error_t slot_grant_decode(const struct slot *source, const struct ipc_item *item, struct slot *result) {
	uint64_t badge = source->badge;

	switch (slot_kind(source)) {
	case KIND_THREAD: return thread_grant_decode(source, item, result);
	case KIND_THREAD_CONTROL:
	case KIND_SPACE_CONTROL:
		if (item->header & ITEM_BADGE) badge = control_badge_narrow(badge, item->count);
		break;
	case KIND_INTERRUPT:
	case KIND_PORTS:
		if (item->header & ITEM_BADGE) return ERROR_STATE;
		break;
	default: return ERROR_CAPABILITY;
	}
	*result = (struct slot){.object = source->object, .badge = badge};
	return ERROR_OK;
}

error_t capability_plan_decode(struct space *from, const struct ipc_item *item, struct capability_plan *plan) {
	plan->action = item->header & ITEM_ACTION_MASK;
	plan->source = slot_find(from, item->source);
	if (!plan->source || plan->source->object == 0 || slot_kind(plan->source) == KIND_REVOKED)
		return ERROR_CAPABILITY;
	if (plan->action != ITEM_DERIVE && (item->header & ITEM_BADGE)) return ERROR_ARGUMENT;
	plan->contents = *plan->source;
	if (plan->action == ITEM_MOVE) return ERROR_OK;
	return slot_grant_decode(plan->source, item, &plan->contents);
}

void capability_plan_commit(const struct capability_plan *plan) {
	if (plan->action == ITEM_MOVE) {
		slot_move(plan->source, plan->slot);
	} else if (plan->action == ITEM_SHARE) {
		*plan->slot = plan->contents;
		derivation_attach_sibling(plan->source, plan->slot);
	} else {
		slot_derive(plan->source, plan->slot, &plan->contents);
	}
}

void slot_derive(struct slot *source, struct slot *slot, const struct slot *contents) {
	*slot = *contents;
	derivation_attach(source, slot);
}

void slot_move(struct slot *source, struct slot *slot) {
	if (slot_kind(source) == KIND_REPLY) {
		tie_move(source, slot);
		return;
	}
	*slot = *source;
	*source = (struct slot){0};
	derivation_moved(slot);
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
