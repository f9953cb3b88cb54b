/* SPDX-License-Identifier: MIT */
/*
 * Sessions: what arrives and what it changes. See link.h; sending is in send.c.
 */
#include "link.h"

#include <stdio.h>
#include <string.h>

#include "hello.h"
#include "little_endian.h"
#include "sequence.h"

void link_initialize(struct link *link, struct link_handler handler) {
	*link = (struct link){.handler = handler, .hello_due = 1};
}

/* Drops all that belonged to a session. */
static void session_reset(struct link *link) {
	outbox_clear(&link->outbox);
	script_clear(&link->coming);
	link->sent = 0;
	link->acknowledged = 0;
	link->received = 0;
	link->told = 0;
	link->shell = LINK_SHELL_ABSENT;
}

/* Ends the session: the host is told why, and is looked for again. */
static void session_fail(struct link *link, enum link_error code, const char *text) {
	session_reset(link);
	link->state = LINK_SEEKING;
	link->error_code = (uint16_t)code;
	snprintf(link->error_text, sizeof link->error_text, "%s", text);
	link->handler.changed(link->handler.context);
}

static void session_begin(struct link *link, const struct hello *hello) {
	session_reset(link);
	link->state = LINK_UP;
	link->window = hello->window;
	link->payload_limit = hello->payload_limit;
	link->channels = hello->channels;
	link->handler.changed(link->handler.context);
}

void link_tick(struct link *link) {
	if (link->state == LINK_SEEKING) link->hello_due = 1;
}

static void take_text(struct link *link, const struct frame *frame) {
	char text[64];
	if (link->shell == LINK_SHELL_ABSENT) {
		session_fail(link, LINK_ERROR_STATE, "TEXT before READY");
		return;
	}
	if (script_append(&link->coming, frame->payload, frame->count) != ERROR_OK) {
		snprintf(text, sizeof text, "a script may have %lu bytes at most", (unsigned long)SCRIPT_LIMIT);
		session_fail(link, LINK_ERROR_PAYLOAD, text);
	}
}

static void take_run(struct link *link, const struct frame *frame) {
	if (frame->count != 0) {
		session_fail(link, LINK_ERROR_PAYLOAD, "RUN with a payload");
	} else if (link->shell != LINK_SHELL_READY) {
		session_fail(link, LINK_ERROR_STATE,
		             link->shell == LINK_SHELL_RUNS ? "RUN while a script runs" : "RUN before READY");
	} else {
		script_clear(&link->running);
		link->running = link->coming;
		link->coming = (struct script){0};
		link->shell = LINK_SHELL_RUNS;
		link->handler.run(link->handler.context);
	}
}

static void take_power_off(struct link *link, const struct frame *frame) {
	if (frame->count != 4)
		session_fail(link, LINK_ERROR_PAYLOAD, "POWEROFF without a status of 4 bytes");
	else
		link->handler.power_off(link->handler.context, (int32_t)get_number(frame->payload, 4));
}

static void take_numbered(struct link *link, const struct frame *frame) {
	char text[64];
	if (frame->sequence != sequence_after(link->received)) {
		snprintf(text, sizeof text, "frame %lu after %lu", (unsigned long)frame->sequence,
		         (unsigned long)link->received);
		session_fail(link, LINK_ERROR_SEQUENCE, text);
		return;
	}
	link->received = frame->sequence;
	if (sequence_distance(link->told, link->received) > LINK_WINDOW) {
		session_fail(link, LINK_ERROR_WINDOW, "more frames in flight than allowed");
		return;
	}
	if (frame->channel == CHANNEL_COMMAND && frame->kind == COMMAND_TEXT)
		take_text(link, frame);
	else if (frame->channel == CHANNEL_COMMAND && frame->kind == COMMAND_RUN)
		take_run(link, frame);
	else if (frame->channel == CHANNEL_CONTROL && frame->kind == CONTROL_POWEROFF)
		take_power_off(link, frame);
	else
		session_fail(link, LINK_ERROR_UNKNOWN, "a channel or kind that is not known here");
}

static void take_acknowledgement(struct link *link, uint32_t number) {
	uint32_t in_flight = sequence_distance(link->acknowledged, link->sent);
	if (number == 0 && link->acknowledged == 0) return;
	if (number == 0 || sequence_distance(link->acknowledged, number) > in_flight)
		session_fail(link, LINK_ERROR_SEQUENCE, "a frame was acknowledged that is not in flight");
	else
		link->acknowledged = number;
}

static void take_hello(struct link *link, const struct frame *frame) {
	struct hello hello;
	if (link->state == LINK_UP || hello_decode(frame->payload, frame->count, &hello) != ERROR_OK) return;
	if (hello_has_our_version(&hello)) session_begin(link, &hello);
}

/* The host gave the session up. It is not told why: it knows. */
static void take_error(struct link *link) {
	session_reset(link);
	link->state = LINK_SEEKING;
	link->handler.changed(link->handler.context);
}

static void take_frame(struct link *link, const struct frame *frame) {
	int numbered = frame_is_numbered(frame->channel, frame->kind);
	if (frame->channel == CHANNEL_CONTROL && frame->kind == CONTROL_HELLO) {
		take_hello(link, frame);
		return;
	}
	if (link->state != LINK_UP) return;
	take_acknowledgement(link, frame->acknowledged);
	if (link->state != LINK_UP) return;
	if (!numbered && frame->sequence != 0)
		session_fail(link, LINK_ERROR_SEQUENCE, "a number on a frame that has none");
	else if (numbered)
		take_numbered(link, frame);
	else if (frame->kind == CONTROL_ERROR)
		take_error(link);
	else if (frame->kind != CONTROL_ACK)
		session_fail(link, LINK_ERROR_UNKNOWN, "a kind that is not known here");
}

void link_receive(struct link *link, struct byte_queue *input) {
	struct frame frame;
	uint8_t byte;
	while (byte_queue_take(input, &byte, 1) == 1) {
		enum frame_result result = frame_read(&link->reader, byte, &frame);
		if (result == FRAME_COMPLETE)
			take_frame(link, &frame);
		else if (link->state == LINK_UP && result == FRAME_BAD_CHECKSUM)
			session_fail(link, LINK_ERROR_CHECKSUM, "the checksum is wrong");
		else if (link->state == LINK_UP && result == FRAME_BAD_FORM)
			session_fail(link, LINK_ERROR_FRAME, "not a frame");
	}
}
