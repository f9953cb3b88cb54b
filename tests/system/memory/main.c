/* SPDX-License-Identifier: MIT */
/*
 * The memory protocol from the side of a context: run as one, this program asks its pager for everything there is,
 * rightly and wrongly. Prints TAP.
 *
 *     memory [TEXT]    all tests, or those whose sentences contain TEXT
 */
#include <stdio.h>

#include "topics.h"

static const struct test *const topics[] = {
	level_tests, mapping_tests, region_tests, limit_tests, taken_tests, wrong_tests,
};

int main(int argc, char **argv) {
	const struct test_fixture fixture = {0};

	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (size_t topic = 0; topic < sizeof(topics) / sizeof(topics[0]); topic++)
		tap_run(topics[topic], &fixture, argc > 1 ? argv[1] : NULL);
	return tap_finish() != 0;
}
