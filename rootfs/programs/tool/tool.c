/* SPDX-License-Identifier: MIT */
/*
 * Help and errors: see nacre/tool.h.
 */
#include <errno.h>
#include <nacre/tool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program_name(char **argv) {
	const char *slash = argv[0] ? strrchr(argv[0], '/') : NULL;
	if (slash) return slash + 1;
	return argv[0] ? argv[0] : "?";
}

void tool_help(int argc, char **argv, const char *usage) {
	if (argc < 2 || strcmp(argv[1], "--help") != 0) return;
	fputs(usage, stdout);
	exit(EXIT_SUCCESS);
}

static void print_line(char **argv, const char *format, va_list arguments) {
	fflush(stdout);
	fprintf(stderr, "%s: ", program_name(argv));
	vfprintf(stderr, format, arguments);
}

int tool_fail(char **argv, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	print_line(argv, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return TOOL_FAILED;
}

int tool_usage(char **argv, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	print_line(argv, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; '%s --help' tells more\n", program_name(argv));
	return TOOL_USAGE;
}

const char *tool_reason(int error) {
	return error == ENXIO ? "a service, not a file; 'ls -l' tells what it speaks" : strerror(error);
}
