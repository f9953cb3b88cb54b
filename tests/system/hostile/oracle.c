/* SPDX-License-Identifier: MIT */
/*
 * The oracle. Read oracle.h first.
 */
#include "oracle.h"

#include <nacre/abi/error.h>
#include <nacre/abi/label.h>

struct method_shape {
	uint32_t label;
	unsigned int words, items_min, items_max;
};

/* From label.def, column "words in" and "items in". */
static const struct method_shape shapes[] = {
	{SPACE_CREATE_SPACE, 0, 1, 2},
	{SPACE_CREATE_THREAD, 1, 1, 2},
	{SPACE_ADD_TABLE, 2, 1, 5},
	{SPACE_ADD_SLOTS, 1, 1, 1},
	{SPACE_MAP, 4, 0, 1},
	{SPACE_UNMAP, 3, 0, 0},
	{SPACE_PROTECT, 3, 0, 0},
	{SPACE_SPLIT, 1, 1, 5},
	{SPACE_LOOK, 3, 0, 0},
	{SPACE_CAPABILITY_DERIVE, 5, 0, 1},
	{SPACE_CAPABILITY_SHARE, 3, 0, 1},
	{SPACE_CAPABILITY_MOVE, 2, 0, 1},
	{SPACE_CAPABILITY_DELETE, 1, 0, 0},
	{SPACE_CAPABILITY_REVOKE, 1, 0, 0},
	{SPACE_CAPABILITY_REPLACE, 2, 0, 1},
	{SPACE_CAPABILITY_READ, 1, 0, 0},
	{SPACE_INFO, 0, 0, 0},
	{SPACE_SET_TIME_OFFSET, 1, 0, 0},
	{SPACE_SET_DEATH, 0, 0, 1},
	{SPACE_DESTROY, 0, 0, 0},
	{SPACE_THREAD, 1, 0, 0},
	{SPACE_PHYSICAL, 1, 0, 0},
	{SPACE_SET_MEMORY_TYPE, 3, 0, 0},
	{SPACE_SERIAL, 0, 0, 0},
	{THREAD_START, 2, 0, 0},
	{THREAD_STOP, 0, 0, 0},
	{THREAD_RESUME, 0, 0, 0},
	{THREAD_CANCEL, 0, 0, 0},
	{THREAD_SET_HANDLER, 1, 0, 1},
	{THREAD_SET_BUDGET, 2, 0, 0},
	{THREAD_SET_FLAGS, 1, 0, 0},
	{THREAD_SET_BASES, 2, 0, 0},
	{THREAD_DERIVE, 3, 0, 0},
	{THREAD_REBIND, 0, 2, 2},
	{THREAD_SET_DEATH, 0, 0, 1},
	{THREAD_DESTROY, 0, 0, 0},
	{THREAD_GET_REGISTERS, 0, 0, 0},
	{THREAD_SET_REGISTERS, 20, 0, 0},
	{THREAD_STATE, 0, 0, 0},
	{INTERRUPT_BIND, 1, 0, 1},
	{INTERRUPT_UNMASK, 1, 0, 0},
	{INTERRUPT_DERIVE, 2, 0, 0},
	{INTERRUPT_ALLOCATE_MSI, 0, 1, 1},
	{INTERRUPT_CONFIGURE, 2, 0, 0},
	{INTERRUPT_ADD_CONTROLLER, 2, 0, 0},
	{PORTS_READ, 2, 0, 0},
	{PORTS_WRITE, 3, 0, 0},
	{PORTS_DERIVE, 2, 0, 0},
};

static uint32_t protocol_of(enum target_kind kind) {
	switch (kind) {
	case TARGET_SPACE: return PROTOCOL_SPACE;
	case TARGET_THREAD: return PROTOCOL_THREAD;
	case TARGET_INTERRUPT: return PROTOCOL_INTERRUPT;
	case TARGET_PORTS: return PROTOCOL_PORTS;
	default: return 0;
	}
}

static int tag_is_bad(uint64_t tag) {
	const uint64_t defined = IPC_TAG_WORDS_MASK | (IPC_TAG_ITEMS_MASK << IPC_TAG_ITEMS_SHIFT) |
	                         IPC_TAG_SENDER_FLAGS | ~UINT64_C(0) << IPC_TAG_LABEL_SHIFT;

	return (tag & ~defined) != 0 || IPC_TAG_WORDS(tag) > IPC_WORDS_MAX || IPC_TAG_ITEMS(tag) > IPC_ITEMS_MAX;
}

