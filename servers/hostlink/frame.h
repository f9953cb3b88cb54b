/* SPDX-License-Identifier: MIT */
/*
 * Frames: header, payload, checksum; and the reader that finds them among bytes.
 *
 * Owns the layout of docs/host-link.md, section 1, and the numbers of section 3. Knows nothing of
 * when a frame is allowed (link.h).
 */
#ifndef NACRE_HOSTLINK_FRAME_H
#define NACRE_HOSTLINK_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_PAYLOAD_MAX 4096u
#define FRAME_ENCODED_MAX 4129u /* without the closing zero */

enum frame_channel {
	CHANNEL_CONTROL = 0,
	CHANNEL_COMMAND = 1,
	CHANNEL_LOG = 2,
	CHANNEL_TRACE = 3,
	CHANNEL_GDB = 4,
};

enum control_kind {
	CONTROL_HELLO = 1,
	CONTROL_ACK = 2,
	CONTROL_ERROR = 3,
	CONTROL_READY = 4,
	CONTROL_POWEROFF = 5,
};

enum command_kind {
	COMMAND_TEXT = 1,
	COMMAND_RUN = 2,
	COMMAND_STDOUT = 0x81,
	COMMAND_STDERR = 0x82,
	COMMAND_STATUS = 0x83,
	COMMAND_DONE = 0x84,
};

enum log_kind {
	LOG_RECORD = 1,
};

/* What an ERROR frame complains of. */
enum link_error {
	LINK_ERROR_VERSION = 1,
	LINK_ERROR_CHECKSUM = 2,
	LINK_ERROR_SEQUENCE = 3,
	LINK_ERROR_FRAME = 4,
	LINK_ERROR_UNKNOWN = 5,
	LINK_ERROR_WINDOW = 6,
	LINK_ERROR_PAYLOAD = 7,
	LINK_ERROR_STATE = 8,
};

struct frame {
	uint8_t channel;
	uint8_t kind;
	uint32_t sequence;
	uint32_t acknowledged;
	const uint8_t *payload;
	size_t count; /* bytes of the payload */
};

/* HELLO, ACK and ERROR have no number and cost no window. */
static inline int frame_is_numbered(uint8_t channel, uint8_t kind) {
	return channel != CHANNEL_CONTROL || kind > CONTROL_ERROR;
}

/* Writes the frame as it travels, closing zero included; returns how many bytes those are. */
size_t frame_encode(const struct frame *frame, uint8_t encoded[FRAME_ENCODED_MAX + 1]);

struct frame_reader {
	uint8_t bytes[FRAME_ENCODED_MAX];
	size_t count; /* bytes since the last zero, though no more than fit are kept */
};

enum frame_result {
	FRAME_NONE, /* the byte does not end a frame */
	FRAME_COMPLETE,
	FRAME_BAD_CHECKSUM,
	FRAME_BAD_FORM, /* not COBS, too long or short, another version, unknown flags */
};

/* Takes the next byte. A complete frame's payload stays valid until the next call. */
enum frame_result frame_read(struct frame_reader *reader, uint8_t byte, struct frame *frame);

#endif
