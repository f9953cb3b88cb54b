/* SPDX-License-Identifier: MIT */
/*
 * A POSIX ustar archive, read in place.
 *
 * Owns the index of its members: paths, kinds, sizes and where the bytes are. Knows nothing of
 * clients. Whatever is wrong with an archive, the members found before that stay usable. Members
 * other than files and directories (links, devices) are counted and left out; pax headers are
 * skipped. Where a path occurs twice the later member counts, as with every tar.
 */
#ifndef NACRE_ROOTFS_ARCHIVE_H
#define NACRE_ROOTFS_ARCHIVE_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>

enum archive_kind {
	ARCHIVE_FILE,
	ARCHIVE_DIRECTORY,
};

struct archive_entry {
	char *path;           /* relative, without a slash at either end; "" is the root directory */
	size_t parent_length; /* bytes of the path that are its directory's */
	enum archive_kind kind;
	uint64_t offset;    /* of the bytes in the archive */
	uint64_t size;      /* as the archive says */
	uint64_t available; /* how many of them the archive holds: fewer if it was cut short */
	int64_t modified;   /* seconds since 1970-01-01 UTC */
};

struct archive {
	const uint8_t *bytes;
	uint64_t size;
	struct archive_entry *entries; /* by directory, then by name; [0] is the root */
	size_t count;
	size_t capacity;
};

/* What is wrong with the archive, for people; empty if nothing is. */
struct archive_report {
	char problem[200]; /* reading stopped there */
	size_t left_out;   /* members of other kinds */
};

/* Indexes an archive. An error (no_memory) only if there is no memory for the index. */
NACRE_MUST_CHECK error_t archive_open(struct archive *archive, const uint8_t *bytes, uint64_t size,
                                      struct archive_report *report);
void archive_close(struct archive *archive);

/* The entry with that path, or NULL. */
const struct archive_entry *archive_find(const struct archive *archive, const char *path, size_t length);

/* Entry @number of those directly in @directory, in order of names, or NULL. */
const struct archive_entry *archive_child(const struct archive *archive, const struct archive_entry *directory,
                                          size_t number);

/* The last component of the path. */
const char *archive_entry_name(const struct archive_entry *entry);

/*
 * Copies up to @limit bytes of a file from @offset; fewer only at its end. io where the archive was
 * cut short, state if it is a directory.
 */
NACRE_MUST_CHECK error_t archive_read(const struct archive *archive, const struct archive_entry *entry, uint64_t offset,
                                      uint8_t *bytes, size_t limit, size_t *count);

#endif
