/* SPDX-License-Identifier: MIT */
/*
 * Text in a buffer. Read text.h first.
 */
#include "text.h"

#include <string.h>

#define DIGITS_MOST 20u /* of a 64-bit number */

struct piece piece_of(const char *string) {
	return (struct piece){string, strlen(string)};
}

int piece_equal(struct piece a, struct piece b) { return a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0; }

int piece_is(struct piece piece, const char *string) { return piece_equal(piece, piece_of(string)); }

int piece_after(struct piece piece, const char *prefix, struct piece *rest) {
	size_t size = strlen(prefix);

	if (piece.size < size || memcmp(piece.bytes, prefix, size) != 0) return 0;
	*rest = (struct piece){piece.bytes + size, piece.size - size};
	return 1;
}

void text_piece(struct text *text, struct piece piece) {
	size_t room = sizeof(text->bytes) - text->size;

	if (piece.size > room) piece.size = room;
	memcpy(text->bytes + text->size, piece.bytes, piece.size);
	text->size += piece.size;
}

void text_string(struct text *text, const char *string) { text_piece(text, piece_of(string)); }

static void text_number(struct text *text, uint64_t number, unsigned int base) {
	char digits[DIGITS_MOST];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number > 0);
	text_piece(text, (struct piece){digits + at, sizeof(digits) - at});
}

void text_decimal(struct text *text, uint64_t number) { text_number(text, number, 10); }

void text_hex(struct text *text, uint64_t number) {
	text_string(text, "0x");
	text_number(text, number, 16);
}
