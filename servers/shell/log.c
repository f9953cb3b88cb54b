/* SPDX-License-Identifier: MIT */
/*
 * `log`: the system log, as far as it is kept.
 */
#include <inttypes.h>
#include <stdio.h>

#include <nacre/json.h>
#include <nacre/path.h>
#include <nacre/protocol/log.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/time.h>

#include "builtin.h"

#define NANOSECONDS_PER_MICROSECOND 1000u

static const char *level_word(uint32_t level) {
	static const char *const words[] = {"debug", "info", "warning", "error"};
	return level < sizeof words / sizeof words[0] ? words[level] : "unknown";
}

static void print_line(const struct log_read_answer *answer) {
	if (answer->lost) printf("(%" PRIu64 " older messages are no longer kept)\n", answer->lost);
	printf("[%5" PRIu64 ".%06" PRIu64 "] %s: %s%s%s\n", answer->time / NANOSECONDS_PER_SECOND,
	       answer->time % NANOSECONDS_PER_SECOND / NANOSECONDS_PER_MICROSECOND, answer->source,
	       answer->level > LOG_LEVEL_INFO ? level_word(answer->level) : "",
	       answer->level > LOG_LEVEL_INFO ? ": " : "", answer->text);
}

static void print_object(struct json *json, const struct log_read_answer *answer) {
	json_object_begin(json, NULL);
	json_unsigned(json, "time_ns", answer->time);
	json_string(json, "level", level_word(answer->level));
	json_string(json, "source", answer->source);
	json_string(json, "text", answer->text);
	json_unsigned(json, "lost", answer->lost);
	json_object_end(json);
}

/* Up to the last message there was when it began, so that it ends even if somebody writes all the time. */
static error_t print_all(capability_t log, struct json *json) {
	struct log_read_answer answer = {.cursor = 0};
	uint64_t now = time_now();
	error_t error;
	do {
		error = log_read(log, answer.cursor, 0, &answer);
		if (error != ERROR_OK) break;
		if (json)
			print_object(json, &answer);
		else
			print_line(&answer);
	} while (answer.time < now);
	return error == ERROR_WOULD_BLOCK ? ERROR_OK : error;
}

static int run_log(struct shell *shell, int argc, char **argv) {
	struct path_node node;
	struct json json = json_start(stdout);
	int as_json;
	(void)shell;
	int status = builtin_list_arguments(argc, argv, &as_json, NULL);
	if (status != 0) return status;
	error_t error = path_open("/svc/log", PATH_NOW, &node);
	if (error != ERROR_OK) return builtin_fail(argv, "/svc/log: %s", error_text(error));
	if (as_json) json_array_begin(&json, NULL);
	error = node.protocol == PROTOCOL_LOG ? print_all(node.capability, as_json ? &json : NULL) : ERROR_STATE;
	if (as_json) {
		json_array_end(&json);
		json_finish(&json);
	}
	capability_delete(node.capability);
	return error == ERROR_OK ? 0 : builtin_fail(argv, "/svc/log: %s", error_text(error));
}

const struct builtin log_builtin = {
	.name = "log",
	.summary = "shows the system log",
	.usage = "usage: log [--json]\n"
		 "Shows the messages of the system log that are kept: seconds since the machine was\n"
		 "started, who wrote, what.\n",
	.run = run_log,
	.operand = OPERAND_NONE,
};
