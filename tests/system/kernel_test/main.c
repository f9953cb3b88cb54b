/* SPDX-License-Identifier: MIT */
/*
 * The kernel's contract, tested by a first program: it is started instead of root and owns all.
 *
 * Prints TAP on the serial console and ends the machine. A word on the kernel's command line
 * selects the tests whose sentences contain it.
 */
#include <stddef.h>

#include <first/console.h>
#include <first/machine.h>

#include "topics.h"

static const struct test *const topics[] = {
	phase_tests, reply_tests, queue_tests,     item_tests,     capability_tests, mapping_tests,     fault_tests,
	pager_tests, time_tests,  privilege_tests, register_tests, interrupt_tests,  destruction_tests, attack_tests,
};

int main(void) {
	const struct test_fixture fixture = {.after = machine_reset};
	const char *only;

	machine_start();
	machine_keep();
	only = machine_command_line();
	for (unsigned int topic = 0; topic < sizeof(topics) / sizeof(topics[0]); topic++)
		tap_run(topics[topic], &fixture, *only ? only : NULL);
	console_power_off(tap_finish() != 0);
}
