/* SPDX-License-Identifier: MIT */
/*
 * From the log to the terminal: see log_echo.h.
 */
#include "log_echo.h"

#include <stdio.h>
#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/log.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>

/* What one message takes on the screen at most, with its time and source. */
#define LINE_MAX 512u

#define NANOSECONDS_PER_MICROSECOND 1000u
#define MICROSECONDS_PER_SECOND     1000000u

void log_echo_start(struct log_echo *echo, uint32_t level, struct ipc_item signal) {
	struct path_node node;
	*echo = (struct log_echo){.level = level};
	if (path_open("/svc/log", PATH_NOW, &node) != ERROR_OK) return;
	error_t error = ERROR_UNKNOWN;
	if (node.protocol == PROTOCOL_LOG) error = log_open(node.capability, "console", &echo->log);
	if (error == ERROR_OK) error = log_watch(echo->log, signal);
	capability_delete(node.capability);
	if (error != ERROR_OK) capability_delete(echo->log);
}

static void show(struct terminal *terminal, const struct log_read_answer *answer) {
	static const char *const levels[] = {"debug: ", "", "warning: ", "error: "};
	char line[LINE_MAX];
	uint64_t microseconds = answer->time / NANOSECONDS_PER_MICROSECOND;
	int length = snprintf(line, sizeof line, "[%5lu.%06lu] %s: %s%s\n",
	                      (unsigned long)(microseconds / MICROSECONDS_PER_SECOND),
	                      (unsigned long)(microseconds % MICROSECONDS_PER_SECOND), answer->source,
	                      answer->level <= LOG_LEVEL_ERROR ? levels[answer->level] : "", answer->text);
	if (length > 0)
		terminal_announce(terminal, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

void log_echo_run(struct log_echo *echo, struct terminal *terminal) {
	struct log_read_answer answer;
	while (echo->log != CAPABILITY_NONE && byte_queue_room(&terminal->output) > LINE_MAX + 2) {
		error_t error = log_read(echo->log, echo->cursor, 0, &answer);
		if (error == ERROR_WOULD_BLOCK) return;
		if (error != ERROR_OK) { /* the log is gone; the console goes on */
			capability_delete(echo->log);
			echo->log = CAPABILITY_NONE;
			return;
		}
		echo->cursor = answer.cursor;
		if (answer.level >= echo->level) show(terminal, &answer);
	}
}
