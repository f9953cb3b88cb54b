/* SPDX-License-Identifier: MIT */
/*
 * The program's line to the log: opened under its name when it is used first.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nacre/log.h>
#include <nacre/slot.h>

#include "given.h"
#include "start_internal.h"

static capability_t own_log;

/* A log that gives no line of the program's own is written to as it is. */
static error_t log_get(capability_t *log_out) {
	capability_t given;
	error_t error;

	if (own_log == CAPABILITY_NONE) {
		error = given_get(GIVEN_LOG, &given);
		if (error != ERROR_OK) return error;
		if (log_open(given, environment_program_name(), &own_log) != ERROR_OK) own_log = given;
	}
	*log_out = own_log;
	return ERROR_OK;
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
