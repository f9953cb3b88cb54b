/* SPDX-License-Identifier: MIT */
/*
 * The file protocol on the archive. The object of a badge is the entry's place in the index.
 *
 * Nothing can be written: requests for that answer `right`.
 */
#include <string.h>

#include <nacre/entries.h>
#include <nacre/time.h>

#include "rootfs.h"

static struct rootfs *rootfs_of(const struct request *request) { return request->context; }

static const struct archive_entry *entry_of(const struct request *request) {
	const struct archive *archive = &rootfs_of(request)->archive;
	uint64_t object = BADGE_OBJECT(request->badge);
	return object < archive->count ? &archive->entries[object] : NULL;
}

static uint64_t number_of(const struct rootfs *rootfs, const struct archive_entry *entry) {
	return (uint64_t)(entry - rootfs->archive.entries);
}

static uint32_t kind_of(const struct archive_entry *entry) {
	return entry->kind == ARCHIVE_DIRECTORY ? FILE_KIND_DIRECTORY : FILE_KIND_FILE;
}

static int is_plain(const char *path) {
	while (*path) {
		size_t length = strcspn(path, "/");
		if (length == 0 || (length <= 2 && memcmp(path, "..", length) == 0)) return 0;
		path += length;
		if (*path == '/' && *++path == 0) return 0;
	}
	return 1;
}

/* Finds @path below the request's node. */
static error_t resolve(const struct request *request, const char *path, const struct archive_entry **found) {
	const struct archive *archive = &rootfs_of(request)->archive;
	const struct archive_entry *from = entry_of(request);
	char whole[USTAR_PATH_MAX];
	if (!from || !is_plain(path)) return ERROR_ARGUMENT;
	size_t base = strlen(from->path), length = strlen(path);
	if (base + 1 + length >= sizeof whole) return ERROR_NOT_FOUND;
	memcpy(whole, from->path, base);
	if (base > 0 && length > 0) whole[base++] = '/';
	memcpy(whole + base, path, length + 1);
	*found = archive_find(archive, whole, base + length);
	return *found ? ERROR_OK : ERROR_NOT_FOUND;
}

static error_t serve_lookup(struct request *request, const char *path, struct file_lookup_reply *reply) {
	const struct rootfs *rootfs = rootfs_of(request);
	const struct archive_entry *entry;
	error_t error = resolve(request, path, &entry);
	if (error != ERROR_OK) return error;
	reply->kind = kind_of(entry);
	reply->protocol = PROTOCOL_FILE;
	reply->consumed = (uint32_t)strlen(path);
	reply->size = entry->size;
	reply->node = item_badge(rootfs->self, RIGHT_SEND, BADGE(PROTOCOL_FILE, number_of(rootfs, entry)));
	return ERROR_OK;
}

/* The cursor is the number of the next child. */
static error_t serve_list(struct request *request, uint64_t cursor, const char *path, uint64_t *cursor_out,
                          void *entries_out, size_t *entries_size_out) {
	const struct archive *archive = &rootfs_of(request)->archive;
	const struct archive_entry *directory, *child;
	size_t used = 0;
	error_t error = resolve(request, path, &directory);
	if (error != ERROR_OK) return error;
	if (directory->kind != ARCHIVE_DIRECTORY) return ERROR_STATE;
	for (; (child = archive_child(archive, directory, cursor)) != NULL; cursor++) {
		struct entry entry = {.size = child->size, .protocol = PROTOCOL_FILE, .kind = kind_of(child)};
		strncpy(entry.name, archive_entry_name(child), ENTRY_NAME_MAX);
		if (!entries_put(entries_out, FILE_LIST_ENTRIES_MAX, &used, &entry)) break;
	}
	*cursor_out = child ? cursor : 0;
	*entries_size_out = used;
	return ERROR_OK;
}

static error_t serve_stat(struct request *request, struct file_stat_reply *reply) {
	const struct archive_entry *entry = entry_of(request);
	if (!entry) return ERROR_ARGUMENT;
	reply->kind = kind_of(entry);
	reply->size = entry->size;
	reply->modified = entry->modified * (int64_t)NANOSECONDS_PER_SECOND;
	reply->serial = BADGE_OBJECT(request->badge) + 1;
	return ERROR_OK;
}

static error_t serve_read(struct request *request, uint64_t offset, uint32_t count, void *data_out,
                          size_t *data_size_out) {
	const struct archive_entry *entry = entry_of(request);
	if (!entry) return ERROR_ARGUMENT;
	return archive_read(&rootfs_of(request)->archive, entry, offset, data_out, count, data_size_out);
}

static error_t refuse_write(struct request *request, uint64_t offset, const void *data, size_t data_size,
                            uint32_t *count_out) {
	(void)request;
	(void)offset;
	(void)data;
	(void)data_size;
	(void)count_out;
	return ERROR_RIGHT;
}

static error_t serve_map(struct request *request, uint32_t rights, uint64_t *size_out, struct ipc_item *region_out) {
	struct rootfs *rootfs = rootfs_of(request);
	const struct archive_entry *entry = entry_of(request);
	capability_t region;
	if (!entry) return ERROR_ARGUMENT;
	if (entry->kind == ARCHIVE_DIRECTORY || entry->size == 0) return ERROR_STATE;
	if (rights & (PAGE_WRITE | ~rootfs->rights)) return ERROR_RIGHT;
	if (entry->available < entry->size) return ERROR_IO;
	error_t error = file_region(rootfs, entry, &region);
	if (error != ERROR_OK) return error;
	*size_out = entry->size;
	*region_out = item_share(region);
	return ERROR_OK;
}

static error_t refuse_size(struct request *request, uint64_t size) {
	(void)request;
	(void)size;
	return ERROR_RIGHT;
}

static error_t refuse_create(struct request *request, uint32_t kind, const char *path, struct ipc_item *node_out) {
	(void)request;
	(void)kind;
	(void)path;
	(void)node_out;
	return ERROR_RIGHT;
}

static error_t refuse_remove(struct request *request, const char *path) {
	(void)request;
	(void)path;
	return ERROR_RIGHT;
}

const struct file_handlers rootfs_handlers = {
	.lookup = serve_lookup,
	.list = serve_list,
	.stat = serve_stat,
	.read = serve_read,
	.write = refuse_write,
	.map = serve_map,
	.set_size = refuse_size,
	.create = refuse_create,
	.remove = refuse_remove,
};
