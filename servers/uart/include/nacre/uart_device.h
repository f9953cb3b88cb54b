/* SPDX-License-Identifier: MIT */
/*
 * A serial port of this machine: ports and interrupt asked of the parent by name.
 */
#ifndef NACRE_UART_DEVICE_H
#define NACRE_UART_DEVICE_H

#include <nacre/capability.h>
#include <nacre/item.h>
#include <nacre/uart.h>

struct uart_device {
	struct uart uart;
	capability_t ports;
};

/*
 * Asks for "ports:BASE:8" and "interrupt:LINE", starts the device and has its interrupt signalled
 * through @signal. not_found: there is no such device; other errors are the parent's or the
 * kernel's. On success @device must stay where it is, and uart_service() is due at once.
 */
NACRE_MUST_CHECK error_t uart_device_open(struct uart_device *device, uint16_t base, uint32_t line,
                                          struct ipc_item signal);

#endif
