/* SPDX-License-Identifier: MIT */
/*
 * shell: commands for people and for the host link.
 *
 * Owns start-up and what kind of shell it is to be. Read shell.h, then run.c; the language is in
 * parse.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/parent.h>
#include <nacre/start.h>

#include "shell.h"

static const char *const usage = "usage: shell [-c COMMANDS | --link | FILE]\n"
				 "Runs commands: those typed, or\n"
				 "  -c COMMANDS  the ones given\n"
				 "  --link       the scripts that the host sends over the host link\n"
				 "  FILE         those in a file\n"
				 "'help' in the shell tells what commands there are.\n";

extern char **environ;

static int start(struct shell *shell) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "contexts", &protocol, &shell->contexts);
	if (error == ERROR_OK) error = events_start(&shell->events, shell->contexts);
	for (char **at = environ; at && *at; at++) {
		if (assignment_name_length(*at) && !variables_set(&shell->variables, *at)) error = ERROR_NO_MEMORY;
	}
	if (error == ERROR_OK) return 1;
	fprintf(stderr, "shell: it cannot make contexts: %s\n", error_text(error));
	return 0;
}

static int run_file(struct shell *shell, const char *name) {
	if (!freopen(name, "r", stdin)) {
		fprintf(stderr, "shell: %s: %s\n", name, strerror(errno));
		return STATUS_NOT_FOUND;
	}
	return console_run(shell);
}

int main(int argc, char **argv) {
	static struct shell shell;
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	int command = argc == 3 && strcmp(argv[1], "-c") == 0;
	int link = argc == 2 && strcmp(argv[1], "--link") == 0;
	int file = argc == 2 && argv[1][0] != '-';
	if (argc > 1 && !command && !link && !file) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	if (!start(&shell)) return 1;
	if (link) return link_run(&shell);
	if (file) return run_file(&shell, argv[1]);
	if (!command) return console_run(&shell);
	shell_run_text(&shell, (struct shell_text){argv[2], strlen(argv[2])});
	return shell.status;
}
