/* SPDX-License-Identifier: MIT */
/*
 * rootfs: the boot archive as the tree's fallback directory.
 *
 * Owns start-up: gets the region "archive" of its parent, maps it, indexes it, binds itself at /.
 * A damaged archive is reported in the log; what can be read of it is served. Read archive.h, then
 * serve.c.
 */
#include <stdlib.h>

#include <nacre/log.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/name.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/region.h>
#include <nacre/start.h>

#include "rootfs.h"

static error_t archive_map(struct rootfs *rootfs, const uint8_t **bytes, uint64_t *size) {
	uint32_t protocol;
	uint64_t address;
	error_t error = parent_get(start_parent(), "archive", &protocol, &rootfs->region);
	if (error == ERROR_OK) error = region_size(rootfs->region, size, &rootfs->rights);
	if (error == ERROR_OK)
		error = memory_map_region(start_memory(), 0, *size, 0, PAGE_READ, MEMORY_MAP_SHARED,
		                          item_share(rootfs->region), &address);
	if (error == ERROR_OK) *bytes = (const uint8_t *)address;
	return error;
}

static void report_problems(const struct archive_report *report) {
	if (report->problem[0]) log_print(LOG_LEVEL_ERROR, "%s; make the image anew", report->problem);
	if (report->left_out)
		log_print(LOG_LEVEL_WARNING, "%lu members of the archive are no files and left out",
		          (unsigned long)report->left_out);
}

static error_t bind_root(const struct rootfs *rootfs) {
	capability_t names;
	uint32_t protocol;
	uint64_t registration;
	error_t error = parent_get(start_parent(), "namespace", &protocol, &names);
	if (error == ERROR_OK)
		error = name_bind(names, "/", item_badge(rootfs->self, RIGHT_SEND, BADGE(PROTOCOL_FILE, 0)),
		                  &registration);
	return error;
}

static error_t rootfs_start(struct rootfs *rootfs) {
	struct archive_report report;
	const uint8_t *bytes;
	uint64_t size = 0;
	error_t error = server_self(&rootfs->self);
	if (error == ERROR_OK) error = archive_map(rootfs, &bytes, &size);
	if (error == ERROR_OK) error = archive_open(&rootfs->archive, bytes, size, &report);
	if (error != ERROR_OK) return error;
	report_problems(&report);
	rootfs->file_regions = calloc(rootfs->archive.count, sizeof *rootfs->file_regions);
	if (!rootfs->file_regions) return ERROR_NO_MEMORY;
	error = bind_root(rootfs);
	return error == ERROR_OK ? parent_ready(start_parent()) : error;
}

int main(void) {
	static struct rootfs rootfs;
	const struct server_protocol protocol = {
		.number = PROTOCOL_FILE,
		.dispatch = file_dispatch,
		.handlers = &rootfs_handlers,
		.context = &rootfs,
	};
	struct server server = {.protocols = &protocol, .protocol_count = 1};
	error_t error = rootfs_start(&rootfs);
	if (error != ERROR_OK) {
		log_print(LOG_LEVEL_ERROR, "it cannot start: %s", error_text(error));
		return (int)error; /* the parent reads it as an error_t */
	}
	server_run(&server);
}
