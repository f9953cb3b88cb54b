/* SPDX-License-Identifier: MIT */
/*
 * Frames to bytes and back: see frame.h.
 */
#include "frame.h"

#include <string.h>

#include "checksum.h"
#include "cobs.h"
#include "little_endian.h"

#define VERSION       1u
#define HEADER_SIZE   12u
#define CHECKSUM_SIZE 4u

_Static_assert(COBS_ENCODED_MAX(HEADER_SIZE + FRAME_PAYLOAD_MAX + CHECKSUM_SIZE) == FRAME_ENCODED_MAX,
               "docs/host-link.md, section 1");

size_t frame_encode(const struct frame *frame, uint8_t encoded[FRAME_ENCODED_MAX + 1]) {
	uint8_t bytes[HEADER_SIZE + FRAME_PAYLOAD_MAX + CHECKSUM_SIZE] = {VERSION, frame->channel, frame->kind, 0};
	size_t count = HEADER_SIZE + frame->count;
	put_number(bytes + 4, 4, frame->sequence);
	put_number(bytes + 8, 4, frame->acknowledged);
	if (frame->count > 0) memcpy(bytes + HEADER_SIZE, frame->payload, frame->count);
	put_number(bytes + count, CHECKSUM_SIZE, checksum(bytes, count));
	count = cobs_encode(bytes, count + CHECKSUM_SIZE, encoded);
	encoded[count++] = 0;
	return count;
}

static enum frame_result frame_decode(uint8_t *bytes, size_t count, struct frame *frame) {
	if (cobs_decode(bytes, &count) != COBS_DECODED || count < HEADER_SIZE + CHECKSUM_SIZE) return FRAME_BAD_FORM;
	count -= CHECKSUM_SIZE;
	if (get_number(bytes + count, CHECKSUM_SIZE) != checksum(bytes, count)) return FRAME_BAD_CHECKSUM;
	if (bytes[0] != VERSION || bytes[3] != 0) return FRAME_BAD_FORM;
	*frame = (struct frame){
		.channel = bytes[1],
		.kind = bytes[2],
		.sequence = (uint32_t)get_number(bytes + 4, 4),
		.acknowledged = (uint32_t)get_number(bytes + 8, 4),
		.payload = bytes + HEADER_SIZE,
		.count = count - HEADER_SIZE,
	};
	return FRAME_COMPLETE;
}

enum frame_result frame_read(struct frame_reader *reader, uint8_t byte, struct frame *frame) {
	size_t count = reader->count;
	if (byte != 0) {
		if (count < sizeof reader->bytes) reader->bytes[count] = byte;
		if (count <= sizeof reader->bytes) reader->count++;
		return FRAME_NONE;
	}
	reader->count = 0;
	if (count == 0) return FRAME_NONE;
	if (count > sizeof reader->bytes) return FRAME_BAD_FORM;
	return frame_decode(reader->bytes, count, frame);
}
