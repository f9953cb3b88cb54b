/* SPDX-License-Identifier: MIT */
/*
 * console: the first serial port as a terminal for several clients, at /svc/console.
 *
 * Owns start-up and the order in which things go on. Read terminal.h, then serve.c.
 *
 *   console [--log=LEVEL]   the lowest level of log messages to show: debug, info,
 *                           warning (the default), error, none
 */
#include <string.h>

#include <nacre/log.h>
#include <nacre/path.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/power.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "console.h"

#define PORT_BASE      0x3f8u
#define INTERRUPT_LINE 4u

/* How often the device is asked whether its last byte has left it. */
#define IDLE_POLL 1000000u /* ns */

static struct ipc_item signal_item(const struct console *console, uint64_t bits) {
	return item_badge(console->self, RIGHT_SIGNAL, bits);
}

static void leave(struct console *console) {
	const struct terminal *terminal = &console->terminal;
	if (!console->going_off || terminal->output.count > 0 || terminal->writes) return;
	if (uart_state(&console->device.uart) == UART_SENDING) {
		console->server.deadline = time_now() + IDLE_POLL;
		return;
	}
	console->going_off = 0;
	error_ignore(power_release(console->power, console->power_watch)); /* it goes off anyway */
}

void console_run(struct console *console) {
	struct terminal *terminal = &console->terminal;
	size_t before;
	do {
		log_echo_run(&console->log, terminal);
		terminal_run(terminal);
		before = terminal->output.count;
		uart_service(&console->device.uart, &terminal->input, &terminal->output);
	} while (terminal_has_input(terminal) || (terminal->writes && terminal->output.count < before));
	leave(console);
}

static void on_signal(void *context, uint64_t bits) {
	struct console *console = context;
	if (bits & SIGNAL_POWER) console->going_off = 1;
	console_run(console);
}

static void on_timeout(void *context) { console_run(context); }

/* Base servers can ask for the machine's power; elsewhere the console does without. */
static void power_start(struct console *console) {
	uint32_t protocol;
	if (parent_get(start_parent(), "power", &protocol, &console->power) != ERROR_OK) return;
	error_ignore(power_watch(console->power, signal_item(console, SIGNAL_POWER), &console->power_watch));
}

/* The number of the level named @name; LOG_LEVEL_ERROR + 1 is none; -1: no such level. */
static int level_parse(const char *name) {
	static const char *const names[] = {"debug", "info", "warning", "error", "none"};
	for (int level = 0; level < (int)(sizeof names / sizeof names[0]); level++) {
		if (strcmp(name, names[level]) == 0) return level;
	}
	return -1;
}

static error_t console_start(struct console *console, uint32_t level) {
	error_t error = server_self(&console->self);
	if (error == ERROR_OK)
		error = terminal_initialize(&console->terminal, console_client, LINE_CANONICAL | LINE_ECHO);
	if (error == ERROR_OK)
		error = uart_device_open(&console->device, PORT_BASE, INTERRUPT_LINE,
		                         signal_item(console, SIGNAL_DEVICE));
	if (error == ERROR_OK)
		error = path_register("/svc/console", PROTOCOL_STREAM,
		                      item_badge(console->self, RIGHT_SEND, BADGE(PROTOCOL_STREAM, 0)));
	if (error != ERROR_OK) return error;
	log_echo_start(&console->log, level, signal_item(console, SIGNAL_LOG));
	power_start(console);
	console_run(console);
	return parent_ready(start_parent());
}

int main(int argc, char **argv) {
	static struct console console;
	const struct server_protocol protocol = {
		.number = PROTOCOL_STREAM,
		.dispatch = stream_dispatch,
		.handlers = &console_handlers,
		.context = &console,
	};
	int level = LOG_LEVEL_WARNING;
	for (int i = 1; i < argc; i++) {
		level = strncmp(argv[i], "--log=", 6) == 0 ? level_parse(argv[i] + 6) : -1;
		if (level < 0) {
			log_print(LOG_LEVEL_ERROR, "%s: expected --log=debug|info|warning|error|none", argv[i]);
			return ERROR_ARGUMENT;
		}
	}
	console.server = (struct server){
		.protocols = &protocol,
		.protocol_count = 1,
		.context = &console,
		.signal = on_signal,
		.timeout = on_timeout,
		.capability_window = 1,
	};
	error_t error = console_start(&console, (uint32_t)level);
	if (error != ERROR_OK) {
		log_print(LOG_LEVEL_ERROR, "it cannot start: %s", error_text(error));
		return (int)error; /* the parent reads it as an error_t */
	}
	server_run(&console.server);
}
