/* SPDX-License-Identifier: MIT */
/*
 * The root file system server's parts, and how they are tied together.
 */
#ifndef NACRE_ROOTFS_ROOTFS_H
#define NACRE_ROOTFS_ROOTFS_H

#include <nacre/protocol/file_server.h>

#include "archive.h"
#include "ustar.h"

struct rootfs {
	capability_t self;
	capability_t region; /* the archive's pages */
	uint32_t rights;     /* PAGE_* that the region allows */
	struct archive archive;
	capability_t *file_regions; /* by entry; CAPABILITY_NONE: not made so far */
};

extern const struct file_handlers rootfs_handlers;

/*
 * The region that holds a file's bytes: pages of the archive where the file starts on a page, else
 * a copy. It is made once and stays this server's. Pre: the file has bytes, and the archive has
 * them all.
 */
NACRE_MUST_CHECK error_t file_region(struct rootfs *rootfs, const struct archive_entry *entry, capability_t *region);

#endif
