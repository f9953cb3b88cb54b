/* SPDX-License-Identifier: MIT */
/*
 * The program's line to the log: opened under its name when it is used first.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nacre/lock.h>
#include <nacre/log.h>
#include <nacre/slot.h>

#include "given.h"
#include "start_internal.h"

/* The program's own line; the lock is held while it is written to, so that nobody deletes it meanwhile. */
static struct {
	struct lock lock;
	capability_t line;
} own;

/* A log that gives no line of the program's own is written to as it is. */
static error_t own_open(void) {
	capability_t given;
	error_t error = given_get(GIVEN_LOG, &given);

	if (error != ERROR_OK) return error;
	if (own.line != given) capability_delete(own.line);
	if (log_open(given, environment_program_name(), &own.line) != ERROR_OK) own.line = given;
	return ERROR_OK;
}

/* A log that many names were made up for has forgotten those that were not used for long: it is told this one again. */
static error_t own_write(uint32_t level, const char *text) {
	error_t error = own.line == CAPABILITY_NONE ? own_open() : ERROR_OK;

	if (error == ERROR_OK) error = log_write(own.line, level, text);
	if (error != ERROR_STATE) return error;
	error = own_open();
	return error == ERROR_OK ? log_write(own.line, level, text) : error;
}

void log_print(uint32_t level, const char *format, ...) {
	char text[LOG_WRITE_TEXT_MAX + 1];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	lock_take(&own.lock);
	error_ignore(own_write(level, text));
	lock_release(&own.lock);
}
