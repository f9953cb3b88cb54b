/* SPDX-License-Identifier: MIT */
/*
 * The shell for the host link: scripts instead of a prompt, each command's result to the host.
 *
 * Read docs/host-link.md, channel 1, first. The scripts' input is at its end; their outputs go to
 * the host.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/path.h>
#include <nacre/protocol/hostlink.h>
#include <nacre/slot.h>

#include "shell.h"

struct link_shell {
	capability_t hostlink;
	uint32_t commands;
	uint32_t failed;
	int first_failure; /* status of the first command that failed, 0 if none did */
};

static void report(struct shell *shell, struct shell_text command, int status, uint64_t elapsed) {
	struct link_shell *link = shell->report_context;
	char text[HOSTLINK_REPORT_TEXT_MAX + 1];
	size_t length = command.length < sizeof text ? command.length : sizeof text - 1;
	memcpy(text, command.start, length);
	for (size_t i = 0; i < length; i++) text[i] = text[i] ? text[i] : '?';
	text[length] = 0;
	link->commands++;
	link->failed += status != 0;
	if (link->first_failure == 0) link->first_failure = status;
	/* Without a host nobody wants to know. */
	error_ignore(hostlink_report(link->hostlink, link->commands, status, elapsed, text));
}

/* Puts a stream of the link behind a descriptor. */
static error_t connect(capability_t hostlink, uint32_t which, int descriptor) {
	capability_t stream;
	error_t error = hostlink_stream(hostlink, which, &stream);
	if (error != ERROR_OK) return error;
	int opened = descriptor_open(stream, PROTOCOL_STREAM, O_RDWR);
	if (opened < 0) return ERROR_NO_MEMORY;
	if (opened == descriptor) return ERROR_OK;
	int connected = dup2(opened, descriptor);
	close(opened);
	return connected == descriptor ? ERROR_OK : ERROR_NO_MEMORY;
}

static error_t connect_all(capability_t hostlink) {
	error_t error = connect(hostlink, HOSTLINK_STREAM_OUTPUT, STDIN_FILENO);
	if (error == ERROR_OK) error = connect(hostlink, HOSTLINK_STREAM_OUTPUT, STDOUT_FILENO);
	if (error == ERROR_OK) error = connect(hostlink, HOSTLINK_STREAM_ERROR, STDERR_FILENO);
	return error;
}

static error_t read_script(capability_t hostlink, char *text, uint64_t size) {
	uint64_t at = 0;
	while (at < size) {
		size_t count;
		error_t error = hostlink_read_script(hostlink, at, text + at, size - at, &count);
		if (error != ERROR_OK || count == 0) return error == ERROR_OK ? ERROR_IO : error;
		at += count;
	}
	return ERROR_OK;
}

static void run_script(struct shell *shell, struct link_shell *link, uint64_t size) {
	char *text = malloc(size + 1);
	link->commands = 0;
	link->failed = 0;
	link->first_failure = 0;
	shell->leaving = 0;
	shell->status = 0;
	if (text && read_script(link->hostlink, text, size) == ERROR_OK) {
		shell_run_text(shell, (struct shell_text){text, size});
	} else {
		fputs("shell: not enough memory for the script\n", stderr);
		fflush(stderr);
		report(shell, (struct shell_text){"", 0}, 1, 0);
	}
	free(text);
	error_ignore(hostlink_done(link->hostlink, link->first_failure, link->commands, link->failed));
}

int link_run(struct shell *shell) {
	static struct link_shell link;
	uint64_t size;
	error_t error = path_open_service("/svc/hostlink", PROTOCOL_HOSTLINK, &link.hostlink);
	if (error == ERROR_OK) error = connect_all(link.hostlink);
	shell->report = report;
	shell->report_context = &link;
	while (error == ERROR_OK) {
		error = hostlink_next_script(link.hostlink, &size);
		if (error == ERROR_OK) run_script(shell, &link, size);
	}
	fprintf(stderr, "shell: the host link: %s\n", error_text(error));
	return 1;
}
