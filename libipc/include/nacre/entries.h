/* SPDX-License-Identifier: MIT */
/*
 * Packed entries: how listings of directories travel (name.list, file.list).
 *
 * An entry is 12 bytes and its name, one after the other without padding:
 *   0  size of a file in bytes, 8 bytes, little-endian
 *   8  protocol of what is registered there (PROTOCOL_*), or 0, 2 bytes
 *  10  kind (FILE_KIND_*), 1 byte
 *  11  length of the name, 1 byte
 *  12  the name: no NUL, no `/`
 */
#ifndef NACRE_ENTRIES_H
#define NACRE_ENTRIES_H

#include <stddef.h>
#include <stdint.h>

#define ENTRY_HEADER_SIZE 12u
#define ENTRY_NAME_MAX    255u

struct entry {
	uint64_t size;
	uint32_t protocol;
	uint32_t kind;
	char name[ENTRY_NAME_MAX + 1];
};

/*
 * Adds an entry to a listing of which *@used bytes are written. False if there is no room for it
 * (it belongs into the next answer) or its name is none.
 */
int entries_put(void *data, size_t capacity, size_t *used, const struct entry *entry);

/* Takes the entry at *@position and moves on. False at the end, and if the rest is no entry. */
int entries_next(const void *data, size_t size, size_t *position, struct entry *entry_out);

#endif
