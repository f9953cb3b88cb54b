/* SPDX-License-Identifier: MIT */
/*
 * NAME=VALUE options, then factory, program and its arguments. Read options.h first.
 */
#include <string.h>

#include "options.h"

/* The value if @argument is @name=VALUE with a value, else NULL. */
static char *option_value(char *argument, const char *name) {
	size_t length = strlen(name);

	if (strncmp(argument, name, length) != 0 || argument[length] != '=' || argument[length + 1] == '\0')
		return NULL;
	return argument + length + 1;
}

static const char *option_read(struct launch_options *options, char *argument, char **gives) {
	char *value;

	if ((value = option_value(argument, "name")))
		options->name = value;
	else if ((value = option_value(argument, "stream")))
		options->stream = value;
	else if ((value = option_value(argument, "give")))
		gives[options->give_count++] = value;
	else if (strcmp(argument, "again=no") == 0)
		options->again = LAUNCH_ONCE;
	else
		return "options are name=NAME, stream=PATH, give=NAME and again=no";
	return NULL;
}

const char *launch_options_read(struct launch_options *options, char **arguments, int count) {
	int next = 0;

	/*
	 * The names of gives are gathered at the front of the arguments, which are no longer needed
	 * there.
	 */
	*options = (struct launch_options){.again = LAUNCH_AGAIN, .gives = arguments};
	while (next < count && strchr(arguments[next], '=')) {
		const char *problem = option_read(options, arguments[next], arguments);

		if (problem) return problem;
		next++;
	}
	if (count - next < 2) return "name a factory and a program";
	options->factory = arguments[next];
	options->program = arguments + next + 1;
	options->program_count = count - next - 1;
	return NULL;
}
