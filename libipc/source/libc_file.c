/* SPDX-License-Identifier: MIT */
/*
 * The POSIX functions on descriptors that the C library's stdio is built on.
 *
 * Knows nothing of paths (libc_path.c) or of messages (open_file.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/protocol/file.h>
#include <nacre/protocol/stream.h>

#include "descriptor.h"
#include "libc_error.h"

#define BLOCK_BYTES 4096

static int access_is(const struct open_file *file, int access) {
	int mode = file->flags & O_ACCMODE;

	return mode == access || mode == O_RDWR;
}

/* The open file that the call is for, until descriptor_done(); null with errno set. */
static struct open_file *open_file_for(int descriptor, int access) {
	struct open_file *file = descriptor_find(descriptor);

	if (file && !access_is(file, access)) {
		descriptor_done(file);
		errno = EBADF;
		return NULL;
	}
	return file;
}

/* A file's offset is for one at a time; a stream has none, and a read of it may wait for long. */
static void transfer_begin(struct open_file *file) {
	if (file->protocol == PROTOCOL_FILE) lock_take(&file->transfer);
}

static void transfer_end(struct open_file *file) {
	if (file->protocol == PROTOCOL_FILE) lock_release(&file->transfer);
	descriptor_done(file);
}

/* What a call returns that came so far before @error. */
static _ssize_t count_or_error(size_t total, error_t error) {
	return error == ERROR_OK || total != 0 ? (_ssize_t)total : libc_fail(error);
}

_ssize_t read(int descriptor, void *data, size_t size) {
	struct open_file *file = open_file_for(descriptor, O_RDONLY);
	size_t total = 0;
	size_t done = 0;
	int is_directory;
	error_t error = ERROR_OK;

	if (!file) return -1;
	transfer_begin(file);
	do {
		error = open_file_read(file, (char *)data + total, size - total, &done);
		if (error == ERROR_OK) total += done;
		/* A stream's bytes are given on as they come. */
	} while (error == ERROR_OK && done != 0 && total < size && file->protocol == PROTOCOL_FILE);
	/* `state` says of a file that it is a directory. */
	is_directory = error == ERROR_STATE && file->protocol == PROTOCOL_FILE;
	transfer_end(file);
	if (!is_directory) return count_or_error(total, error);
	errno = EISDIR;
	return -1;
}

_ssize_t write(int descriptor, const void *data, size_t size) {
	struct open_file *file = open_file_for(descriptor, O_WRONLY);
	size_t total = 0;
	size_t done = 0;
	error_t error = ERROR_OK;

	if (!file) return -1;
	transfer_begin(file);
	while (error == ERROR_OK && total < size) {
		error = open_file_write(file, (const char *)data + total, size - total, &done);
		if (error == ERROR_OK && done == 0) error = ERROR_IO;
		if (error == ERROR_OK) total += done;
	}
	transfer_end(file);
	return count_or_error(total, error);
}

static error_t size_get(const struct open_file *file, uint64_t *size_out) {
	struct file_stat_answer answer;
	error_t error = file_stat(file->capability, &answer);

	if (error == ERROR_OK) *size_out = answer.size;
	return error;
}

/* Where @offset from what @whence says is: ERROR_ARGUMENT before the beginning or past what off_t can say. */
static error_t place_find(const struct open_file *file, off_t offset, int whence, uint64_t *place_out) {
	uint64_t base = 0;
	uint64_t place;
	error_t error = ERROR_OK;

	if (whence == SEEK_CUR)
		base = file->offset;
	else if (whence == SEEK_END)
		error = size_get(file, &base);
	else if (whence != SEEK_SET)
		error = ERROR_ARGUMENT;
	if (error != ERROR_OK) return error;
	place = base + (uint64_t)offset;
	if (place > INT64_MAX || (offset > 0 && place < base)) return ERROR_ARGUMENT;
	*place_out = place;
	return ERROR_OK;
}

