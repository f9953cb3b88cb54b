/* SPDX-License-Identifier: MIT */
/*
 * One header block of a ustar archive (POSIX.1-1988, "Extended tar Format").
 */
#ifndef NACRE_ROOTFS_USTAR_H
#define NACRE_ROOTFS_USTAR_H

#include <stdint.h>

#define USTAR_BLOCK    512u
#define USTAR_PATH_MAX 257u /* prefix, slash, name, and a closing NUL */

struct ustar_header {
	char path[USTAR_PATH_MAX]; /* as written, slashes at its ends included */
	char type;
	uint64_t size;
	int64_t modified; /* seconds since 1970-01-01 UTC */
};

enum ustar_result {
	USTAR_HEADER,
	USTAR_ZERO,         /* a block of zeros: the end of the archive */
	USTAR_NOT_A_HEADER, /* neither: no ustar mark, or its checksum is wrong */
	USTAR_BAD_NUMBER,   /* size or time is not an octal number */
};

enum ustar_result ustar_parse(const uint8_t block[USTAR_BLOCK], struct ustar_header *header);

#endif
