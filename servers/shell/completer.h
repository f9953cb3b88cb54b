/* SPDX-License-Identifier: MIT */
/*
 * The tab key: candidates from commands, programs, verbs and the tree. Read completion.h first.
 */
#ifndef NACRE_SHELL_COMPLETER_H
#define NACRE_SHELL_COMPLETER_H

#include "line_editor.h"
#include "shell.h"

struct completer {
	struct shell *shell;
	size_t columns;
};

/* For struct editor_terminal; @context is a struct completer. */
void completer_complete(void *context, struct line_editor *editor);

#endif
