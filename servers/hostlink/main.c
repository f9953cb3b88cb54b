/* SPDX-License-Identifier: MIT */
/*
 * hostlink: the guest's end of the host link, at /svc/hostlink.
 *
 * Owns start-up. docs/host-link.md is the contract; read link.h, then run.c and serve.c. Without a
 * second serial port, or without a host behind it, the server is there and its clients wait.
 */
#include <nacre/log.h>
#include <nacre/path.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/power.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "hostlink.h"

#define PORT_BASE      0x2f8u
#define INTERRUPT_LINE 3u

static struct ipc_item signal_item(const struct hostlink *hostlink, uint64_t bits) {
	return item_badge(hostlink->self, RIGHT_SIGNAL, bits);
}

static void device_start(struct hostlink *hostlink) {
	error_t error =
		uart_device_open(&hostlink->device, PORT_BASE, INTERRUPT_LINE, signal_item(hostlink, SIGNAL_DEVICE));
	hostlink->present = error == ERROR_OK;
	if (error != ERROR_OK)
		log_print(LOG_LEVEL_INFO, "no second serial port (%s): there is no host link", error_text(error));
}

/* Base servers can ask for the machine's power; elsewhere the host cannot switch off. */
static void power_start(struct hostlink *hostlink) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "power", &protocol, &hostlink->power);
	if (error == ERROR_OK)
		error = power_watch(hostlink->power, signal_item(hostlink, SIGNAL_POWER), &hostlink->power_watch);
	if (error != ERROR_OK)
		log_print(LOG_LEVEL_WARNING, "the host cannot switch the machine off: %s", error_text(error));
}

static error_t hostlink_start(struct hostlink *hostlink) {
	struct link_handler handler = hostlink_link_handler;
	handler.context = hostlink;
	link_initialize(&hostlink->link, handler);
	byte_queue_initialize(&hostlink->input, hostlink->input_bytes, sizeof hostlink->input_bytes);
	byte_queue_initialize(&hostlink->output, hostlink->output_bytes, sizeof hostlink->output_bytes);
	error_t error = server_self(&hostlink->self);
	if (error == ERROR_OK)
		error = path_register("/svc/hostlink", PROTOCOL_HOSTLINK,
		                      item_badge(hostlink->self, RIGHT_SEND, BADGE(PROTOCOL_HOSTLINK, 0)));
	if (error != ERROR_OK) return error;
	device_start(hostlink);
	power_start(hostlink);
	log_forward_start(&hostlink->log, signal_item(hostlink, SIGNAL_LOG));
	hostlink->next_hello = time_now();
	hostlink_run(hostlink);
	return parent_ready(start_parent());
}

int main(void) {
	static struct hostlink hostlink;
	const struct server_protocol protocols[] = {
		{
			.number = PROTOCOL_HOSTLINK,
			.dispatch = hostlink_dispatch,
			.handlers = &hostlink_handlers,
			.context = &hostlink,
		},
		{
			.number = PROTOCOL_STREAM,
			.dispatch = stream_dispatch,
			.handlers = &hostlink_stream_handlers,
			.context = &hostlink,
		},
	};
	hostlink.server = (struct server){
		.protocols = protocols,
		.protocol_count = sizeof protocols / sizeof protocols[0],
		.context = &hostlink,
		.signal = hostlink_signal,
		.timeout = hostlink_timeout,
		.capability_window = 1,
	};
	error_t error = hostlink_start(&hostlink);
	if (error != ERROR_OK) {
		log_print(LOG_LEVEL_ERROR, "it cannot start: %s", error_text(error));
		return (int)error; /* the parent reads it as an error_t */
	}
	server_run(&hostlink.server);
}
