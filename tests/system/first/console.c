/* SPDX-License-Identifier: MIT */
/*
 * The serial console. Read console.h first.
 */
#include <first/console.h>

#include <nacre/abi/boot.h>
#include <nacre/abi/label.h>
#include <nacre/start.h>

#include <first/raw.h>

/* 16550: transmit holding register, line status, "transmitter can take a byte". */
#define SERIAL_DATA   0x3f8u
#define SERIAL_STATUS 0x3fdu
#define SERIAL_EMPTY  0x20u
/* QEMU's isa-debug-exit: writing n ends QEMU with status 2 n + 1. */
#define EXIT_PORT 0xf4u

static uint64_t ports_call(uint32_t label, uint64_t port, uint64_t width, uint64_t value) {
	struct raw_ipc ipc = {
		.operation = IPC_CALL,
		.target = start_info()->slot_base + BOOT_SLOT_PORTS,
		.tag = IPC_TAG(label, 3, 0),
		.words = {port, width, value},
	};

	raw_ipc(&ipc);
	return ipc.words[0];
}

static void console_put(char character) {
	while (!(ports_call(PORTS_READ, SERIAL_STATUS, 1, 0) & SERIAL_EMPTY))
		;
	(void)ports_call(PORTS_WRITE, SERIAL_DATA, 1, (unsigned char)character);
}

void console_write(const char *text) {
	for (; *text; text++) console_put(*text);
}

_Noreturn void console_power_off(unsigned int status) {
	(void)ports_call(PORTS_WRITE, EXIT_PORT, 4, status);
	for (;;)
		;
}
