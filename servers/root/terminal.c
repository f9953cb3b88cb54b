/* SPDX-License-Identifier: MIT */
/*
 * Root's own voice: lines on the first serial port.
 *
 * Polled, because root speaks only when no driver is there yet or something is wrong. The port is set up by firmware
 * or the kernel. (National Semiconductor PC16550D, 8.4: line status register)
 */
#include <nacre/abi/boot.h>
#include <nacre/protocol/ports.h>
#include <nacre/start.h>

#include "root.h"

#define SERIAL_DATA   0x3f8u
#define SERIAL_STATUS 0x3fdu
#define STATUS_EMPTY  0x20u
#define POLLS_MOST    100000u /* then the byte is written all the same: there may be no such port */

static capability_t ports(void) { return (capability_t)start_info()->slot_base + BOOT_SLOT_PORTS; }

static void character_put(char character) {
	uint64_t status = 0;

	for (unsigned int poll = 0; poll < POLLS_MOST && !(status & STATUS_EMPTY); poll++) {
		if (ports_read(ports(), SERIAL_STATUS, 1, &status) != ERROR_OK) return;
	}
	error_ignore(ports_write(ports(), SERIAL_DATA, 1, (unsigned char)character));
}

void terminal_line(const struct text *text) {
	for (size_t at = 0; at < text->size; at++) character_put(text->bytes[at]);
	character_put('\r');
	character_put('\n');
}

void terminal_string(const char *string) {
	struct text text = {.size = 0};

	text_string(&text, string);
	terminal_line(&text);
}
