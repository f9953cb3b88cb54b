/* SPDX-License-Identifier: MIT */
/*
 * The index of an archive while it is made: order, missing directories, repetitions.
 */
#ifndef NACRE_ROOTFS_INDEX_H
#define NACRE_ROOTFS_INDEX_H

#include "archive.h"

/*
 * Adds an entry under a path as an archive has it. argument if no clean path is left when slashes
 * at the ends and "." components are gone: one with ".." in it.
 */
NACRE_MUST_CHECK error_t index_add(struct archive *archive, const char *path, struct archive_entry entry);

/* Adds directories that are only implied, sorts, and drops what later members have replaced. */
NACRE_MUST_CHECK error_t index_complete(struct archive *archive);

#endif
