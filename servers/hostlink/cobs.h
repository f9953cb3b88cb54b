/* SPDX-License-Identifier: MIT */
/*
 * Consistent overhead byte stuffing: bytes without zeros, so that a zero can end a frame.
 *
 * Owns the encoding alone; frame.h owns what is inside. Read docs/host-link.md, section 1, first.
 */
#ifndef NACRE_HOSTLINK_COBS_H
#define NACRE_HOSTLINK_COBS_H

#include <stddef.h>
#include <stdint.h>

#define COBS_ENCODED_MAX(count) ((count) + (count) / 254 + 1)

/* Writes @count bytes encoded, without a closing zero, to @encoded; returns how many those are. */
size_t cobs_encode(const uint8_t *bytes, size_t count, uint8_t *encoded);

enum cobs_result {
	COBS_DECODED,
	COBS_BAD, /* not something that cobs_encode() makes */
};

/* Decodes in place; @count becomes the number of bytes decoded. */
enum cobs_result cobs_decode(uint8_t *bytes, size_t *count);

#endif
