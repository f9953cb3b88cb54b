/* SPDX-License-Identifier: MIT */
/*
 * Hostile input to the kernel, from a first program: seeded, so that what fails can be had again.
 *
 * The kernel's command line may say `seed=NUMBER`, `effort=PER-CENT` and, last, `only=WORDS`.
 */
#include <stdlib.h>
#include <string.h>

#include <first/console.h>
#include <first/machine.h>

#include "tests.h"

static uint64_t option(const char *name, uint64_t usual) {
	const char *found = strstr(machine_command_line(), name);

	return found ? strtoull(found + strlen(name), NULL, 0) : usual;
}

uint64_t hostile_seed(void) { return option("seed=", 1); }

uint64_t hostile_rounds(uint64_t usual) { return usual * option("effort=", 100) / 100; }

static const struct test *const topics[] = {
	malformed_tests, mapping_model_tests, slot_model_tests, wild_register_tests, siege_tests,
};

int main(void) {
	const struct test_fixture fixture = {.after = machine_reset};
	const char *only = strstr(machine_command_line(), "only=");

	machine_start();
	machine_keep();
	tap_figure("seed=%lu", (unsigned long)hostile_seed());
	for (unsigned int topic = 0; topic < sizeof(topics) / sizeof(topics[0]); topic++)
		tap_run(topics[topic], &fixture, only ? only + strlen("only=") : NULL);
	console_power_off(tap_finish() != 0);
}
