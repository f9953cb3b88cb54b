/* SPDX-License-Identifier: MIT */
/*
 * The 16550 driver against a device made of C.
 *
 * The device models what the driver relies on: two FIFOs, the line status, and an interrupt line
 * whose rising edges are counted, because an edge that never comes is the bug to find here.
 */
#include <string.h>

#include <nacre/uart.h>

#include "../suite.h"

#define BASE 0x3f8u

struct device {
	int present;
	uint8_t enable, line, scratch, modem;
	int transmit_cause; /* pending "transmitter empty" */
	uint8_t input[4096];
	size_t input_first, input_count;
	uint8_t sent[4096];
	size_t sent_count;
	size_t fifo_used;  /* bytes written and not yet gone out */
	int sends_at_once; /* as QEMU's does */
	int line_high;
	int edges;
	int endless; /* input that never ends */
};

static void device_update(struct device *device) {
	int high =
		((device->enable & 1) && device->input_count > 0) || ((device->enable & 2) && device->transmit_cause);
	if (high && !device->line_high) device->edges++;
	device->line_high = high;
}

static void device_sent_all(struct device *device) {
	device->fifo_used = 0;
	device->transmit_cause = 1;
	device_update(device);
}

static uint8_t device_receive(struct device *device) {
	uint8_t byte = device->input[device->input_first % sizeof device->input];
	if (device->endless) return byte;
	if (device->input_count > 0) {
		device->input_first++;
		device->input_count--;
	}
	return byte;
}

static uint8_t device_cause(struct device *device) {
	if ((device->enable & 1) && device->input_count > 0) return 0xc4;
	if ((device->enable & 2) && device->transmit_cause) {
		device->transmit_cause = 0;
		return 0xc2;
	}
	return 0xc1;
}

static uint8_t device_read(void *context, uint16_t port) {
	struct device *device = context;
	uint8_t value = 0xff;
	if (!device->present) return value;
	switch (port - BASE) {
	case 0: value = device_receive(device); break;
	case 1: value = device->enable; break;
	case 2: value = device_cause(device); break;
	case 5:
		value = (uint8_t)((device->input_count > 0 ? 0x01 : 0) | (device->fifo_used == 0 ? 0x60 : 0));
		if (device->endless > 0 && --device->endless == 0) value &= 0xfe;
		break;
	case 7: value = device->scratch; break;
	default: break;
	}
	device_update(device);
	return value;
}

static void device_transmit(struct device *device, uint8_t value) {
	ck_assert_msg(device->fifo_used < 16, "a byte was written to a full FIFO");
	device->sent[device->sent_count++] = value;
	device->fifo_used++;
	device->transmit_cause = 0;
	if (device->sends_at_once) device_sent_all(device);
}

static void device_write(void *context, uint16_t port, uint8_t value) {
	struct device *device = context;
	if (!device->present) return;
	switch (port - BASE) {
	case 0:
		if (!(device->line & 0x80)) device_transmit(device, value);
		break;
	case 1:
		if (device->line & 0x80) break;
		if ((value & 2) && !(device->enable & 2) && device->fifo_used == 0) device->transmit_cause = 1;
		device->enable = value;
		break;
	case 3: device->line = value; break;
	case 4: device->modem = value; break;
	case 7: device->scratch = value; break;
	default: break;
	}
	device_update(device);
}

static struct device device;
static struct uart uart;
static uint8_t input_bytes[64], output_bytes[1024];
static struct byte_queue input, output;

static void given_a_started_port(void) {
	device = (struct device){.present = 1};
	byte_queue_initialize(&input, input_bytes, sizeof input_bytes);
	byte_queue_initialize(&output, output_bytes, sizeof output_bytes);
	struct uart_access access = {device_read, device_write, &device};
	ck_assert_int_eq(uart_start(&uart, access, BASE), ERROR_OK);
}

static void device_types(const char *text) {
	for (; *text; text++) {
		size_t end = device.input_first + device.input_count++;
		device.input[end % sizeof device.input] = (uint8_t)*text;
	}
	device_update(&device);
}

START_TEST(a_port_that_is_not_there_is_not_found) {
	device = (struct device){.present = 0};
	struct uart_access access = {device_read, device_write, &device};
	ck_assert_int_eq(uart_start(&uart, access, BASE), ERROR_NOT_FOUND);
}
END_TEST

