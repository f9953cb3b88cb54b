/* SPDX-License-Identifier: MIT */
/*
 * Replies that come later: reply rights saved in slots.
 *
 * Owns the slot of each from request_defer() until the answer is given or given up.
 */
#include <nacre/protocol/space.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/start.h>

error_t request_defer(struct request *request, struct delayed_reply *reply) {
	struct utcb *utcb = utcb_get();
	struct message message = {.words = {0}};
	uint64_t target = 0;
	uint64_t tag = 0;
	capability_t slot;
	error_t error = slot_allocate(1, &slot);

	if (error != ERROR_OK) return error;
	utcb->save_slot = slot;
	error = IPC_RESULT_ERROR(ipc_system_call(IPC_SAVE, &target, &tag, message.words));
	if (error != ERROR_OK) {
		slot_free(slot, 1);
		return error;
	}
	request->deferred = 1;
	reply->slot = slot;
	return ERROR_OK;
}

error_t delayed_reply_send(struct delayed_reply *reply, uint64_t tag) {
	uint64_t target = IPC_TARGET(reply->slot, 0);
	error_t error;

	if (reply->slot == CAPABILITY_NONE) return ERROR_CAPABILITY;
	error = IPC_RESULT_ERROR(message_transfer(IPC_REPLY, &target, &tag));
	if (error == ERROR_OK)
		slot_free(reply->slot, 1);
	else
		capability_delete(reply->slot);
	reply->slot = CAPABILITY_NONE;
	return error;
}

error_t delayed_reply_fail(struct delayed_reply *reply, error_t error) {
	return delayed_reply_send(reply, IPC_TAG(error, 0, 0));
}

/* The right stays when its caller has gone, and is one to answer nobody. */
int delayed_reply_is_awaited(const struct delayed_reply *reply) {
	struct space_capability_read_answer held;

	return reply->slot != CAPABILITY_NONE && space_capability_read(start_space(), reply->slot, &held) == ERROR_OK &&
	       held.kind == KIND_REPLY && held.serial != 0;
}

void delayed_reply_drop(struct delayed_reply *reply) {
	capability_delete(reply->slot);
	reply->slot = CAPABILITY_NONE;
}
