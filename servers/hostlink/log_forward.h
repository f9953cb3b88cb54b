/* SPDX-License-Identifier: MIT */
/*
 * The log's messages on their way to the host, from the first one on in each session.
 */
#ifndef NACRE_HOSTLINK_LOG_FORWARD_H
#define NACRE_HOSTLINK_LOG_FORWARD_H

#include <nacre/capability.h>
#include <nacre/item.h>

#include "link.h"

struct log_forward {
	capability_t log; /* CAPABILITY_NONE: there is no log */
	uint64_t cursor;
};

/* Connects to the log if there is one; new messages are told through @signal. */
void log_forward_start(struct log_forward *forward, struct ipc_item signal);

/* Sends records as long as the host takes them and there is room. */
void log_forward_run(struct log_forward *forward, struct link *link);

#endif
