/* SPDX-License-Identifier: MIT */
/*
 * echo: prints its arguments.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/tool.h>

static const char *const usage = "usage: echo [-n] [WORD...]\n"
				 "Prints the words with a blank between them, and a line end.\n"
				 "  -n  no line end\n";

int main(int argc, char **argv) {
	int first = 1;
	tool_help(argc, argv, usage);
	if (argc > 1 && strcmp(argv[1], "-n") == 0) first = 2;
	for (int i = first; i < argc; i++) printf("%s%s", i > first ? " " : "", argv[i]);
	if (first == 1) putchar('\n');
	return 0;
}