off_t lseek(int descriptor, off_t offset, int whence) {
	struct open_file *file = descriptor_find(descriptor);
	uint64_t place = 0;
	error_t error;

	if (!file) return -1;
	if (file->protocol != PROTOCOL_FILE) {
		descriptor_done(file);
		errno = ESPIPE;
		return -1;
	}
	transfer_begin(file);
	error = place_find(file, offset, whence, &place);
	if (error == ERROR_OK) file->offset = place;
	transfer_end(file);
	return error == ERROR_OK ? (off_t)place : libc_fail(error);
}

int isatty(int descriptor) {
	struct open_file *file = descriptor_find(descriptor);
	uint32_t columns;
	uint32_t rows;
	int is_terminal;

	if (!file) return 0;
	is_terminal = file->protocol == PROTOCOL_STREAM && stream_size(file->capability, &columns, &rows) == ERROR_OK;
	descriptor_done(file);
	if (!is_terminal) errno = ENOTTY;
	return is_terminal;
}

/* What stat() tells of a node. */
static void stat_fill(const struct file_stat_answer *answer, struct stat *status) {
	memset(status, 0, sizeof(*status));
	status->st_mode = answer->kind == FILE_KIND_DIRECTORY ? S_IFDIR | 0755 : S_IFREG | 0644;
	status->st_size = (off_t)answer->size;
	status->st_ino = (ino_t)answer->serial;
	status->st_nlink = 1;
	status->st_blksize = BLOCK_BYTES;
	status->st_mtime = (time_t)(answer->modified / 1000000000);
}

static void stat_fill_stream(struct stat *status) {
	memset(status, 0, sizeof(*status));
	status->st_mode = S_IFCHR | 0600;
	status->st_nlink = 1;
	status->st_blksize = STREAM_WRITE_DATA_MAX;
}

static error_t status_get(const struct open_file *file, struct stat *status) {
	struct file_stat_answer answer;
	error_t error;

	if (file->protocol != PROTOCOL_FILE) {
		stat_fill_stream(status);
		return ERROR_OK;
	}
	error = file_stat(file->capability, &answer);
	if (error == ERROR_OK) stat_fill(&answer, status);
	return error;
}

int fstat(int descriptor, struct stat *status) {
	struct open_file *file = descriptor_find(descriptor);
	error_t error;

	if (!file) return -1;
	error = status_get(file, status);
	descriptor_done(file);
	return error == ERROR_OK ? 0 : libc_fail(error);
}

int ftruncate(int descriptor, off_t size) {
	struct open_file *file = open_file_for(descriptor, O_WRONLY);
	error_t error = ERROR_ARGUMENT;

	if (!file) return -1;
	if (file->protocol == PROTOCOL_FILE && size >= 0) error = file_set_size(file->capability, (uint64_t)size);
	descriptor_done(file);
	return error == ERROR_OK ? 0 : libc_fail(error);
}

int fsync(int descriptor) {
	struct open_file *file = descriptor_find(descriptor);

	if (!file) return -1;
	descriptor_done(file);
	return 0;
}

static int control(struct open_file *file, int command, int value) {
	switch (command) {
	case F_DUPFD:
		if (value < 0) break;
		return descriptor_add(file, value);
	case F_GETFD:
	case F_SETFD: /* nothing is inherited through a file table */ return 0;
	case F_GETFL: return file->flags;
	case F_SETFL: file->flags = (file->flags & O_ACCMODE) | (value & O_APPEND); return 0;
	default: break;
	}
	errno = EINVAL;
	return -1;
}

int fcntl(int descriptor, int command, ...) {
	struct open_file *file = descriptor_find(descriptor);
	va_list arguments;
	int value;
	int result;

	if (!file) return -1;
	va_start(arguments, command);
	value = va_arg(arguments, int);
	va_end(arguments);
	result = control(file, command, value);
	descriptor_done(file);
	return result;
}
