/* SPDX-License-Identifier: MIT */
/*
 * hello: greets. The smallest program there is to try a context with.
 */
#include <stdio.h>

#include <nacre/tool.h>

static const char *const usage = "usage: hello [NAME...]\n"
				 "Greets the world, or all who are named.\n";

int main(int argc, char **argv) {
	tool_help(argc, argv, usage);
	if (argc < 2)
		puts("Hello, world!");
	else
		fputs("Hello", stdout);
	for (int i = 1; i < argc; i++) printf("%s %s%s", i > 1 ? "," : "", argv[i], i + 1 == argc ? "!\n" : "");
	return 0;
}
