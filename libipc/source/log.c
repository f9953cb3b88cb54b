/* SPDX-License-Identifier: MIT */
/*
 * The program's line to the log: opened under its name when it is used first.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <nacre/log.h>
#include <nacre/slot.h>

#include "given.h"
#include "start_internal.h"

static _Atomic capability_t own_log;

/*
 * A log that gives no line of the program's own is written to as it is. Of two threads that open one at the same time
 * the later gives its own back.
 */
static error_t own_log_open(void) {
	capability_t expected = CAPABILITY_NONE;
	capability_t given, opened;
	error_t error = given_get(GIVEN_LOG, &given);

	if (error != ERROR_OK) return error;
	if (log_open(given, environment_program_name(), &opened) != ERROR_OK) opened = given;
	if (!atomic_compare_exchange_strong(&own_log, &expected, opened) && opened != given) capability_delete(opened);
	return ERROR_OK;
}

static error_t log_get(capability_t *log_out) {
	error_t error = atomic_load(&own_log) == CAPABILITY_NONE ? own_log_open() : ERROR_OK;

	if (error == ERROR_OK) *log_out = atomic_load(&own_log);
	return error;
}

void log_print(uint32_t level, const char *format, ...) {
	char text[LOG_WRITE_TEXT_MAX + 1];
	capability_t log;
	va_list arguments;

	if (log_get(&log) != ERROR_OK) return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	error_ignore(log_write(log, level, text));
}
