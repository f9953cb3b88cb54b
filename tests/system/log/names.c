/* SPDX-License-Identifier: MIT */
/*
 * test-log-names: writes to the log, makes up more names than it keeps, and writes again under its own.
 */
#include <stdio.h>

#include <nacre/log.h>
#include <nacre/path.h>
#include <nacre/slot.h>

/* More than SOURCES_LIMIT of the log server. */
#define NAMES 5000

static error_t name_make_up(capability_t log, int number) {
	char name[24];
	capability_t line;
	error_t error;

	snprintf(name, sizeof(name), "made up %d", number);
	error = log_open(log, name, &line);
	if (error == ERROR_OK) capability_delete(line);
	return error;
}

int main(void) {
	capability_t log = CAPABILITY_NONE, quiet = CAPABILITY_NONE;
	error_t error = path_open_service("/svc/log", PROTOCOL_LOG, &log);

	log_print(LOG_LEVEL_INFO, "before");
	if (error == ERROR_OK) error = log_open(log, "quiet", &quiet);
	for (int i = 0; error == ERROR_OK && i < NAMES; i++) error = name_make_up(log, i);
	log_print(LOG_LEVEL_INFO, "after");
	if (error == ERROR_OK && log_write(quiet, LOG_LEVEL_INFO, "never shown") != ERROR_STATE) {
		puts("a name that was not used for long is still known");
		return 1;
	}
	puts(error_text(error));
	return error != ERROR_OK;
}
