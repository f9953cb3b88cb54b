/* SPDX-License-Identifier: MIT */
/*
 * What <dirent.h> of the C library leaves to the system.
 */
#ifndef NACRE_SYS_DIRENT_H
#define NACRE_SYS_DIRENT_H

#include <stdint.h>
#include <sys/types.h>

#define DT_UNKNOWN 0
#define DT_CHR     2
#define DT_DIR     4
#define DT_REG     8

struct dirent {
	ino_t d_ino; /* not known: 0 */
	unsigned char d_type;
	uint32_t d_protocol; /* PROTOCOL_* of what is there, 0 if unknown */
	uint64_t d_size;     /* bytes in a file */
	char d_name[256];
};

typedef struct directory_stream DIR;

#endif
