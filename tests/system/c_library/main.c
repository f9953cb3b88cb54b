/* SPDX-License-Identifier: MIT */
/*
 * The C library and libipc as a program sees them from inside a context. Run as `c-library a "b c"`
 * with VARIABLE=value in its environment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static int checks;

void check(int holds, const char *sentence) { printf("%sok %d - %s\n", holds ? "" : "not ", ++checks, sentence); }

static int constructed;

static __attribute__((constructor)) void construct(void) { constructed++; }

static void at_exit(void) { printf("1..%d\n", checks); }

static void check_start(int argc, char **argv) {
	const char *value;

	check(argc == 3 && strcmp(argv[1], "a") == 0 && strcmp(argv[2], "b c") == 0 && !argv[3],
	      "arguments arrive as they were given");
	check(constructed == 1, "constructors have run once before main");
	check(getenv("NO_SUCH_VARIABLE") == NULL, "a variable that is not set is not there");
	check(setenv("VARIABLE", "value", 1) == 0, "a variable can be set");
	value = getenv("VARIABLE");
	check(value && strcmp(value, "value") == 0, "and read");
	check(getpid() > 0, "a context has a number");
}

static void check_text(void) {
	char text[64];

	snprintf(text, sizeof(text), "%d %5.2f %s %zx %lld", -1, 3.14159, "x", (size_t)255, 1LL << 40);
	check(strcmp(text, "-1  3.14 x ff 1099511627776") == 0, "numbers are formatted");
	check(strtod("2.5e3", NULL) == 2500.0, "numbers are read");
	check(fork() == -1 && errno == ENOSYS, "what there is not says so");
}

int main(int argc, char **argv) {
	atexit(at_exit);
	check_start(argc, argv);
	check_text();
	check_memory();
	check_files();
	check_time();
	check_threads();
	return 0;
}
