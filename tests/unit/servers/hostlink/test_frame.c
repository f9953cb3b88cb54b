/* SPDX-License-Identifier: MIT */
/*
 * Frames against the vectors of docs/host-link.md, section 5, which are read from the document
 * itself.
 */
#include <stdio.h>
#include <string.h>

#include "../suite.h"
#include "checksum.h"
#include "cobs.h"
#include "frame.h"

static const uint8_t guest_hello[] = "\1\0\1\0\4\0\0\0\0\x10\0\0\3\0\0\0nacre 0.1.0";
static const uint8_t host_hello[] = "\1\0\1\0\x40\0\0\0\0\x10\0\0\7\0\0\0nacre host";
static const uint8_t error[] = "\3\0"
			       "frame 4 after 2";
static const uint8_t text[] = "echo hi; false\n";
static const uint8_t output[] = "hi\n\0";
static const uint8_t status[] = "\1\0\0\0\0\0\0\0\x60\xe3\x16\0\0\0\0\0"
				"echo hi";
static const uint8_t done[] = "\1\0\0\0\2\0\0\0\1\0\0";
static const uint8_t record[] = "\1\x94\x35\x77\0\0\0\0\2\5pagerlow on memory";
static const uint8_t power_off[] = "\1\0\0";
static uint8_t long_output[300];

/* In the document's order. Strings end with a NUL that counts where the payload ends with zero. */
static const struct frame frames[] = {
	{0, CONTROL_HELLO, 0, 0, guest_hello, sizeof guest_hello - 1},
	{0, CONTROL_HELLO, 0, 0, host_hello, sizeof host_hello - 1},
	{0, CONTROL_ACK, 0, 258, NULL, 0},
	{0, CONTROL_ERROR, 0, 2, error, sizeof error - 1},
	{0, CONTROL_READY, 1, 0, NULL, 0},
	{1, COMMAND_TEXT, 1, 1, text, sizeof text - 1},
	{1, COMMAND_RUN, 2, 1, NULL, 0},
	{1, COMMAND_STDOUT, 2, 2, output, sizeof output},
	{1, COMMAND_STATUS, 3, 2, status, sizeof status - 1},
	{1, COMMAND_DONE, 5, 2, done, sizeof done},
	{2, LOG_RECORD, 6, 2, record, sizeof record - 1},
	{0, CONTROL_POWEROFF, 3, 6, power_off, sizeof power_off},
	{1, COMMAND_STDOUT, 7, 3, long_output, sizeof long_output},
};
#define FRAMES (sizeof frames / sizeof frames[0])

static uint8_t vectors[FRAMES][FRAME_ENCODED_MAX + 1];
static size_t vector_sizes[FRAMES];

/* The rows of the document's last table: | what | `hexadecimal` | */
static void given_the_vectors(void) {
	static char row[16384];
	size_t count = 0;
	int in_section = 0;
	FILE *document = fopen(VECTORS, "r");
	ck_assert_ptr_nonnull(document);
	while (fgets(row, sizeof row, document)) {
		char *end = strrchr(row, '`');
		in_section |= strncmp(row, "## 5. Vectors", 13) == 0;
		if (!in_section || row[0] != '|' || !end) continue;
		*end = 0;
		const char *at = strrchr(row, '`') + 1;
		ck_assert_uint_lt(count, FRAMES);
		for (unsigned int byte; sscanf(at, "%2x", &byte) == 1; at += 2)
			vectors[count][vector_sizes[count]++] = (uint8_t)byte;
		count++;
	}
	fclose(document);
	ck_assert_uint_eq(count, FRAMES);
	for (size_t i = 0; i < sizeof long_output; i++) long_output[i] = (uint8_t)(i % 255 + 1);
}

static enum frame_result read_bytes(struct frame_reader *reader, const uint8_t *bytes, size_t count,
                                    struct frame *frame) {
	enum frame_result result = FRAME_NONE;
	for (size_t i = 0; i < count; i++) {
		result = frame_read(reader, bytes[i], frame);
		if (i + 1 < count) ck_assert_int_eq(result, FRAME_NONE);
	}
	return result;
}

START_TEST(every_vector_is_what_its_frame_encodes_to) {
	uint8_t encoded[FRAME_ENCODED_MAX + 1];
	given_the_vectors();
	for (size_t i = 0; i < FRAMES; i++) {
		size_t count = frame_encode(&frames[i], encoded);
		ck_assert_uint_eq(count, vector_sizes[i]);
		ck_assert_mem_eq(encoded, vectors[i], count);
	}
}
END_TEST

