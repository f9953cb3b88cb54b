/* SPDX-License-Identifier: MIT */
/*
 * The descriptor table. 0, 1 and 2 are asked of the parent when they are used first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/stream.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "descriptor.h"

#define STANDARD_COUNT 3

/* An open file has a slot of its own, so more cannot be open. */
#define DESCRIPTORS_MAX ((int)SLOT_COUNT)

static struct {
	struct lock lock;
	struct open_file **files;
	int size;
	unsigned char asked[STANDARD_COUNT]; /* the parent was asked, or the program has closed it */
} table;

static const struct {
	const char *name;
	int flags;
} standard[STANDARD_COUNT] = {
	{"stdin", O_RDONLY},
	{"stdout", O_WRONLY},
	{"stderr", O_WRONLY},
};

struct open_file *open_file_make(capability_t capability, uint32_t protocol, int flags) {
	struct open_file *file = calloc(1, sizeof(*file));

	if (!file) return NULL;
	file->capability = capability;
	file->protocol = protocol;
	file->flags = flags;
	return file;
}

/* Nobody refers to it any more. */
static void open_file_end(struct open_file *file) {
	if (file->protocol == PROTOCOL_STREAM && !file->shared)
		/* Whoever reads learns that nobody writes; a server that is gone needs no word. */
		error_ignore(stream_close(file->capability));
	capability_delete(file->capability);
	free(file);
}

void descriptor_done(struct open_file *file) {
	unsigned int left;

	lock_take(&table.lock);
	left = --file->references;
	lock_release(&table.lock);
	if (left == 0) open_file_end(file);
}

/* Makes room for descriptors up to @descriptor. */
static int table_reach(int descriptor) {
	int size = table.size ? table.size : 16;
	struct open_file **files;

	if (descriptor >= DESCRIPTORS_MAX) return 0;
	while (size <= descriptor) size *= 2;
	if (size == table.size) return 1;
	files = realloc(table.files, (size_t)size * sizeof(struct open_file *));
	if (!files) return 0;
	memset(files + table.size, 0, (size_t)(size - table.size) * sizeof(struct open_file *));
	table.files = files;
	table.size = size;
	return 1;
}

/* A file that the parent gave as output is written on from its end. */
static void file_go_to_end(struct open_file *file) {
	struct file_stat_answer answer;

	if (file->protocol == PROTOCOL_FILE && file->flags == O_WRONLY &&
	    file_stat(file->capability, &answer) == ERROR_OK)
		file->offset = answer.size;
}

static void standard_ask(int descriptor) {
	capability_t capability;
	uint32_t protocol;
	struct open_file *file;

	table.asked[descriptor] = 1;
	if (!table_reach(descriptor) || start_parent() == CAPABILITY_NONE ||
	    parent_get(start_parent(), standard[descriptor].name, &protocol, &capability) != ERROR_OK)
		return;
	file = open_file_make(capability, protocol, standard[descriptor].flags);
	if (!file) {
		capability_delete(capability);
		return;
	}
	file_go_to_end(file);
	file->shared = 1;
	file->references = 1;
	table.files[descriptor] = file;
}

static struct open_file *find_locked(int descriptor) {
	if (descriptor >= 0 && descriptor < STANDARD_COUNT && !table.asked[descriptor]) standard_ask(descriptor);
	return descriptor >= 0 && descriptor < table.size ? table.files[descriptor] : NULL;
}

struct open_file *descriptor_find(int descriptor) {
	struct open_file *file;

	lock_take(&table.lock);
	file = find_locked(descriptor);
	if (file) file->references++;
	lock_release(&table.lock);
	if (!file) errno = EBADF;
	return file;
}

static int add_locked(struct open_file *file, int least) {
	int descriptor = least;

	while (find_locked(descriptor)) descriptor++;
	if (!table_reach(descriptor)) {
		errno = descriptor < DESCRIPTORS_MAX ? ENOMEM : EMFILE;
		return -1;
	}
	if (descriptor < STANDARD_COUNT) table.asked[descriptor] = 1;
	table.files[descriptor] = file;
	file->references++;
	return descriptor;
}

int descriptor_add(struct open_file *file, int least) {
	int descriptor;

	lock_take(&table.lock);
	descriptor = add_locked(file, least);
	lock_release(&table.lock);
	return descriptor;
}

int descriptor_capability(int descriptor, capability_t *capability_out, uint32_t *protocol_out) {
	struct open_file *file = descriptor_find(descriptor);

	if (!file) return 0;
	*capability_out = file->capability;
	*protocol_out = file->protocol;
	descriptor_done(file);
	return 1;
}

int descriptor_open(capability_t capability, uint32_t protocol, int flags) {
	struct open_file *file = open_file_make(capability, protocol, flags);
	int descriptor = -1;

	if (file)
		descriptor = descriptor_add(file, 0);
	else
		errno = ENOMEM;
	if (descriptor < 0) {
		capability_delete(capability);
		free(file);
	}
	return descriptor;
}

int close(int descriptor) {
	struct open_file *file;

	lock_take(&table.lock);
	file = find_locked(descriptor);
	if (file) table.files[descriptor] = NULL;
	lock_release(&table.lock);
	if (!file) {
		errno = EBADF;
		return -1;
	}
	descriptor_done(file);
	return 0;
}

int dup(int descriptor) { return fcntl(descriptor, F_DUPFD, 0); }

/* Puts @file in the place of what @to was. */
static int put(struct open_file *file, int to) {
	struct open_file *before = NULL;
	int room;

	lock_take(&table.lock);
	room = table_reach(to);
	if (room) {
		before = find_locked(to);
		if (to < STANDARD_COUNT) table.asked[to] = 1;
		table.files[to] = file;
		file->references++;
	}
	lock_release(&table.lock);
	if (before) descriptor_done(before);
	if (room) return to;
	errno = to < DESCRIPTORS_MAX ? ENOMEM : EBADF;
	return -1;
}

int dup2(int from, int to) {
	struct open_file *file;
	int descriptor = to;

	if (to < 0) {
		errno = EBADF;
		return -1;
	}
	file = descriptor_find(from);
	if (!file) return -1;
	if (from != to) descriptor = put(file, to);
	descriptor_done(file);
	return descriptor;
}
