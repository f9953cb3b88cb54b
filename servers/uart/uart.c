/* SPDX-License-Identifier: MIT */
/*
 * The 16550's registers: see nacre/uart.h for the contract.
 */
#include <nacre/uart.h>

/* Offsets from the base port. */
#define DATA             0u
#define DIVISOR_LOW      0u /* while LINE_DIVISOR_LATCH is set */
#define INTERRUPT_ENABLE 1u
#define DIVISOR_HIGH     1u /* while LINE_DIVISOR_LATCH is set */
#define INTERRUPT_CAUSE  2u /* read */
#define FIFO_CONTROL     2u /* write */
#define LINE_CONTROL     3u
#define MODEM_CONTROL    4u
#define LINE_STATUS      5u
#define SCRATCH          7u

#define ENABLE_RECEIVE  0x01u
#define ENABLE_TRANSMIT 0x02u

#define CAUSE_NONE 0x01u
#define CAUSE_FIFO 0xc0u

/* Both FIFOs on and emptied; interrupt at the first byte, for the sake of a person's typing. */
#define FIFO_START 0x07u

#define LINE_8N1           0x03u
#define LINE_DIVISOR_LATCH 0x80u

/* OUT2 connects the interrupt line on a PC. */
#define MODEM_READY 0x0bu

#define STATUS_RECEIVED       0x01u
#define STATUS_BREAK          0x10u
#define STATUS_TRANSMIT_EMPTY 0x20u
#define STATUS_IDLE           0x40u

#define FIFO_DEPTH 16u

/* After so many rounds the device is left with its interrupt raised anew, and others get a turn. */
#define ROUNDS_MAX 64

static uint8_t uart_read(const struct uart *uart, unsigned int offset) {
	return uart->access.read(uart->access.context, (uint16_t)(uart->base + offset));
}

static void uart_write(const struct uart *uart, unsigned int offset, unsigned int value) {
	uart->access.write(uart->access.context, (uint16_t)(uart->base + offset), (uint8_t)value);
}

static int uart_keeps_scratch(const struct uart *uart, uint8_t pattern) {
	uart_write(uart, SCRATCH, pattern);
	return uart_read(uart, SCRATCH) == pattern;
}

error_t uart_start(struct uart *uart, struct uart_access access, uint16_t base) {
	struct uart candidate = {.access = access, .base = base, .depth = 1};
	if (!uart_keeps_scratch(&candidate, 0x5a) || !uart_keeps_scratch(&candidate, 0xa5)) return ERROR_NOT_FOUND;
	uart_write(&candidate, INTERRUPT_ENABLE, 0);
	uart_write(&candidate, LINE_CONTROL, LINE_DIVISOR_LATCH | LINE_8N1);
	uart_write(&candidate, DIVISOR_LOW, 1);
	uart_write(&candidate, DIVISOR_HIGH, 0);
	uart_write(&candidate, LINE_CONTROL, LINE_8N1);
	uart_write(&candidate, FIFO_CONTROL, FIFO_START);
	uart_write(&candidate, MODEM_CONTROL, MODEM_READY);
	if ((uart_read(&candidate, INTERRUPT_CAUSE) & CAUSE_FIFO) == CAUSE_FIFO) candidate.depth = FIFO_DEPTH;
	candidate.interrupts_enabled = ENABLE_RECEIVE;
	uart_write(&candidate, INTERRUPT_ENABLE, candidate.interrupts_enabled);
	*uart = candidate;
	return ERROR_OK;
}

static void uart_receive(const struct uart *uart, struct byte_queue *input, uint8_t status) {
	for (unsigned int i = 0; i < FIFO_DEPTH && (status & STATUS_RECEIVED); i++) {
		uint8_t byte = uart_read(uart, DATA);
		if (!(status & STATUS_BREAK)) /* a break comes with a zero byte that nobody sent */
			byte_queue_put(input, &byte, 1);
		status = uart_read(uart, LINE_STATUS);
	}
}

/* The device takes @depth bytes once it is empty. */
static void uart_send(const struct uart *uart, struct byte_queue *output) {
	uint8_t bytes[FIFO_DEPTH];
	size_t count = byte_queue_take(output, bytes, uart->depth);
	for (size_t i = 0; i < count; i++) uart_write(uart, DATA, bytes[i]);
}

static void uart_enable(struct uart *uart, uint8_t wanted) {
	if (uart->interrupts_enabled == wanted) return;
	uart->interrupts_enabled = wanted;
	uart_write(uart, INTERRUPT_ENABLE, wanted);
}

/*
 * The line is edge-triggered: it must be seen low once after each service, or no further interrupt
 * would ever arrive. So the loop ends only when the device has no cause left, or it drops all
 * causes and raises them anew.
 */
void uart_service(struct uart *uart, struct byte_queue *input, struct byte_queue *output) {
	for (int round = 0; round < ROUNDS_MAX; round++) {
		uint8_t status = uart_read(uart, LINE_STATUS);
		uart_receive(uart, input, status);
		if (output->count > 0 && (status & STATUS_TRANSMIT_EMPTY)) uart_send(uart, output);
		uart_enable(uart, output->count > 0 ? ENABLE_RECEIVE | ENABLE_TRANSMIT : ENABLE_RECEIVE);
		if (uart_read(uart, INTERRUPT_CAUSE) & CAUSE_NONE) return;
	}
	uart_write(uart, INTERRUPT_ENABLE, 0);
	uart_write(uart, INTERRUPT_ENABLE, uart->interrupts_enabled);
}

enum uart_state uart_state(const struct uart *uart) {
	return uart_read(uart, LINE_STATUS) & STATUS_IDLE ? UART_IDLE : UART_SENDING;
}
