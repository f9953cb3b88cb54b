/* SPDX-License-Identifier: MIT */
/*
 * What launch was told to do: its arguments taken apart, without system calls.
 */
#ifndef LAUNCH_OPTIONS_H
#define LAUNCH_OPTIONS_H

#include <stddef.h>

enum launch_again {
	LAUNCH_AGAIN, /* whenever it has ended */
	LAUNCH_ONCE,
};

struct launch_options {
	const char *name;   /* of the context; NULL: its program's */
	const char *stream; /* path of a stream server; NULL: no streams */
	enum launch_again again;
	char **gives; /* names of what the parent gives and the context is to have, among the arguments */
	int give_count;
	const char *factory;
	char **program; /* path, then arguments */
	int program_count;
};

/* NULL, or what is wrong. @arguments begins after the program's own name and is reordered. */
const char *launch_options_read(struct launch_options *options, char **arguments, int count);

#endif
