/* SPDX-License-Identifier: MIT */
/*
 * One shell: what it remembers from command to command, and how commands are run.
 */
#ifndef NACRE_SHELL_SHELL_H
#define NACRE_SHELL_SHELL_H

#include <nacre/server.h>

#include "events.h"
#include "history.h"
#include "parse.h"
#include "variables.h"

/* Exit statuses with a meaning of their own; others are the programs'. */
#define STATUS_USAGE       2
#define STATUS_CANNOT_RUN  126 /* found, but it could not be started */
#define STATUS_NOT_FOUND   127
#define STATUS_SIGNAL      128                 /* plus the POSIX signal that tells best what happened */
#define STATUS_INTERRUPTED (STATUS_SIGNAL + 2) /* by ^C */

struct shell {
	struct variables variables;
	struct variables extra; /* for programs that the present command starts: A=1 COMMAND */
	struct history history;
	struct events events;
	capability_t contexts; /* the shell's own context: all it makes is below it */
	int status;            /* $? */
	int leaving;           /* `exit` was run */

	/* Told after each command that ran; may be null. */
	void (*report)(struct shell *shell, struct shell_text command, int status, uint64_t elapsed);
	void *report_context;
};

/* Runs all of the text, line by line. What is incomplete at its end is a mistake. */
void shell_run_text(struct shell *shell, struct shell_text text);

/* Runs one parsed line. */
void shell_run_line(struct shell *shell, const struct shell_line *line);

/* Says what was wrong with a line, as a command that failed. */
void shell_refuse_line(struct shell *shell, const struct shell_line *line, const char *problem);

/* The two kinds of shell that wait for input. Both return the status that the shell ends with. */
int console_run(struct shell *shell);
int link_run(struct shell *shell);

#endif
