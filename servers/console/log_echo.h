/* SPDX-License-Identifier: MIT */
/*
 * The log's messages on the console: those of a chosen level and above.
 *
 * The console asks the log, never the other way round, so that the log depends on nobody.
 */
#ifndef NACRE_CONSOLE_LOG_ECHO_H
#define NACRE_CONSOLE_LOG_ECHO_H

#include <nacre/capability.h>
#include <nacre/item.h>

#include "terminal.h"

struct log_echo {
	capability_t log; /* CAPABILITY_NONE: there is no log */
	uint64_t cursor;
	uint32_t level; /* LOG_LEVEL_*: the lowest shown */
};

/* Connects to the log if there is one; new messages are told through @signal. */
void log_echo_start(struct log_echo *echo, uint32_t level, struct ipc_item signal);

/* Shows messages as far as there is room. */
void log_echo_run(struct log_echo *echo, struct terminal *terminal);

#endif
