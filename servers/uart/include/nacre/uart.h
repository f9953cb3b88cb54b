/* SPDX-License-Identifier: MIT */
/*
 * A 16550 serial port.
 *
 * Owns the device's registers and the rule for its edge-triggered interrupt. Does not know how a
 * register is reached (the caller says) nor what the bytes mean. Read first: the register table of
 * any PC16550D data sheet.
 */
#ifndef NACRE_UART_H
#define NACRE_UART_H

#include <nacre/abi/error.h>
#include <nacre/byte_queue.h>

#define UART_PORT_COUNT 8u

/*
 * How the driver reaches a register. Access to a port that is not there reads 0xff, as on the bus.
 */
struct uart_access {
	uint8_t (*read)(void *context, uint16_t port);
	void (*write)(void *context, uint16_t port, uint8_t value);
	void *context;
};

struct uart {
	struct uart_access access;
	uint16_t base;
	uint8_t interrupts_enabled; /* what the interrupt enable register holds */
	uint8_t depth;              /* bytes the transmitter takes when it is empty */
};

/*
 * Sets the port to 115200 baud, 8 data bits, no parity, with FIFOs and the receive interrupt on.
 * not_found if there is no such device at @base.
 */
NACRE_MUST_CHECK error_t uart_start(struct uart *uart, struct uart_access access, uint16_t base);

/*
 * Moves bytes both ways until the device has nothing more to report, and arms the transmit
 * interrupt if @output could not be sent whole. To be called on each interrupt and after @output
 * has grown. Received bytes that find @input full are lost, as they would be in the device.
 */
void uart_service(struct uart *uart, struct byte_queue *input, struct byte_queue *output);

enum uart_state {
	UART_SENDING,
	UART_IDLE, /* the last bit has left the device */
};

enum uart_state uart_state(const struct uart *uart);

#endif
