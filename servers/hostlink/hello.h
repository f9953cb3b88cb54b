/* SPDX-License-Identifier: MIT */
/*
 * HELLO: who is there, and what it takes.
 */
#ifndef NACRE_HOSTLINK_HELLO_H
#define NACRE_HOSTLINK_HELLO_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>

#define HELLO_VERSION 1u
#define HELLO_SIZE    16u /* without the name */

struct hello {
	uint16_t version_lowest;
	uint16_t version_highest;
	uint16_t window;
	uint32_t payload_limit;
	uint32_t channels;
};

/* Writes HELLO_SIZE bytes; the name follows them. */
void hello_encode(const struct hello *hello, uint8_t bytes[HELLO_SIZE]);

/* argument if it is too short or a field is out of range. */
NACRE_MUST_CHECK error_t hello_decode(const uint8_t *bytes, size_t count, struct hello *hello);

static inline int hello_has_our_version(const struct hello *hello) {
	return hello->version_lowest <= HELLO_VERSION && HELLO_VERSION <= hello->version_highest;
}

#endif
