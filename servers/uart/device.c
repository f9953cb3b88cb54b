/* SPDX-License-Identifier: MIT */
/*
 * Ports and interrupt by message: see nacre/uart_device.h.
 */
#include <stdio.h>

#include <nacre/protocol/interrupt.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/ports.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/uart_device.h>

static uint8_t port_read(void *context, uint16_t port) {
	const struct uart_device *device = context;
	uint64_t value;
	if (ports_read(device->ports, port, 1, &value) != ERROR_OK)
		return UINT8_MAX; /* as a bus does where nothing answers */
	return (uint8_t)value;
}

static void port_write(void *context, uint16_t port, uint8_t value) {
	const struct uart_device *device = context;
	error_ignore(ports_write(device->ports, port, 1, value)); /* as on a bus */
}

static error_t device_get(const char *name, uint32_t protocol, capability_t *capability) {
	uint32_t found;
	error_t error = parent_get(start_parent(), name, &found, capability);
	if (error == ERROR_OK && found != protocol) {
		capability_delete(*capability);
		error = ERROR_CAPABILITY;
	}
	return error;
}

static error_t interrupt_connect(uint32_t line, struct ipc_item signal) {
	char name[32];
	capability_t interrupt;
	snprintf(name, sizeof name, "interrupt:%u", (unsigned int)line);
	error_t error = device_get(name, PROTOCOL_INTERRUPT, &interrupt);
	if (error == ERROR_OK) error = interrupt_bind(interrupt, 0, signal);
	return error;
}

error_t uart_device_open(struct uart_device *device, uint16_t base, uint32_t line, struct ipc_item signal) {
	char name[32];
	struct uart_access access = {port_read, port_write, device};
	snprintf(name, sizeof name, "ports:0x%x:%u", (unsigned int)base, UART_PORT_COUNT);
	error_t error = device_get(name, PROTOCOL_PORTS, &device->ports);
	if (error == ERROR_OK) error = uart_start(&device->uart, access, base);
	if (error == ERROR_OK) error = interrupt_connect(line, signal);
	return error;
}
