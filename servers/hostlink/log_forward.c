/* SPDX-License-Identifier: MIT */
/*
 * From the log to the link: see log_forward.h.
 */
#include "log_forward.h"

#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/log.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>

void log_forward_start(struct log_forward *forward, struct ipc_item signal) {
	struct path_node node;
	if (path_open("/svc/log", PATH_NOW, &node) != ERROR_OK) return;
	error_t error = ERROR_UNKNOWN;
	if (node.protocol == PROTOCOL_LOG) error = log_open(node.capability, "hostlink", &forward->log);
	if (error == ERROR_OK) error = log_watch(forward->log, signal);
	capability_delete(node.capability);
	if (error != ERROR_OK) {
		capability_delete(forward->log);
		forward->log = CAPABILITY_NONE;
	}
}

static error_t forward_next(struct log_forward *forward, struct link *link) {
	struct log_read_answer answer;
	error_t error = log_read(forward->log, forward->cursor, 0, &answer);
	if (error == ERROR_OK)
		error = link_record(link, answer.time, answer.level, answer.source, strlen(answer.source), answer.text,
		                    strlen(answer.text));
	if (error == ERROR_OK) forward->cursor = answer.cursor;
	return error;
}

void log_forward_run(struct log_forward *forward, struct link *link) {
	while (forward->log != CAPABILITY_NONE && link_takes(link, CHANNEL_LOG) && link_has_room(link)) {
		error_t error = forward_next(forward, link);
		if (error == ERROR_WOULD_BLOCK || error == ERROR_NO_MEMORY)
			return;          /* until there is something, or there is memory again */
		if (error != ERROR_OK) { /* the log is gone; the link goes on */
			capability_delete(forward->log);
			forward->log = CAPABILITY_NONE;
		}
	}
}
