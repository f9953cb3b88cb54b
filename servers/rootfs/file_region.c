/* SPDX-License-Identifier: MIT */
/*
 * Regions of files: see rootfs.h.
 */
#include <nacre/protocol/memory.h>
#include <nacre/protocol/region.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "rootfs.h"

#define PAGE_SIZE UINT64_C(4096)

static error_t copy_bytes(struct rootfs *rootfs, const struct archive_entry *entry, capability_t region,
                          uint64_t size) {
	uint64_t address;
	size_t count;
	error_t error = memory_map_region(start_memory(), 0, size, 0, PAGE_READ | PAGE_WRITE, MEMORY_MAP_SHARED,
	                                  item_share(region), &address);
	if (error != ERROR_OK) return error;
	error = archive_read(&rootfs->archive, entry, 0, (uint8_t *)address, entry->size, &count);
	error_t unmapped = memory_unmap(start_memory(), address, size);
	return error == ERROR_OK ? unmapped : error;
}

static error_t region_copied(struct rootfs *rootfs, const struct archive_entry *entry, uint64_t size,
                             capability_t *region_out) {
	capability_t region;
	error_t error = memory_share(start_memory(), size, &region);
	if (error != ERROR_OK) return error;
	error = copy_bytes(rootfs, entry, region, size);
	if (error != ERROR_OK)
		capability_delete(region);
	else
		*region_out = region;
	return error;
}

static error_t region_make(struct rootfs *rootfs, const struct archive_entry *entry, capability_t *region_out) {
	uint64_t size = (entry->size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	if (entry->offset % PAGE_SIZE != 0) return region_copied(rootfs, entry, size, region_out);
	return region_sub(rootfs->region, entry->offset, size, rootfs->rights, region_out);
}

error_t file_region(struct rootfs *rootfs, const struct archive_entry *entry, capability_t *region) {
	capability_t *known = &rootfs->file_regions[entry - rootfs->archive.entries];
	if (*known == CAPABILITY_NONE) {
		error_t error = region_make(rootfs, entry, known);
		if (error != ERROR_OK) return error;
	}
	*region = *known;
	return ERROR_OK;
}