START_TEST(starting_sets_115200_8n1_with_the_interrupt_line_connected) {
	given_a_started_port();
	ck_assert_uint_eq(device.line, 0x03);
	ck_assert_uint_eq(device.modem & 0x08, 0x08);
	ck_assert_uint_eq(device.enable, 0x01);
	ck_assert_uint_eq(uart.depth, 16);
}
END_TEST

START_TEST(received_bytes_arrive_in_order_and_the_line_goes_low) {
	given_a_started_port();
	device_types("hello");
	ck_assert_int_eq(device.edges, 1);
	uart_service(&uart, &input, &output);
	char text[8] = "";
	ck_assert_uint_eq(byte_queue_take(&input, text, sizeof text), 5);
	ck_assert_str_eq(text, "hello");
	ck_assert(!device.line_high);
	device_types("x");
	ck_assert_int_eq(device.edges, 2);
}
END_TEST

START_TEST(a_slow_transmitter_gets_sixteen_bytes_an_interrupt) {
	given_a_started_port();
	byte_queue_put(&output, "0123456789abcdefghij", 20);
	uart_service(&uart, &input, &output);
	ck_assert_uint_eq(device.sent_count, 16);
	int edges = device.edges;
	device_sent_all(&device);
	ck_assert_int_eq(device.edges, edges + 1);
	uart_service(&uart, &input, &output);
	ck_assert_uint_eq(device.sent_count, 20);
	ck_assert_mem_eq(device.sent, "0123456789abcdefghij", 20);
}
END_TEST

START_TEST(the_transmit_interrupt_is_off_when_nothing_is_left_to_send) {
	given_a_started_port();
	byte_queue_put(&output, "hi", 2);
	uart_service(&uart, &input, &output);
	ck_assert_uint_eq(device.enable, 0x01);
	ck_assert(!device.line_high);
}
END_TEST

START_TEST(a_device_that_sends_at_once_is_fed_without_waiting) {
	given_a_started_port();
	device.sends_at_once = 1;
	uint8_t bytes[600];
	memset(bytes, 'z', sizeof bytes);
	byte_queue_put(&output, bytes, sizeof bytes);
	uart_service(&uart, &input, &output);
	ck_assert_uint_eq(device.sent_count, 600);
	ck_assert(!device.line_high);
}
END_TEST

START_TEST(input_that_does_not_fit_is_dropped_and_does_not_stall_the_port) {
	given_a_started_port();
	for (int i = 0; i < 10; i++) device_types("0123456789");
	uart_service(&uart, &input, &output);
	ck_assert_uint_eq(input.count, sizeof input_bytes);
	ck_assert(!device.line_high);
}
END_TEST

START_TEST(the_port_is_idle_only_when_its_last_byte_is_out) {
	given_a_started_port();
	byte_queue_put(&output, "hi", 2);
	uart_service(&uart, &input, &output);
	ck_assert_int_eq(uart_state(&uart), UART_SENDING);
	device_sent_all(&device);
	ck_assert_int_eq(uart_state(&uart), UART_IDLE);
}
END_TEST

START_TEST(leaving_a_busy_device_raises_its_interrupt_anew) {
	given_a_started_port();
	device_types("a");
	device.endless = 5000;
	int edges = device.edges;
	uart_service(&uart, &input, &output);
	ck_assert_int_gt(device.edges, edges);
}
END_TEST

START_TEST(a_queue_wraps_round_without_losing_order) {
	uint8_t storage[5], taken[5];
	struct byte_queue queue;
	byte_queue_initialize(&queue, storage, sizeof storage);
	ck_assert_uint_eq(byte_queue_put(&queue, "abc", 3), 3);
	ck_assert_uint_eq(byte_queue_take(&queue, taken, 2), 2);
	ck_assert_uint_eq(byte_queue_put(&queue, "defgh", 5), 4);
	ck_assert_uint_eq(byte_queue_take(&queue, taken, 5), 5);
	ck_assert_mem_eq(taken, "cdefg", 5);
}
END_TEST

SUITE("uart", a_port_that_is_not_there_is_not_found, starting_sets_115200_8n1_with_the_interrupt_line_connected,
      received_bytes_arrive_in_order_and_the_line_goes_low, a_slow_transmitter_gets_sixteen_bytes_an_interrupt,
      the_transmit_interrupt_is_off_when_nothing_is_left_to_send, a_device_that_sends_at_once_is_fed_without_waiting,
      input_that_does_not_fit_is_dropped_and_does_not_stall_the_port, the_port_is_idle_only_when_its_last_byte_is_out,
      leaving_a_busy_device_raises_its_interrupt_anew, a_queue_wraps_round_without_losing_order)
