/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an archive: whatever is found in it can be found again, listed and read.
 */
#include <stdlib.h>
#include <string.h>

#include "archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entry(const struct archive *archive, const struct archive_entry *entry) {
	uint8_t bytes[64];
	size_t count;
	if (archive_find(archive, entry->path, strlen(entry->path)) != entry) abort();
	for (uint64_t offset = 0; offset < 200; offset += 50)
		(void)!archive_read(archive, entry, offset, bytes, sizeof bytes, &count);
	(void)!archive_read(archive, entry, entry->size, bytes, sizeof bytes, &count);
	(void)!archive_read(archive, entry, UINT64_MAX, bytes, sizeof bytes, &count);
}

/* Every entry but the root is the child of exactly one directory, unless a file is in its way. */
static size_t count_children(const struct archive *archive) {
	size_t children = 0;
	for (size_t i = 0; i < archive->count; i++) {
		size_t number = 0;
		while (archive_child(archive, &archive->entries[i], number)) number++;
		children += number;
	}
	return children;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct archive_report report;
	struct archive archive;
	if (archive_open(&archive, data, size, &report) != ERROR_OK) return 0;
	for (size_t i = 0; i < archive.count; i++) check_entry(&archive, &archive.entries[i]);
	if (count_children(&archive) != archive.count - 1) abort();
	archive_close(&archive);
	return 0;
}
