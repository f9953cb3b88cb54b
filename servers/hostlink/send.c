/* SPDX-License-Identifier: MIT */
/*
 * Sessions: what goes out. See link.h; receiving is in link.c.
 */
#include <string.h>

#include "hello.h"
#include "link.h"
#include "little_endian.h"
#include "sequence.h"

#ifndef NACRE_VERSION
#error "the build gives NACRE_VERSION, the project's version as a string"
#endif

#define NAME "nacre " NACRE_VERSION

#define STATUS_FIXED 16u /* bytes of STATUS before its text */
#define RECORD_FIXED 10u /* bytes of RECORD before its texts */

static void put_frame(struct link *link, struct byte_queue *output, struct frame frame) {
	uint8_t encoded[FRAME_ENCODED_MAX + 1];
	frame.acknowledged = link->received;
	link->told = link->received;
	size_t count = frame_encode(&frame, encoded);
	byte_queue_put(output, encoded, count);
}

static void put_unnumbered(struct link *link, struct byte_queue *output, enum control_kind kind, const uint8_t *payload,
                           size_t count) {
	struct frame frame = {.kind = (uint8_t)kind, .payload = payload, .count = count};
	put_frame(link, output, frame);
}

/* The zero before it ends whatever noise the host may have seen so far. */
static void put_hello(struct link *link, struct byte_queue *output) {
	uint8_t payload[HELLO_SIZE + sizeof NAME - 1];
	struct hello hello = {
		.version_lowest = HELLO_VERSION,
		.version_highest = HELLO_VERSION,
		.window = LINK_WINDOW,
		.payload_limit = FRAME_PAYLOAD_MAX,
		.channels = 1u << CHANNEL_CONTROL | 1u << CHANNEL_COMMAND,
	};
	hello_encode(&hello, payload);
	memcpy(payload + HELLO_SIZE, NAME, sizeof NAME - 1);
	byte_queue_put(output, "", 1);
	put_unnumbered(link, output, CONTROL_HELLO, payload, sizeof payload);
	link->hello_due = 0;
}

static void put_error(struct link *link, struct byte_queue *output) {
	uint8_t payload[2 + sizeof link->error_text];
	size_t length = strlen(link->error_text);
	put_number(payload, 2, link->error_code);
	memcpy(payload + 2, link->error_text, length);
	put_unnumbered(link, output, CONTROL_ERROR, payload, 2 + length);
	link->error_code = 0;
}

static void put_first_message(struct link *link, struct byte_queue *output) {
	const struct outbox_message *message = link->outbox.first;
	struct frame frame = {
		.channel = message->channel,
		.kind = message->kind,
		.sequence = sequence_after(link->sent),
		.payload = message->payload,
		.count = message->count,
	};
	put_frame(link, output, frame);
	link->sent = frame.sequence;
	outbox_remove_first(&link->outbox);
}

/* Half of the window is used: the host may soon have to wait. */
static int acknowledgement_is_due(const struct link *link) {
	return sequence_distance(link->told, link->received) >= LINK_WINDOW / 2;
}

/* Puts the next frame that may go; 0 if none may. */
static int put_next(struct link *link, struct byte_queue *output) {
	if (link->error_code != 0)
		put_error(link, output);
	else if (link->state == LINK_SEEKING && link->hello_due)
		put_hello(link, output);
	else if (link->state == LINK_UP && link->outbox.first &&
	         sequence_distance(link->acknowledged, link->sent) < link->window)
		put_first_message(link, output);
	else if (link->state == LINK_UP && acknowledgement_is_due(link))
		put_unnumbered(link, output, CONTROL_ACK, NULL, 0);
	else
		return 0;
	return 1;
}

void link_send(struct link *link, struct byte_queue *output) {
	/* The longest frame, its closing zero, and the zero before a HELLO. */
	while (byte_queue_room(output) >= FRAME_ENCODED_MAX + 2) {
		if (!put_next(link, output)) return;
	}
}

