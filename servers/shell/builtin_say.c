/* SPDX-License-Identifier: MIT */
/*
 * How commands say what is wrong, and what all listings understand: see builtin.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "builtin.h"

static void print(char **argv, const char *format, va_list arguments) {
	fflush(stdout);
	fprintf(stderr, "%s: ", argv[0]);
	vfprintf(stderr, format, arguments);
}

int builtin_fail(char **argv, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	print(argv, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return 1;
}

int builtin_usage(char **argv, const char *format, ...) {
	va_list arguments;
	const char *separator = strchr(format, '?') == format + strlen(format) - 1 ? "" : ";";
	va_start(arguments, format);
	print(argv, format, arguments);
	va_end(arguments);
	fprintf(stderr, "%s '%s --help' tells more\n", separator, argv[0]);
	return STATUS_USAGE;
}

int builtin_list_arguments(int argc, char **argv, int *json, const char **operand) {
	*json = 0;
	if (operand) *operand = NULL;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			*json = 1;
		else if (argv[i][0] == '-')
			return builtin_usage(argv, "there is no option %s", argv[i]);
		else if (!operand)
			return builtin_usage(argv, "it takes no arguments but --json");
		else if (*operand)
			return builtin_usage(argv, "'%s' is one too many", argv[i]);
		else
			*operand = argv[i];
	}
	return 0;
}