START_TEST(every_vector_decodes_to_its_frame) {
	static struct frame_reader reader;
	struct frame frame;
	given_the_vectors();
	for (size_t i = 0; i < FRAMES; i++) {
		ck_assert_int_eq(read_bytes(&reader, vectors[i], vector_sizes[i], &frame), FRAME_COMPLETE);
		ck_assert_uint_eq(frame.channel, frames[i].channel);
		ck_assert_uint_eq(frame.kind, frames[i].kind);
		ck_assert_uint_eq(frame.sequence, frames[i].sequence);
		ck_assert_uint_eq(frame.acknowledged, frames[i].acknowledged);
		ck_assert_uint_eq(frame.count, frames[i].count);
		if (frame.count > 0) ck_assert_mem_eq(frame.payload, frames[i].payload, frame.count);
	}
}
END_TEST

START_TEST(any_changed_byte_makes_a_vector_bad) {
	static struct frame_reader reader;
	struct frame frame;
	given_the_vectors();
	for (size_t i = 0; i < FRAMES; i++) {
		for (size_t at = 0; at + 1 < vector_sizes[i]; at++) {
			uint8_t bytes[FRAME_ENCODED_MAX + 1];
			memcpy(bytes, vectors[i], vector_sizes[i]);
			bytes[at] = (uint8_t)(bytes[at] ^ 0x80);
			if (bytes[at] == 0) continue;
			ck_assert_int_gt(read_bytes(&reader, bytes, vector_sizes[i], &frame), FRAME_COMPLETE);
		}
	}
}
END_TEST

START_TEST(the_checksum_is_the_usual_one) {
	ck_assert_uint_eq(checksum((const uint8_t *)"123456789", 9), 0xcbf43926);
	ck_assert_uint_eq(checksum(NULL, 0), 0);
}
END_TEST

START_TEST(the_longest_frame_fits_and_one_byte_more_is_bad) {
	static uint8_t payload[FRAME_PAYLOAD_MAX], encoded[FRAME_ENCODED_MAX + 1];
	static struct frame_reader reader;
	struct frame frame = {1, 1, 1, 0, payload, sizeof payload};
	memset(payload, 0xaa, sizeof payload);
	size_t count = frame_encode(&frame, encoded);
	ck_assert_int_eq(read_bytes(&reader, encoded, count, &frame), FRAME_COMPLETE);
	ck_assert_uint_eq(frame.count, FRAME_PAYLOAD_MAX);
	for (size_t i = 0; i < FRAME_ENCODED_MAX + 1; i++) ck_assert_int_eq(frame_read(&reader, 1, &frame), FRAME_NONE);
	ck_assert_int_eq(frame_read(&reader, 0, &frame), FRAME_BAD_FORM);
	ck_assert_int_eq(read_bytes(&reader, encoded, count, &frame), FRAME_COMPLETE);
}
END_TEST

START_TEST(empty_frames_are_ignored_and_short_ones_are_bad) {
	static struct frame_reader reader;
	struct frame frame;
	ck_assert_int_eq(frame_read(&reader, 0, &frame), FRAME_NONE);
	ck_assert_int_eq(frame_read(&reader, 0, &frame), FRAME_NONE);
	ck_assert_int_eq(read_bytes(&reader, (const uint8_t *)"\3ab", 4, &frame), FRAME_BAD_FORM);
	ck_assert_int_eq(read_bytes(&reader,
	                            (const uint8_t *)"\x9a"
	                                             "b",
	                            3, &frame),
	                 FRAME_BAD_FORM);
}
END_TEST

START_TEST(stuffing_is_undone_for_runs_of_every_length) {
	uint8_t bytes[600], encoded[COBS_ENCODED_MAX(600)];
	for (size_t size = 0; size <= sizeof bytes; size++) {
		for (size_t zero = 0; zero <= size; zero += 1 + zero / 7) {
			memset(bytes, 0x11, sizeof bytes);
			if (zero < size) bytes[zero] = 0;
			size_t count = cobs_encode(bytes, size, encoded);
			ck_assert_uint_le(count, COBS_ENCODED_MAX(size));
			ck_assert_ptr_null(memchr(encoded, 0, count));
			ck_assert_int_eq(cobs_decode(encoded, &count), COBS_DECODED);
			ck_assert_uint_eq(count, size);
			ck_assert_mem_eq(encoded, bytes, size);
		}
	}
}
END_TEST

SUITE("hostlink_frame", every_vector_is_what_its_frame_encodes_to, every_vector_decodes_to_its_frame,
      any_changed_byte_makes_a_vector_bad, the_checksum_is_the_usual_one,
      the_longest_frame_fits_and_one_byte_more_is_bad, empty_frames_are_ignored_and_short_ones_are_bad,
      stuffing_is_undone_for_runs_of_every_length)
