/* SPDX-License-Identifier: MIT */
/*
 * Instances as messages: making, ending, listing them, and their figures. Read pager/serve.h first.
 */
#include <string.h>

#include "serve_internal.h"

_Static_assert(POLICY_NAME_BYTES <= MEMORY_STATUS_POLICY_MAX + 1, "a policy's name fits the reply");

static uint64_t limit_frames(uint64_t bytes) { return bytes == UINT64_MAX ? ACCOUNT_UNLIMITED : bytes >> PAGE_SHIFT; }

error_t serve_status(struct request *request, uint64_t level, struct memory_status_reply *reply) {
	struct instance *instance;
	struct pager_status status;

	TRY(request_instance(request, &instance));
	TRY(instance_status(instance, level, &status));
	reply->used = status.used;
	reply->limit = status.limit;
	reply->peak = status.peak;
	reply->faults = status.faults;
	reply->upward = status.upward;
	reply->free = status.free;
	reply->instances = status.instances;
	reply->messages = status.messages;
	memcpy(reply->policy, status.policy, POLICY_NAME_BYTES);
	return ERROR_OK;
}

error_t serve_instance_create(struct request *request, uint64_t limit, uint64_t window_base, uint64_t window_size,
                              uint64_t *instance_out, struct ipc_item *memory_out) {
	struct instance *creator;
	struct instance *made;

	TRY(request_instance(request, &creator));
	TRY(instance_create(creator, limit_frames(limit), window_base, window_size, &made));
	*instance_out = instance_serial(made);
	*memory_out = instance_item(made);
	return ERROR_OK;
}

static error_t child_find(struct request *request, uint64_t number, struct instance **child) {
	struct instance *creator;

	TRY(request_instance(request, &creator));
	*child = instance_child_find(creator, number);
	return *child ? ERROR_OK : ERROR_NOT_FOUND;
}

error_t serve_instance_destroy(struct request *request, uint64_t number) {
	struct instance *child;

	TRY(child_find(request, number, &child));
	instance_destroy(child);
	return ERROR_OK;
}

error_t serve_instance_set_limit(struct request *request, uint64_t number, uint64_t limit) {
	struct instance *child;

	TRY(child_find(request, number, &child));
	child->account.limit = limit_frames(limit);
	return ERROR_OK;
}

error_t serve_instances(struct request *request, uint64_t cursor, struct memory_instances_reply *reply) {
	struct instance *creator;
	struct instance *child;
	struct pager_status status;

	TRY(request_instance(request, &creator));
	child = instance_child_after(creator, cursor);
	if (!child) return ERROR_NOT_FOUND;
	TRY(instance_status(child, 0, &status));
	reply->instance = instance_serial(child);
	reply->cursor = instance_child_after(creator, reply->instance) ? reply->instance : 0;
	reply->used = status.used;
	reply->limit = status.limit;
	reply->peak = status.peak;
	reply->faults = status.faults;
	reply->upward = status.upward;
	return ERROR_OK;
}

error_t serve_instance_of(struct request *request, uint64_t *instance_out) {
	struct instance *instance;

	TRY(request_instance(request, &instance));
	*instance_out = instance->creator ? instance_serial(instance) : 0;
	return ERROR_OK;
}
