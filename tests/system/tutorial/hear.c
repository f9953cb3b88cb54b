/* SPDX-License-Identifier: MIT */
/*
 * tutorial-hear PATH: copies the stream server at PATH to standard output until the stream ends.
 * Shows a client made of generated stubs.
 */
#include <stdio.h>

#include <nacre/path.h>
#include <nacre/protocol/stream.h>

int main(int argc, char **argv) {
	char data[STREAM_READ_DATA_MAX];
	capability_t stream;
	size_t size = 1;
	error_t error;

	if (argc != 2) {
		fputs("usage: tutorial-hear PATH\n", stderr);
		return 2;
	}
	error = path_open_service(argv[1], PROTOCOL_STREAM, &stream);
	while (error == ERROR_OK && size > 0) {
		error = stream_read(stream, sizeof data, data, sizeof data, &size);
		if (error == ERROR_OK) fwrite(data, 1, size, stdout);
	}
	if (error != ERROR_OK) {
		fprintf(stderr, "tutorial-hear: %s: %s\n", argv[1], error_text(error));
		return 1;
	}
	return 0;
}
