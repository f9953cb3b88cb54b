/* SPDX-License-Identifier: MIT */
/*
 * The archive. Read archive.h first.
 */
#include "archive.h"

#include <string.h>

#define BLOCK         512u
#define NAME_OFFSET   0u
#define NAME_BYTES    100u
#define SIZE_OFFSET   124u
#define SIZE_DIGITS   11u
#define SUM_OFFSET    148u
#define SUM_BYTES     8u
#define SUM_DIGITS    6u
#define TYPE_OFFSET   156u
#define MAGIC_OFFSET  257u
#define PREFIX_OFFSET 345u
#define PREFIX_BYTES  155u
#define TYPE_REGULAR  '0'

/* False if there is anything but octal digits, ended by NUL or a blank. */
static int octal_read(const unsigned char *bytes, unsigned int digits, uint64_t *number) {
	unsigned int at = 0;

	*number = 0;
	while (at < digits && bytes[at] >= '0' && bytes[at] <= '7')
		*number = *number * 8 + (uint64_t)(bytes[at++] - '0');
	return at > 0 && (at == digits || bytes[at] == '\0' || bytes[at] == ' ');
}

/* The sum of all bytes of a header, with blanks where it is itself. */
static int header_is_whole(const unsigned char *header) {
	uint64_t stated;
	uint64_t sum = 0;

	for (unsigned int at = 0; at < BLOCK; at++)
		sum += at >= SUM_OFFSET && at < SUM_OFFSET + SUM_BYTES ? ' ' : header[at];
	return memcmp(header + MAGIC_OFFSET, "ustar", sizeof("ustar")) == 0 &&
	       octal_read(header + SUM_OFFSET, SUM_DIGITS, &stated) && sum == stated;
}

static int block_is_zero(const unsigned char *block) {
	for (unsigned int at = 0; at < BLOCK; at++) {
		if (block[at]) return 0;
	}
	return 1;
}

static struct piece field(const unsigned char *header, unsigned int offset, size_t most) {
	const char *bytes = (const char *)header + offset;

	return (struct piece){bytes, strnlen(bytes, most)};
}

/* Compares "/path" with "prefix/name" or "name". */
static int header_names(const unsigned char *header, struct piece path) {
	struct piece prefix = field(header, PREFIX_OFFSET, PREFIX_BYTES);
	struct piece name = field(header, NAME_OFFSET, NAME_BYTES);

	if (prefix.size > 0) {
		if (path.size < prefix.size + 2 || path.bytes[prefix.size + 1] != '/' ||
		    memcmp(path.bytes + 1, prefix.bytes, prefix.size) != 0)
			return 0;
		path.bytes += prefix.size + 1;
		path.size -= prefix.size + 1;
	}
	return path.size == name.size + 1 && path.bytes[0] == '/' && memcmp(path.bytes + 1, name.bytes, name.size) == 0;
}

enum archive_result archive_find(const struct archive *archive, struct piece path, struct archive_file *file) {
	uint64_t at = 0;

	for (;;) {
		const unsigned char *header = archive->bytes + at;
		uint64_t size;

		if (at > archive->size || archive->size - at < BLOCK) return ARCHIVE_CUT;
		if (block_is_zero(header)) return ARCHIVE_NOT_FOUND;
		if (!header_is_whole(header) || !octal_read(header + SIZE_OFFSET, SIZE_DIGITS, &size))
			return ARCHIVE_BROKEN;
		at += BLOCK;
		if (size > archive->size - at) return ARCHIVE_CUT;
		if (header[TYPE_OFFSET] == TYPE_REGULAR && header_names(header, path)) {
			*file = (struct archive_file){.offset = at, .size = size};
			return ARCHIVE_FOUND;
		}
		at += (size + BLOCK - 1) / BLOCK * BLOCK;
	}
}

const char *archive_result_text(enum archive_result result) {
	switch (result) {
	case ARCHIVE_FOUND: return "found";
	case ARCHIVE_NOT_FOUND: return "no such file in the root file system";
	case ARCHIVE_BROKEN: return "the root file system archive is damaged: build the image again";
	default: return "the root file system archive is cut short: build or copy the image again";
	}
}