int link_has_room(const struct link *link) { return link->outbox.bytes < LINK_OUTBOX_LIMIT; }

int link_takes(const struct link *link, enum frame_channel channel) {
	return link->state == LINK_UP && (channel == CHANNEL_CONTROL || (link->channels >> channel & 1));
}

/* A script outlives the session it came in; then nobody wants its results. */
static int script_is_wanted(const struct link *link) {
	return link->shell == LINK_SHELL_RUNS && link_takes(link, CHANNEL_COMMAND);
}

int link_is_quiet(const struct link *link) { return !link->outbox.first; }

error_t link_stream(struct link *link, enum command_kind kind, const uint8_t *bytes, size_t count) {
	while (count > 0 && script_is_wanted(link)) {
		size_t part = count < link->payload_limit ? count : link->payload_limit;
		error_t error =
			outbox_append(&link->outbox, CHANNEL_COMMAND, (uint8_t)kind, bytes, part, link->payload_limit);
		if (error != ERROR_OK) return error;
		bytes += part;
		count -= part;
	}
	return ERROR_OK;
}

static size_t cut(size_t length, size_t limit) { return length < limit ? length : limit; }

error_t link_status(struct link *link, uint32_t index, int32_t status, uint64_t elapsed, const char *text,
                    size_t length) {
	uint8_t payload[FRAME_PAYLOAD_MAX];
	if (!script_is_wanted(link)) return ERROR_OK;
	length = cut(length, link->payload_limit - STATUS_FIXED);
	put_number(payload, 4, index);
	put_number(payload + 4, 4, (uint32_t)status);
	put_number(payload + 8, 8, elapsed);
	memcpy(payload + STATUS_FIXED, text, length);
	return outbox_add(&link->outbox, CHANNEL_COMMAND, COMMAND_STATUS, payload, STATUS_FIXED + length);
}

error_t link_record(struct link *link, uint64_t time, uint32_t level, const char *source, size_t source_length,
                    const char *text, size_t text_length) {
	uint8_t payload[FRAME_PAYLOAD_MAX];
	if (!link_takes(link, CHANNEL_LOG)) return ERROR_OK;
	source_length = cut(source_length, 64);
	text_length = cut(text_length, link->payload_limit - RECORD_FIXED - source_length);
	put_number(payload, 8, time);
	payload[8] = (uint8_t)level;
	payload[9] = (uint8_t)source_length;
	memcpy(payload + RECORD_FIXED, source, source_length);
	memcpy(payload + RECORD_FIXED + source_length, text, text_length);
	return outbox_add(&link->outbox, CHANNEL_LOG, LOG_RECORD, payload, RECORD_FIXED + source_length + text_length);
}

error_t link_power_off(struct link *link, int32_t status) {
	uint8_t payload[4];
	if (link->state != LINK_UP) return ERROR_OK;
	put_number(payload, 4, (uint32_t)status);
	return outbox_add(&link->outbox, CHANNEL_CONTROL, CONTROL_POWEROFF, payload, sizeof payload);
}

error_t link_shell_ready(struct link *link) {
	if (link->state != LINK_UP || link->shell != LINK_SHELL_ABSENT) return ERROR_OK;
	error_t error = outbox_add(&link->outbox, CHANNEL_CONTROL, CONTROL_READY, NULL, 0);
	if (error == ERROR_OK) link->shell = LINK_SHELL_READY;
	return error;
}

error_t link_done(struct link *link, int32_t status, uint32_t commands, uint32_t failed) {
	uint8_t payload[12];
	if (link->shell != LINK_SHELL_RUNS) return ERROR_STATE;
	put_number(payload, 4, (uint32_t)status);
	put_number(payload + 4, 4, commands);
	put_number(payload + 8, 4, failed);
	error_t error = outbox_add(&link->outbox, CHANNEL_COMMAND, COMMAND_DONE, payload, sizeof payload);
	if (error == ERROR_OK) link->shell = LINK_SHELL_READY;
	return error;
}
