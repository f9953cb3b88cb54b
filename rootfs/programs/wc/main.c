/* SPDX-License-Identifier: MIT */
/*
 * wc: counts lines, words and bytes.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/tool.h>

static const char *const usage = "usage: wc [FILE...]\n"
				 "Prints the numbers of lines, words and bytes of each file, and of all\n"
				 "together; without a file, or for '-', of what is typed (^D ends it).\n";

struct counts {
	uint64_t lines, words, bytes;
};

/* Returns an errno, 0 if all went well. */
static int count(FILE *file, struct counts *counts) {
	int byte, in_word = 0;
	while ((byte = getc(file)) != EOF) {
		int blank = isspace(byte) != 0;
		counts->bytes++;
		counts->lines += byte == '\n';
		counts->words += !blank && !in_word;
		in_word = !blank;
	}
	return ferror(file) ? errno : 0;
}

static void print(const struct counts *counts, const char *name) {
	printf("%7" PRIu64 " %7" PRIu64 " %7" PRIu64 "%s%s\n", counts->lines, counts->words, counts->bytes,
	       name[0] ? " " : "", name);
}

static int count_file(char **argv, const char *name, const char *shown, struct counts *total) {
	struct counts counts = {0, 0, 0};
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
	if (!file) return tool_fail(argv, "%s: %s", name, tool_reason(errno));
	int error = count(file, &counts);
	if (file != stdin) fclose(file);
	if (error) return tool_fail(argv, "%s: %s", name, tool_reason(error));
	print(&counts, shown);
	total->lines += counts.lines;
	total->words += counts.words;
	total->bytes += counts.bytes;
	return 0;
}

int main(int argc, char **argv) {
	struct counts total = {0, 0, 0};
	int status = 0;
	tool_help(argc, argv, usage);
	if (argc < 2) return count_file(argv, "-", "", &total);
	for (int i = 1; i < argc; i++) {
		int failed = count_file(argv, argv[i], argv[i], &total);
		status = failed ? failed : status;
	}
	if (argc > 2) print(&total, "total");
	return status;
}
