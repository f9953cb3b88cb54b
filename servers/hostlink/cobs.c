/* SPDX-License-Identifier: MIT */
/*
 * Byte stuffing both ways: see cobs.h.
 */
#include "cobs.h"

#include <string.h>

#define LONGEST_RUN 254u

size_t cobs_encode(const uint8_t *bytes, size_t count, uint8_t *encoded) {
	size_t code = 0, next = 1; /* where this run's code goes, and the next byte */
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] != 0) encoded[next++] = bytes[i];
		if (bytes[i] == 0 || next - code == LONGEST_RUN + 1) {
			encoded[code] = (uint8_t)(next - code);
			code = next++;
		}
	}
	encoded[code] = (uint8_t)(next - code);
	return next;
}

enum cobs_result cobs_decode(uint8_t *bytes, size_t *count) {
	size_t from = 0, to = 0;
	while (from < *count) {
		size_t run = (size_t)bytes[from] - 1;
		if (bytes[from] == 0 || run > *count - from - 1) return COBS_BAD;
		if (memchr(bytes + from + 1, 0, run)) return COBS_BAD;
		memmove(bytes + to, bytes + from + 1, run);
		from += run + 1;
		to += run;
		if (run < LONGEST_RUN && from < *count) bytes[to++] = 0;
	}
	*count = to;
	return COBS_DECODED;
}
