/* SPDX-License-Identifier: MIT */
/*
 * The words of the kernel's command line that are root's: boot=PATH, verbose.
 */
#ifndef ROOT_COMMAND_LINE_H
#define ROOT_COMMAND_LINE_H

#include "text.h"

#define COMMAND_LINE_SCRIPT "/etc/boot"

enum command_line_talk {
	TALK_FAILURES, /* say what went wrong */
	TALK_ALL,      /* and what went well */
};

struct command_line {
	struct piece script; /* path of the boot script in the archive */
	enum command_line_talk talk;
};

/* Words that mean nothing to root are skipped: others may know them. */
struct command_line command_line_read(struct piece text);

#endif
