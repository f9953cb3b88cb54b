/* SPDX-License-Identifier: MIT */
/*
 * The parent protocol for the servers that root has started. Never waits for any of them.
 */
#include <nacre/protocol/parent_server.h>

#include "root.h"

static error_t request_child(struct request *request, struct child **child) {
	*child = child_find(request->context, BADGE_OBJECT(request->badge));
	return *child && (*child)->instance ? ERROR_OK : ERROR_GONE;
}

static error_t parent_serve_get(struct request *request, const char *name, uint32_t *protocol_out,
                                struct ipc_item *capability_out) {
	struct child *child;

	TRY(request_child(request, &child));
	return grant_resource(request->context, child, piece_of(name), protocol_out, capability_out);
}

static error_t parent_serve_read_arguments(struct request *request, uint64_t offset, uint64_t *total_out,
                                           void *data_out, size_t *data_size_out) {
	struct child *child;

	TRY(request_child(request, &child));
	*total_out =
		script_line_arguments(&child->line, offset, data_out, PARENT_READ_ARGUMENTS_DATA_MAX, data_size_out);
	return ERROR_OK;
}

/* Servers have no environment. */
static error_t parent_serve_read_environment(struct request *request, uint64_t offset, uint64_t *total_out,
                                             void *data_out, size_t *data_size_out) {
	(void)request;
	(void)offset;
	(void)data_out;
	*total_out = 0;
	*data_size_out = 0;
	return ERROR_OK;
}

/* A program that has done its work may end with 0; a server may not end at all without a word. */
static error_t parent_serve_exit(struct request *request, int64_t status) {
	struct root *root = request->context;
	struct text text = {.size = 0};
	struct child *child;

	TRY(request_child(request, &child));
	if (status != 0) {
		child_name(&text, child);
		text_string(&text, "ended with status ");
		if (status < 0) text_string(&text, "-");
		text_decimal(&text, status < 0 ? 0 - (uint64_t)status : (uint64_t)status);
		terminal_line(&text);
		boot_child_failed(root, child);
	} else if (root->awaited == child) {
		root->awaited = NULL;
		deadline_set(root, 0);
	}
	child_end(root, child);
	return ERROR_OK;
}

static error_t parent_serve_ready(struct request *request) {
	struct root *root = request->context;
	struct text text = {.size = 0};
	struct child *child;

	TRY(request_child(request, &child));
	child->state = CHILD_SERVING;
	if (root->command_line.talk == TALK_ALL) {
		child_name(&text, child);
		text_string(&text, "ready");
		terminal_line(&text);
	}
	if (root->awaited == child) {
		root->awaited = NULL;
		deadline_set(root, 0);
	}
	return ERROR_OK;
}

static error_t parent_serve_offer(struct request *request, uint32_t protocol, const char *name,
                                  const struct received_capability *capability) {
	struct child *child;

	TRY(request_child(request, &child));
	if (capability->kind != RECEIVED_CAPABILITY) return ERROR_CAPABILITY;
	TRY(offer_add(request->context, child, piece_of(name), protocol, capability->slot));
	(void)request_keep(request, capability);
	return ERROR_OK;
}

const struct parent_handlers parent_handlers = {
	.get = parent_serve_get,
	.read_arguments = parent_serve_read_arguments,
	.read_environment = parent_serve_read_environment,
	.exit = parent_serve_exit,
	.ready = parent_serve_ready,
	.offer = parent_serve_offer,
};
