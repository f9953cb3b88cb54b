/* SPDX-License-Identifier: MIT */
/*
 * The hostlink server's parts, and how they are tied together.
 */
#ifndef NACRE_HOSTLINK_HOSTLINK_H
#define NACRE_HOSTLINK_HOSTLINK_H

#include <nacre/protocol/hostlink_server.h>
#include <nacre/protocol/stream_server.h>
#include <nacre/uart_device.h>

#include "link.h"
#include "log_forward.h"
#include "writer.h"

/* Bits of the server's signal word. */
#define SIGNAL_DEVICE 1u
#define SIGNAL_LOG    2u
#define SIGNAL_POWER  4u

#define HOSTLINK_INPUT_SIZE  8192u
#define HOSTLINK_OUTPUT_SIZE 16384u /* several of the longest frames */

enum leaving {
	LEAVING_NO,
	LEAVING_ASKED, /* the machine goes off; the host is yet to be told */
	LEAVING_TOLD,  /* POWEROFF is on its way; all of it is to leave the device */
};

struct hostlink {
	struct server server;
	capability_t self;
	struct uart_device device;
	int present; /* there is a device */
	struct byte_queue input;
	struct byte_queue output;
	uint8_t input_bytes[HOSTLINK_INPUT_SIZE];
	uint8_t output_bytes[HOSTLINK_OUTPUT_SIZE];
	struct link link;
	uint64_t next_hello; /* kernel time; while there is no session */

	struct delayed_reply shell;  /* held while the shell waits for a script */
	struct delayed_reply report; /* held while it waits for room for results */
	struct writer *writers;      /* streams' clients that wait for room */
	struct log_forward log;

	capability_t power;
	uint64_t power_watch;
	enum leaving leaving;
};

extern const struct hostlink_handlers hostlink_handlers;
extern const struct stream_handlers hostlink_stream_handlers;
extern const struct link_handler hostlink_link_handler; /* without its context */

/* Carries on with everything that can go on: device, session, log, writers, leave-taking. */
void hostlink_run(struct hostlink *hostlink);

/* For struct server. */
void hostlink_signal(void *context, uint64_t bits);
void hostlink_timeout(void *context);

#endif
