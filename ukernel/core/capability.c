/* SPDX-License-Identifier: MIT */
/*
 * Capability slots. Read capability.h first.
 */
#include "capability.h"

#include "derivation.h"
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
static error_t thread_grant_decode(const struct slot *source, const struct slot_grant *grant, struct slot *result) {
	unsigned int rights = slot_rights(source) & grant->rights;
	uint64_t object = source->object & ~SLOT_RIGHTS_MASK;
	uint64_t badge = source->badge;

	if (rights == 0) return ERROR_RIGHT;
	if (grant->badge_action == BADGE_FIX) {
		if (!(source->object & SLOT_BADGED))
			badge = grant->badge;
		else if (rights == RIGHT_SIGNAL)
			badge &= grant->badge;
		else
			return ERROR_STATE;
		object |= SLOT_BADGED;
	}
	*result = (struct slot){.object = object | rights, .badge = badge};
	return ERROR_OK;
}

error_t slot_grant_decode(const struct slot *source, const struct slot_grant *grant, struct slot *result) {
	switch (slot_kind(source)) {
	case KIND_THREAD: return thread_grant_decode(source, grant, result);
	case KIND_THREAD_CONTROL:
	case KIND_SPACE_CONTROL:
		*result = (struct slot){.object = source->object, .badge = source->badge};
		if (grant->badge_action == BADGE_FIX) result->badge = control_badge_narrow(source->badge, grant->badge);
		return ERROR_OK;
	case KIND_INTERRUPT:
	case KIND_PORTS:
		if (grant->badge_action == BADGE_FIX) return ERROR_STATE;
		*result = (struct slot){.object = source->object, .badge = source->badge};
		return ERROR_OK;
	default: return ERROR_CAPABILITY;
	}
}

void slot_derive(struct slot *source, struct slot *slot, const struct slot *contents) {
	slot->object = contents->object;
	slot->badge = contents->badge;
	derivation_attach(source, slot);
}

void slot_share(struct slot *source, struct slot *slot, const struct slot *contents) {
	slot->object = contents->object;
	slot->badge = contents->badge;
	derivation_attach_sibling(source, slot);
}

void slot_move(struct slot *source, struct slot *slot) {
	if (slot_kind(source) == KIND_REPLY) {
		tie_move(source, slot);
		return;
	}
	slot->object = source->object;
	slot->badge = source->badge;
	source->object = 0;
	source->badge = 0;
	derivation_replace(source, slot);
}
