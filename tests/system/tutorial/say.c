/* SPDX-License-Identifier: MIT */
/*
 * tutorial-say PATH WORD...: writes the words to the stream server at PATH, one a line. Shows that
 * stdio reaches any server that speaks `stream`.
 */
#include <stdio.h>

#include <nacre/path.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>

int main(int argc, char **argv) {
	capability_t service;
	error_t error;

	if (argc < 2) {
		fputs("usage: tutorial-say PATH WORD...\n", stderr);
		return 2;
	}
	error = path_open_service(argv[1], PROTOCOL_STREAM, &service); /* waits for it */
	if (error != ERROR_OK) {
		fprintf(stderr, "tutorial-say: %s: %s\n", argv[1], error_text(error));
		return 1;
	}
	capability_delete(service);

	FILE *file = fopen(argv[1], "w");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 2; i < argc; i++) fprintf(file, "%s\n", argv[i]);
	if (fclose(file) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