static int operation_is_bad(uint64_t operation) {
	const uint64_t phase = operation & IPC_SEND_MASK;

	return (operation & ~IPC_OPERATION_ALL) != 0 || (phase == IPC_CALL && (operation & IPC_RECEIVE)) ||
	       (phase == IPC_REPLY && (operation & IPC_SAVE));
}

static const struct method_shape *shape_find(uint32_t label) {
	for (unsigned int index = 0; index < sizeof(shapes) / sizeof(shapes[0]); index++)
		if (shapes[index].label == label) return &shapes[index];
	return NULL;
}

/* Labels that name a defect of a well-formed call to control; 0 if the oracle sees none. */
static uint64_t control_defects(const struct request *request) {
	const uint64_t tag = request->ipc.tag;
	const struct method_shape *shape = shape_find(IPC_TAG_LABEL(tag));

	if (!shape || LABEL_PROTOCOL(shape->label) != protocol_of(request->destination))
		return ERROR_SET(ERROR_UNKNOWN);
	if (IPC_TAG_WORDS(tag) < shape->words || IPC_TAG_ITEMS(tag) < shape->items_min ||
	    IPC_TAG_ITEMS(tag) > shape->items_max)
		return ERROR_SET(ERROR_ARGUMENT);
	for (unsigned int index = 0; index < IPC_TAG_ITEMS(tag); index++)
		if (request->items[index].header & ~ITEM_FLAGS_ALL) return ERROR_SET(ERROR_ARGUMENT);
	return 0;
}

static uint64_t receive_defects(const struct request *request) {
	if (request->ipc.target >> 32 == 0) return ERROR_SET(ERROR_WOULD_BLOCK);
	switch (request->queue) {
	case TARGET_MESSAGE:
	case TARGET_SERVE: return ERROR_SET(ERROR_WOULD_BLOCK);
	case TARGET_SEND:
	case TARGET_SIGNAL: return ERROR_SET(ERROR_RIGHT);
	default: return ERROR_SET(ERROR_CAPABILITY);
	}
}

static void judge_send(const struct request *request, struct verdict *verdict) {
	const int is_call = (request->ipc.operation & IPC_SEND_MASK) == IPC_CALL;
	const uint64_t bad_tag = tag_is_bad(request->ipc.tag) ? ERROR_SET(ERROR_ARGUMENT) : 0;

	switch (request->destination) {
	case TARGET_EMPTY: verdict->result_errors = ERROR_SET(ERROR_CAPABILITY) | bad_tag; break;
	case TARGET_SERVE: verdict->result_errors = ERROR_SET(ERROR_RIGHT) | bad_tag; break;
	case TARGET_SIGNAL:
		/* A signal carries no message, so nothing in the tag matters. */
		verdict->result_errors = is_call ? ERROR_SET(ERROR_RIGHT) | bad_tag : 0;
		break;
	case TARGET_MESSAGE:
	case TARGET_SEND: verdict->result_errors = bad_tag ? bad_tag : ERROR_SET(ERROR_WOULD_BLOCK); break;
	default:
		if (!is_call)
			verdict->result_errors = ERROR_SET(ERROR_RIGHT) | bad_tag;
		else if (bad_tag)
			verdict->result_errors = bad_tag;
		else
			verdict->label_errors = control_defects(request);
		break;
	}
}

struct verdict oracle_judge(const struct request *request) {
	const uint64_t operation = request->ipc.operation;
	struct verdict verdict = {0};

	if (operation_is_bad(operation)) {
		verdict.result_errors = ERROR_SET(ERROR_ARGUMENT);
		return verdict;
	}
	if (operation & IPC_RECEIVE) verdict.receive_errors = receive_defects(request);
	if (operation & IPC_SAVE) {
		verdict.result_errors = ERROR_SET(ERROR_GONE);
		return verdict;
	}
	switch (operation & IPC_SEND_MASK) {
	case IPC_NO_SEND: break;
	case IPC_REPLY:
		verdict.result_errors = ERROR_SET((uint32_t)request->ipc.target == 0 ? ERROR_GONE : ERROR_CAPABILITY);
		if (tag_is_bad(request->ipc.tag)) verdict.result_errors |= ERROR_SET(ERROR_ARGUMENT);
		break;
	default: judge_send(request, &verdict); break;
	}
	return verdict;
}
