/* SPDX-License-Identifier: MIT */
/*
 * Indexing and reading of the archive: see archive.h.
 */
#include "archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "ustar.h"

#define TYPE_FILE      '0'
#define TYPE_OLD_FILE  '\0'
#define TYPE_DIRECTORY '5'
#define TYPE_PAX       'x'
#define TYPE_GLOBAL    'g'

struct scan {
	struct archive *archive;
	struct archive_report *report;
	uint64_t offset; /* of the next header */
	int ended;
};

static void stop(struct scan *scan, const char *what) {
	snprintf(scan->report->problem, sizeof scan->report->problem, "%s at byte %llu of %llu", what,
	         (unsigned long long)scan->offset, (unsigned long long)scan->archive->size);
	scan->ended = 1;
}

static void stop_cut_short(struct scan *scan, const char *path, uint64_t size, uint64_t available) {
	snprintf(scan->report->problem, sizeof scan->report->problem,
	         "the archive is cut short: %.100s has %llu of its %llu bytes", path, (unsigned long long)available,
	         (unsigned long long)size);
	scan->ended = 1;
}

static int is_member(const struct ustar_header *header) {
	return header->type == TYPE_FILE || header->type == TYPE_OLD_FILE || header->type == TYPE_DIRECTORY;
}

static error_t add_member(struct scan *scan, const struct ustar_header *header, uint64_t available) {
	struct archive_entry entry = {
		.kind = header->type == TYPE_DIRECTORY ? ARCHIVE_DIRECTORY : ARCHIVE_FILE,
		.offset = scan->offset + USTAR_BLOCK,
		.size = header->size,
		.available = available,
		.modified = header->modified,
	};
	error_t error = index_add(scan->archive, header->path, entry);
	if (error != ERROR_ARGUMENT) return error;
	scan->report->left_out++; /* a path that cannot be named, such as a/../b */
	return ERROR_OK;
}

static error_t scan_member(struct scan *scan, const struct ustar_header *header) {
	uint64_t left = scan->archive->size - scan->offset - USTAR_BLOCK;
	uint64_t available = header->size < left ? header->size : left;
	if (is_member(header)) {
		error_t error = add_member(scan, header, available);
		if (error != ERROR_OK) return error;
	} else if (header->type != TYPE_PAX && header->type != TYPE_GLOBAL) {
		scan->report->left_out++;
	}
	if (available < header->size)
		stop_cut_short(scan, header->path, header->size, available);
	else
		scan->offset += USTAR_BLOCK + (header->size + USTAR_BLOCK - 1) / USTAR_BLOCK * USTAR_BLOCK;
	return ERROR_OK;
}

static error_t scan_header(struct scan *scan) {
	struct ustar_header header;
	if (scan->offset + USTAR_BLOCK > scan->archive->size) {
		stop(scan, "the archive is cut short: there is no end mark");
		return ERROR_OK;
	}
	switch (ustar_parse(scan->archive->bytes + scan->offset, &header)) {
	case USTAR_HEADER: return scan_member(scan, &header);
	case USTAR_ZERO: scan->ended = 1; break;
	case USTAR_NOT_A_HEADER: stop(scan, "the archive is damaged: no valid ustar header"); break;
	case USTAR_BAD_NUMBER: stop(scan, "the archive is damaged: a size or time that is no number"); break;
	}
	return ERROR_OK;
}

error_t archive_open(struct archive *archive, const uint8_t *bytes, uint64_t size, struct archive_report *report) {
	struct archive opened = {.bytes = bytes, .size = size};
	struct scan scan = {.archive = &opened, .report = report};
	error_t error = index_add(&opened, "", (struct archive_entry){.kind = ARCHIVE_DIRECTORY});
	*report = (struct archive_report){.left_out = 0};
	while (error == ERROR_OK && !scan.ended) error = scan_header(&scan);
	if (error == ERROR_OK) error = index_complete(&opened);
	if (error == ERROR_OK)
		*archive = opened;
	else
		archive_close(&opened);
	return error;
}

void archive_close(struct archive *archive) {
	for (size_t i = 0; i < archive->count; i++) free(archive->entries[i].path);
	free(archive->entries);
	*archive = (struct archive){0};
}

error_t archive_read(const struct archive *archive, const struct archive_entry *entry, uint64_t offset, uint8_t *bytes,
                     size_t limit, size_t *count) {
	if (entry->kind == ARCHIVE_DIRECTORY) return ERROR_STATE;
	uint64_t left = offset < entry->size ? entry->size - offset : 0;
	size_t wanted = left < limit ? (size_t)left : limit;
	if (wanted > 0) {
		if (offset > entry->available || wanted > entry->available - offset) return ERROR_IO;
		memcpy(bytes, archive->bytes + entry->offset + offset, wanted);
	}
	*count = wanted;
	return ERROR_OK;
}
