/* SPDX-License-Identifier: MIT */
/*
 * The root file system archive: finding files in it.
 *
 * Owns the reading of ustar headers (POSIX.1-2017, pax, "ustar Interchange Format") in memory, as far as root needs
 * it to start servers. Trusts no size that the archive states.
 */
#ifndef ROOT_ARCHIVE_H
#define ROOT_ARCHIVE_H

#include <stdint.h>

#include "text.h"

struct archive {
	const unsigned char *bytes;
	uint64_t size;
};

struct archive_file {
	uint64_t offset; /* of its contents in the archive */
	uint64_t size;
};

enum archive_result {
	ARCHIVE_FOUND,
	ARCHIVE_NOT_FOUND,
	ARCHIVE_BROKEN, /* not an archive, or damaged before the file was found */
	ARCHIVE_CUT,    /* it ends in the middle of something */
};

/* Finds the regular file @path, which starts with '/'. */
enum archive_result archive_find(const struct archive *archive, struct piece path, struct archive_file *file);

/* What is wrong and what to do, to follow "NAME: ". */
const char *archive_result_text(enum archive_result result);

#endif
