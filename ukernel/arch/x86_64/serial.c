/* SPDX-License-Identifier: MIT */
/*
 * The first serial port, polled: boot lines and panics only; later a user-level driver owns it.
 *
 * Works also on a port that the driver has set up, and does not hang if nothing is there. (PC16550D
 * data sheet)
 */
#include "boot.h"
#include "instructions.h"
#include "memory_layout.h"

#define COM1          0x3f8
#define DATA          (COM1 + 0)
#define INTERRUPTS    (COM1 + 1)
#define DIVISOR_LOW   (COM1 + 0)
#define DIVISOR_HIGH  (COM1 + 1)
#define FIFO_CONTROL  (COM1 + 2)
#define LINE_CONTROL  (COM1 + 3)
#define MODEM_CONTROL (COM1 + 4)
#define LINE_STATUS   (COM1 + 5)

#define LINE_8N1            0x03
#define LINE_DIVISOR_ACCESS 0x80
#define FIFO_ENABLE_CLEAR   0x07
#define MODEM_DTR_RTS       0x03
#define STATUS_ROOM         0x20

/* About 0.1 s, as a port access takes a microsecond: 115200 baud send a character in 0.09 ms. */
#define POLLS_MAX 100000u

BOOT_CODE void serial_initialize(void) {
	port_write_byte(INTERRUPTS, 0);
	port_write_byte(LINE_CONTROL, LINE_DIVISOR_ACCESS);
	port_write_byte(DIVISOR_LOW, 1); /* 115200 baud */
	port_write_byte(DIVISOR_HIGH, 0);
	port_write_byte(LINE_CONTROL, LINE_8N1);
	port_write_byte(FIFO_CONTROL, FIFO_ENABLE_CLEAR);
	port_write_byte(MODEM_CONTROL, MODEM_DTR_RTS);
}

static void serial_put(uint8_t byte) {
	for (unsigned int polls = 0; polls < POLLS_MAX; polls++)
		if (port_read_byte(LINE_STATUS) & STATUS_ROOM) break;
	port_write_byte(DATA, byte);
}

void arch_console_put(char character) {
	if (character == '\n') serial_put('\r');
	serial_put((uint8_t)character);
}
