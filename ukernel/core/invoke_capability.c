/* SPDX-License-Identifier: MIT */
/*
 * Control of a space: its capability slots.
 */
#include "invoke.h"

static error_t capability_find(const struct invocation *invocation, struct slot **slot) {
	*slot = slot_find(invocation->space, invocation->word[0]);
	return *slot && (*slot)->object ? ERROR_OK : ERROR_CAPABILITY;
}

/* As if the space had sent the capability to the other. */
static error_t capability_pass(struct invocation *invocation, uint64_t action, uint64_t badge_flag) {
	const uint64_t *word = invocation->word;
	const struct ipc_item item = {
		.header = ITEM_HEADER(ITEM_CAPABILITY, action, word[2] & RIGHTS_ALL, badge_flag),
		.source = word[0],
		.count = word[3],
	};
	struct capability_plan plan;
	struct space *space;

	TRY(capability_plan_decode(invocation->space, &item, &plan));
	TRY(invocation_other_space(invocation, &space));
	TRY(slot_find_empty(space, word[1], &plan.slot));
	capability_plan_commit(&plan);
	return ERROR_OK;
}

error_t invoke_space_capability_derive(struct invocation *invocation) {
	return capability_pass(invocation, ITEM_DERIVE, invocation->word[4] ? ITEM_BADGE : 0);
}

error_t invoke_space_capability_share(struct invocation *invocation) {
	return capability_pass(invocation, ITEM_SHARE, 0);
}

error_t invoke_space_capability_move(struct invocation *invocation) {
	return capability_pass(invocation, ITEM_MOVE, 0);
}

error_t invoke_space_capability_delete(struct invocation *invocation) {
	struct slot *slot = slot_find(invocation->space, invocation->word[0]);

	if (!slot) return ERROR_CAPABILITY;
	return slot->object ? invocation_step(invocation, derivation_delete(slot)) : ERROR_OK;
}

error_t invoke_space_capability_revoke(struct invocation *invocation) {
	struct slot *slot;

	TRY(capability_find(invocation, &slot));
	return invocation_step(invocation, derivation_revoke(slot));
}

error_t invoke_space_capability_replace(struct invocation *invocation) {
	struct space *space;
	struct slot *source;

	TRY(capability_find(invocation, &source));
	TRY(invocation_other_space(invocation, &space));
	struct slot *destination = slot_find(space, invocation->word[1]);
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

	if (!object || slot_kind(slot) == KIND_REVOKED) return 0;
	if (slot_kind(slot) == KIND_SPACE_CONTROL) return ((const struct space *)object)->serial;
	return ((const struct thread *)object)->serial;
}

error_t invoke_space_capability_read(struct invocation *invocation) {
	const struct slot *slot = slot_find(invocation->space, invocation->word[0]);

	if (!slot) return ERROR_CAPABILITY;
	ANSWER(invocation, slot_kind(slot), slot_rights(slot), slot->badge, slot_serial(slot));
	return ERROR_OK;
}
