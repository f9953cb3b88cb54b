/* SPDX-License-Identifier: MIT */
/*
 * HELLO to bytes and back: docs/host-link.md, section 3.
 */
#include "hello.h"

#include "frame.h"
#include "little_endian.h"

#define PAYLOAD_LIMIT_LEAST 256u

void hello_encode(const struct hello *hello, uint8_t bytes[HELLO_SIZE]) {
	put_number(bytes, 2, hello->version_lowest);
	put_number(bytes + 2, 2, hello->version_highest);
	put_number(bytes + 4, 2, hello->window);
	put_number(bytes + 6, 2, 0);
	put_number(bytes + 8, 4, hello->payload_limit);
	put_number(bytes + 12, 4, hello->channels);
}

error_t hello_decode(const uint8_t *bytes, size_t count, struct hello *hello) {
	if (count < HELLO_SIZE) return ERROR_ARGUMENT;
	struct hello decoded = {
		.version_lowest = (uint16_t)get_number(bytes, 2),
		.version_highest = (uint16_t)get_number(bytes + 2, 2),
		.window = (uint16_t)get_number(bytes + 4, 2),
		.payload_limit = (uint32_t)get_number(bytes + 8, 4),
		.channels = (uint32_t)get_number(bytes + 12, 4),
	};
	if (decoded.window < 1 || get_number(bytes + 6, 2) != 0 || decoded.payload_limit < PAYLOAD_LIMIT_LEAST ||
	    decoded.payload_limit > FRAME_PAYLOAD_MAX || decoded.version_lowest > decoded.version_highest)
		return ERROR_ARGUMENT;
	*hello = decoded;
	return ERROR_OK;
}
