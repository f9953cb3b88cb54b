/* SPDX-License-Identifier: MIT */
/*
 * The console server's parts, and how they are tied together.
 */
#ifndef NACRE_CONSOLE_CONSOLE_H
#define NACRE_CONSOLE_CONSOLE_H

#include <nacre/protocol/stream_server.h>
#include <nacre/uart_device.h>

#include "log_echo.h"
#include "terminal.h"

/* Bits of the server's signal word. */
#define SIGNAL_DEVICE 1u
#define SIGNAL_LOG    2u
#define SIGNAL_POWER  4u

struct console {
	struct server server;
	capability_t self;
	struct uart_device device;
	struct terminal terminal;
	struct log_echo log;
	capability_t power;
	uint64_t power_watch;
	int going_off; /* the machine waits until all output has left the device */
};

extern const struct stream_handlers console_handlers;
extern const struct terminal_client console_client;

/* Carries on with everything that can go on: terminal, device, log, leave-taking. */
void console_run(struct console *console);

#endif
