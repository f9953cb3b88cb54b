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

/* What a read that failed is to tell: `state` says of a file that it is a directory. */
static int read_fail(const struct open_file *file, error_t error) {
	if (error != ERROR_STATE || file->protocol != PROTOCOL_FILE) return libc_fail(error);
	errno = EISDIR;
	return -1;
}

_ssize_t read(int descriptor, void *data, size_t size) {
	struct open_file *file = descriptor_find(descriptor);
	size_t total = 0;
	size_t done = 0;
	error_t error;

	if (!file) return -1;
	if (!access_is(file, O_RDONLY)) {
		errno = EBADF;
		return -1;
	}
	do {
		error = open_file_read(file, (char *)data + total, size - total, &done);
		if (error != ERROR_OK) return total != 0 ? (_ssize_t)total : read_fail(file, error);
		total += done;
		/* A stream's bytes are given on as they come. */
	} while (done != 0 && total < size && file->protocol == PROTOCOL_FILE);
	return (_ssize_t)total;
}

_ssize_t write(int descriptor, const void *data, size_t size) {
	struct open_file *file = descriptor_find(descriptor);
	size_t total = 0;
	size_t done = 0;
	error_t error;

	if (!file) return -1;
	if (!access_is(file, O_WRONLY)) {
		errno = EBADF;
		return -1;
	}
	while (total < size) {
		error = open_file_write(file, (const char *)data + total, size - total, &done);
		if (error == ERROR_OK && done == 0) error = ERROR_IO;
		if (error != ERROR_OK) return total != 0 ? (_ssize_t)total : libc_fail(error);
		total += done;
	}
	return (_ssize_t)total;
}

static error_t size_get(const struct open_file *file, uint64_t *size_out) {
	struct file_stat_answer answer;
	error_t error = file_stat(file->capability, &answer);

	if (error == ERROR_OK) *size_out = answer.size;
	return error;
}

off_t lseek(int descriptor, off_t offset, int whence) {
	struct open_file *file = descriptor_find(descriptor);
	uint64_t base = 0;
	error_t error = ERROR_OK;

	if (!file) return -1;
	if (file->protocol != PROTOCOL_FILE) {
		errno = ESPIPE;
		return -1;
	}
	if (whence == SEEK_CUR)
		base = file->offset;
	else if (whence == SEEK_END)
		error = size_get(file, &base);
	else if (whence != SEEK_SET)
		error = ERROR_ARGUMENT;
	if (error == ERROR_OK && offset < 0 && (uint64_t)-offset > base) error = ERROR_ARGUMENT;
	if (error != ERROR_OK) return libc_fail(error);
	file->offset = base + (uint64_t)offset;
	return (off_t)file->offset;
}

int isatty(int descriptor) {
	struct open_file *file = descriptor_find(descriptor);
	uint32_t columns;
	uint32_t rows;

	if (!file) return 0;
	if (file->protocol == PROTOCOL_STREAM && stream_size(file->capability, &columns, &rows) == ERROR_OK) return 1;
	errno = ENOTTY;
	return 0;
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

int fstat(int descriptor, struct stat *status) {
	struct open_file *file = descriptor_find(descriptor);
	struct file_stat_answer answer;
	error_t error;

	if (!file) return -1;
	if (file->protocol != PROTOCOL_FILE) {
		memset(status, 0, sizeof(*status));
		status->st_mode = S_IFCHR | 0600;
		status->st_nlink = 1;
		status->st_blksize = STREAM_WRITE_DATA_MAX;
		return 0;
	}
	error = file_stat(file->capability, &answer);
	if (error != ERROR_OK) return libc_fail(error);
	stat_fill(&answer, status);
	return 0;
}

int ftruncate(int descriptor, off_t size) {
	struct open_file *file = descriptor_find(descriptor);
	error_t error;

	if (!file) return -1;
	error = file->protocol == PROTOCOL_FILE && size >= 0 ? file_set_size(file->capability, (uint64_t)size)
	                                                     : ERROR_ARGUMENT;
	return error == ERROR_OK ? 0 : libc_fail(error);
}

int fsync(int descriptor) { return descriptor_find(descriptor) ? 0 : -1; }

int fcntl(int descriptor, int command, ...) {
	struct open_file *file = descriptor_find(descriptor);
	va_list arguments;
	int value;

	if (!file) return -1;
	va_start(arguments, command);
	value = va_arg(arguments, int);
	va_end(arguments);
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
