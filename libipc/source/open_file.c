/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing of an open file or stream, one message at a time.
 */
#include <fcntl.h>
#include <string.h>

#include <nacre/protocol/file.h>
#include <nacre/protocol/stream.h>

#include "descriptor.h"

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

error_t open_file_read(struct open_file *file, void *data, size_t size, size_t *done_out) {
	uint32_t count;
	error_t error;

	if (size == 0) {
		*done_out = 0;
		return ERROR_OK;
	}
	if (file->protocol == PROTOCOL_STREAM) {
		count = (uint32_t)least(size, STREAM_READ_DATA_MAX);
		return stream_read(file->capability, count, data, count, done_out);
	}
	if (file->protocol != PROTOCOL_FILE) return ERROR_UNKNOWN;
	count = (uint32_t)least(size, FILE_READ_DATA_MAX);
	error = file_read(file->capability, file->offset, count, data, count, done_out);
	if (error == ERROR_OK) file->offset += *done_out;
	return error;
}

static error_t seek_for_append(struct open_file *file) {
	struct file_stat_answer answer;
	error_t error;

	if (!(file->flags & O_APPEND)) return ERROR_OK;
	error = file_stat(file->capability, &answer);
	if (error == ERROR_OK) file->offset = answer.size;
	return error;
}

error_t open_file_write(struct open_file *file, const void *data, size_t size, size_t *done_out) {
	uint32_t count = 0;
	error_t error;

	if (file->protocol == PROTOCOL_STREAM) {
		error = stream_write(file->capability, data, least(size, STREAM_WRITE_DATA_MAX), &count);
	} else if (file->protocol == PROTOCOL_FILE) {
		error = seek_for_append(file);
		if (error == ERROR_OK)
			error = file_write(file->capability, file->offset, data, least(size, FILE_WRITE_DATA_MAX),
			                   &count);
		if (error == ERROR_OK) file->offset += count;
	} else {
		error = ERROR_UNKNOWN;
	}
	if (error == ERROR_OK && count > size) error = ERROR_IO;
	if (error == ERROR_OK) *done_out = count;
	return error;
}
