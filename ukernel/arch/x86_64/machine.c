/* SPDX-License-Identifier: MIT */
/*
 * What the core asks of the machine that needs no more than a line: I/O ports for users (who reach
 * them by message only), the first serial port, and the end.
 *
 * The serial port is polled, for boot lines and panics only; later a user-level driver owns it.
 * Works also on a port that the driver has set up, and does not hang if nothing is there. (PC16550D
 * data sheet)
 */
#include "boot.h"
#include "instructions.h"
#include "numbers.h"

#define COM1        0x3f8
#define LINE_STATUS (COM1 + 5)
#define STATUS_ROOM 0x20

/* About 0.1 s, as a port access takes a microsecond: 115200 baud send a character in 0.09 ms. */
#define POLLS_MAX 100000u

/* Where QEMU's isa-debug-exit is: writing n ends QEMU with status 2 n + 1. */
#define EXIT_PORT        0xf4
#define EXIT_VALUE_PANIC 70

uint64_t processor_features;

uint64_t arch_cpu_features(void) { return processor_features; }

uint32_t arch_port_read(uint16_t port, unsigned int width) {
	if (width == 1) return port_read_byte(port);
	if (width == 2) return port_read_word(port);
	return port_read_long(port);
}

void arch_port_write(uint16_t port, unsigned int width, uint32_t value) {
	if (width == 1)
		port_write_byte(port, (uint8_t)value);
	else if (width == 2)
		port_write_word(port, (uint16_t)value);
	else
		port_write_long(port, value);
}

BOOT_CODE void serial_initialize(void) {
	static const uint8_t registers[][2] = {
		{1, 0x00},            /* no interrupts */
		{3, 0x80},            /* the divisor is at 0 and 1: */
		{0, 0x01},            /* 115200 baud */
		{1, 0x00}, {3, 0x03}, /* 8 bits, no parity, 1 stop bit */
		{2, 0x07},            /* FIFOs on and empty */
		{4, 0x03},            /* DTR and RTS */
	};

	for (unsigned int index = 0; index < sizeof(registers) / sizeof(registers[0]); index++)
		port_write_byte((uint16_t)(COM1 + registers[index][0]), registers[index][1]);
}

static void serial_put(uint8_t byte) {
	for (unsigned int polls = 0; polls < POLLS_MAX; polls++)
		if (port_read_byte(LINE_STATUS) & STATUS_ROOM) break;
	port_write_byte(COM1, byte);
}

void arch_console_put(char character) {
	if (character == '\n') serial_put('\r');
	serial_put((uint8_t)character);
}

_Noreturn void arch_stop(void) {
	port_write_long(EXIT_PORT, EXIT_VALUE_PANIC);
	for (;;) __asm__ volatile("cli\n\thlt");
}
