/* SPDX-License-Identifier: MIT */
/*
 * Text in a buffer that is put together piece by piece. What does not fit is cut off.
 *
 * Root has no memory allocator and no stdio: there is nobody below it to ask for memory.
 */
#ifndef ROOT_TEXT_H
#define ROOT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_BYTES 256u

struct text {
	char bytes[TEXT_BYTES]; /* not ended by NUL */
	size_t size;
};

/* A piece of text that somebody else keeps. */
struct piece {
	const char *bytes;
	size_t size;
};

struct piece piece_of(const char *string);
int piece_is(struct piece piece, const char *string);
int piece_equal(struct piece a, struct piece b);
/* If @piece starts with @prefix: true, and the rest in *@rest. */
int piece_after(struct piece piece, const char *prefix, struct piece *rest);

void text_string(struct text *text, const char *string);
void text_piece(struct text *text, struct piece piece);
void text_decimal(struct text *text, uint64_t number);
void text_hex(struct text *text, uint64_t number); /* with 0x */

#endif
