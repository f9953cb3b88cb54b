/* SPDX-License-Identifier: MIT */
/*
 * What the core asks of the machine that needs no more than a line: facts found at boot, I/O ports
 * for users (who reach them by message only), and the end.
 */
#include "boot.h"
#include "instructions.h"

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

_Noreturn void arch_stop(void) {
	port_write_long(EXIT_PORT, EXIT_VALUE_PANIC);
	for (;;) __asm__ volatile("cli\n\thlt");
}
