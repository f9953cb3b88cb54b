/* SPDX-License-Identifier: MIT */
/*
 * Header blocks: see ustar.h. Offsets and lengths are POSIX's.
 */
#include "ustar.h"

#include <string.h>

#define NAME_OFFSET     0u
#define NAME_SIZE       100u
#define SIZE_OFFSET     124u
#define SIZE_SIZE       12u
#define TIME_OFFSET     136u
#define TIME_SIZE       12u
#define CHECKSUM_OFFSET 148u
#define CHECKSUM_SIZE   8u
#define TYPE_OFFSET     156u
#define MAGIC_OFFSET    257u
#define PREFIX_OFFSET   345u
#define PREFIX_SIZE     155u

/* Octal digits up to a blank, a NUL or the end of the field. 0 if there are none, or others. */
static int parse_octal(const uint8_t *field, unsigned int size, uint64_t *number) {
	uint64_t value = 0;
	unsigned int at = 0;
	while (at < size && field[at] == ' ') at++;
	unsigned int first = at;
	for (; at < size && field[at] >= '0' && field[at] <= '7'; at++)
		value = value << 3 | (uint64_t)(field[at] - '0');
	if (at == first || (at < size && field[at] != ' ' && field[at] != 0)) return 0;
	*number = value;
	return 1;
}

/* The sum of all bytes, those of the checksum itself taken for blanks. */
static uint64_t block_sum(const uint8_t *block) {
	uint64_t sum = 0;
	for (unsigned int i = 0; i < USTAR_BLOCK; i++) {
		int own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_SIZE;
		sum += own ? ' ' : block[i];
	}
	return sum;
}

static int is_zero(const uint8_t *block) {
	for (unsigned int i = 0; i < USTAR_BLOCK; i++) {
		if (block[i] != 0) return 0;
	}
	return 1;
}

static void join_path(const uint8_t *block, char *path) {
	size_t prefix = strnlen((const char *)block + PREFIX_OFFSET, PREFIX_SIZE);
	size_t name = strnlen((const char *)block + NAME_OFFSET, NAME_SIZE);
	memcpy(path, block + PREFIX_OFFSET, prefix);
	if (prefix > 0) path[prefix++] = '/';
	memcpy(path + prefix, block + NAME_OFFSET, name);
	path[prefix + name] = 0;
}

enum ustar_result ustar_parse(const uint8_t block[USTAR_BLOCK], struct ustar_header *header) {
	uint64_t sum, size, time;
	if (is_zero(block)) return USTAR_ZERO;
	if (memcmp(block + MAGIC_OFFSET, "ustar", 5) != 0 ||
	    !parse_octal(block + CHECKSUM_OFFSET, CHECKSUM_SIZE, &sum) || sum != block_sum(block))
		return USTAR_NOT_A_HEADER;
	if (!parse_octal(block + SIZE_OFFSET, SIZE_SIZE, &size) || !parse_octal(block + TIME_OFFSET, TIME_SIZE, &time))
		return USTAR_BAD_NUMBER;
	join_path(block, header->path);
	header->type = (char)block[TYPE_OFFSET];
	header->size = size;
	header->modified = (int64_t)time;
	return USTAR_HEADER;
}
