/* SPDX-License-Identifier: MIT */
/*
 * bench-nothing: ends at once, so that what is measured is the context around it.
 */
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: bench-nothing\n"
			    "Ends at once: 'bench' measures contexts with it.\n";

int main(int argc, char **argv) {
	if (argc < 2 || strcmp(argv[1], "--help") != 0) return 0;
	return write(STDOUT_FILENO, usage, sizeof usage - 1) < 0; /* without stdio, which would be measured too */
}
