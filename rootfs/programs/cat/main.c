/* SPDX-License-Identifier: MIT */
/*
 * cat: prints files one after the other.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <nacre/tool.h>

static const char *const usage = "usage: cat [FILE...]\n"
				 "Prints the files one after the other; without a file, or for '-',\n"
				 "what is typed (^D ends it).\n";

/* Returns an errno, 0 if all went well. */
static int copy(FILE *from) {
	char bytes[4096];
	size_t count;
	while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) fwrite(bytes, 1, count, stdout);
	return ferror(from) ? errno : 0;
}

static int show(char **argv, const char *name) {
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
	if (!file) return tool_fail(argv, "%s: %s", name, tool_reason(errno));
	int error = copy(file);
	if (file != stdin) fclose(file);
	return error ? tool_fail(argv, "%s: %s", name, tool_reason(error)) : 0;
}

int main(int argc, char **argv) {
	int status = 0;
	tool_help(argc, argv, usage);
	if (argc < 2) return show(argv, "-");
	for (int i = 1; i < argc; i++) {
		int failed = show(argv, argv[i]);
		status = failed ? failed : status;
	}
	return status;
}
