/* SPDX-License-Identifier: MIT */
/*
 * Control of a space: its capability slots. What each method takes and answers is label.def.
 */
#include "derivation.h"
#include "invoke.h"
#include "space.h"
#include "tie.h"

static error_t source_decode(const struct invocation *invocation, struct slot **slot) {
	*slot = slot_find(invocation_space(invocation), invocation_word(invocation, 0));
	return *slot && (*slot)->object ? ERROR_OK : ERROR_CAPABILITY;
}

static error_t destination_decode(const struct invocation *invocation, struct slot **slot) {
	struct space *space;

	TRY(invocation_other_space(invocation, &space));
	return slot_find_empty(space, invocation_word(invocation, 1), slot);
}

static error_t capability_grant(struct invocation *invocation, const struct slot_grant *grant,
                                void (*commit)(struct slot *, struct slot *, const struct slot *)) {
	struct slot *source;
	struct slot *destination;
	struct slot contents;

	TRY(source_decode(invocation, &source));
	TRY(slot_grant_decode(source, grant, &contents));
	TRY(destination_decode(invocation, &destination));
	commit(source, destination, &contents);
	return ERROR_OK;
}

static error_t capability_derive(struct invocation *invocation) {
	const struct slot_grant grant = {
		.rights = (unsigned int)invocation_word(invocation, 2) & RIGHTS_ALL,
		.badge = invocation_word(invocation, 3),
		.badge_action = invocation_word(invocation, 4) ? BADGE_FIX : BADGE_KEEP,
	};

	return capability_grant(invocation, &grant, slot_derive);
}

static error_t capability_share(struct invocation *invocation) {
	const struct slot_grant grant = {
		.rights = (unsigned int)invocation_word(invocation, 2) & RIGHTS_ALL,
		.badge_action = BADGE_KEEP,
	};

	return capability_grant(invocation, &grant, slot_share);
}

static error_t capability_move(struct invocation *invocation) {
	struct slot *source;
	struct slot *destination;

	TRY(source_decode(invocation, &source));
	TRY(destination_decode(invocation, &destination));
	slot_move(source, destination);
	return ERROR_OK;
}

static error_t capability_delete(struct invocation *invocation) {
	struct slot *slot = slot_find(invocation_space(invocation), invocation_word(invocation, 0));

	if (!slot) return ERROR_CAPABILITY;
	if (slot->object == 0) return ERROR_OK;
	return invocation_step(invocation, derivation_delete(slot));
}

static error_t capability_revoke(struct invocation *invocation) {
	struct slot *slot;

	TRY(source_decode(invocation, &slot));
	return invocation_step(invocation, derivation_revoke(slot));
}

static error_t capability_replace(struct invocation *invocation) {
	struct space *space;
	struct slot *source;

	TRY(source_decode(invocation, &source));
	TRY(invocation_other_space(invocation, &space));
	struct slot *destination = slot_find(space, invocation_word(invocation, 1));
	if (!destination || destination->object == 0) return ERROR_CAPABILITY;
	if (destination == source) return ERROR_ARGUMENT;
	TRY(invocation_step(invocation, derivation_revoke(destination)));
	if (invocation->again) return ERROR_OK;
	if (source->object == 0) return ERROR_CAPABILITY;
	slot_remove(destination);
	slot_move(source, destination);
	return ERROR_OK;
}

/* The serial of the object a slot names: never reused, so equal serials of one kind mean one object. */
static uint64_t slot_serial(const struct slot *slot) {
	const void *object = slot_object(slot);

	if (!object) return 0;
	if (slot_kind(slot) == KIND_SPACE_CONTROL) return ((const struct space *)object)->serial;
	return ((const struct thread *)object)->serial;
}

static error_t capability_read(struct invocation *invocation) {
	const struct slot *slot = slot_find(invocation_space(invocation), invocation_word(invocation, 0));

	if (!slot) return ERROR_CAPABILITY;
	invocation_answer(invocation, 0, slot_kind(slot));
	invocation_answer(invocation, 1, slot_rights(slot));
	invocation_answer(invocation, 2, slot->badge);
	invocation_answer(invocation, 3, slot_serial(slot));
	return ERROR_OK;
}

const struct method capability_methods[] = {
	{SPACE_CAPABILITY_DERIVE, 5, 0, 1, capability_derive}, {SPACE_CAPABILITY_SHARE, 3, 0, 1, capability_share},
	{SPACE_CAPABILITY_MOVE, 2, 0, 1, capability_move},     {SPACE_CAPABILITY_DELETE, 1, 0, 0, capability_delete},
	{SPACE_CAPABILITY_REVOKE, 1, 0, 0, capability_revoke}, {SPACE_CAPABILITY_REPLACE, 2, 0, 1, capability_replace},
	{SPACE_CAPABILITY_READ, 1, 0, 0, capability_read},     {0},
};
