/* SPDX-License-Identifier: MIT */
/*
 * How programs speak: help when asked, one line when something is wrong.
 */
#ifndef NACRE_TOOL_H
#define NACRE_TOOL_H

/* Exit statuses that all programs share. */
#define TOOL_FAILED 1
#define TOOL_USAGE  2

/* If the first argument is --help, prints @usage and ends the program with success. */
void tool_help(int argc, char **argv, const char *usage);

/* Prints "PROGRAM: text" as an error; returns TOOL_FAILED for main() to return. */
int tool_fail(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a mistake in the arguments, with a pointer to --help; returns TOOL_USAGE. */
int tool_usage(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Why a path cannot be used as a file, for an errno value: like strerror(), but of services it says so. */
const char *tool_reason(int error);

#endif
