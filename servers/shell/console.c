/* SPDX-License-Identifier: MIT */
/*
 * The shell for a person: a prompt, a line, its commands, and again.
 *
 * The terminal is raw while a line is edited and canonical while commands run, so that they get
 * lines and ^C ends them. Input that is no terminal is read as a script.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/protocol/stream.h>

#include "completer.h"
#include "shell.h"

#define PROMPT         "nacre> "
#define PROMPT_FURTHER "     > "
#define GREETING       "/etc/motd"
#define COLUMNS        80u

struct console {
	struct shell *shell;
	capability_t terminal;
	struct completer completer;
	struct line_editor editor;
	char *text; /* lines typed so far that are not complete */
};

static void show(void *context, const char *bytes, size_t count) {
	(void)context;
	while (count > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, count);
		if (written <= 0) return;
		bytes += written;
		count -= (size_t)written;
	}
}

static void set_mode(const struct console *console, uint32_t mode) {
	uint32_t previous;
	error_ignore(stream_set_mode(console->terminal, mode, &previous)); /* it stays usable */
}

/*
 * Edits a line. What stands in editor->text then is the line, unless EDITOR_MORE: no input is
 * left.
 */
static enum editor_result edit(struct console *console, const char *prompt) {
	enum editor_result result = EDITOR_MORE;
	uint8_t byte;
	set_mode(console, STREAM_MODE_RAW);
	editor_begin(&console->editor, prompt, console->completer.columns);
	while (result == EDITOR_MORE && read(STDIN_FILENO, &byte, 1) == 1) result = editor_key(&console->editor, byte);
	set_mode(console, STREAM_MODE_CANONICAL | STREAM_MODE_ECHO);
	return result;
}

/* Adds the edited line to the text; 0 if there is no memory for it. */
static int add_line(struct console *console) {
	size_t length = console->text ? strlen(console->text) : 0;
	char *text = realloc(console->text, length + console->editor.length + 2);
	if (!text) return 0;
	sprintf(text + length, "%s\n", console->editor.text);
	console->text = text;
	return 1;
}

static int is_incomplete(const char *text) {
	struct shell_text rest = {text, strlen(text)};
	struct shell_line line;
	enum parse_result result = PARSE_LINE;
	while (result != PARSE_INCOMPLETE && rest.length > 0) {
		result = line_parse(&rest, &line);
		line_free(&line);
	}
	return result == PARSE_INCOMPLETE;
}

static void run_text(struct console *console) {
	struct shell_text text = {console->text, strlen(console->text)};
	console->text[text.length - 1] = 0; /* the history keeps no line end */
	history_add(&console->shell->history, console->text);
	console->text[text.length - 1] = '\n';
	shell_run_text(console->shell, text);
}

static void text_drop(struct console *console) {
	free(console->text);
	console->text = NULL;
}

/* One prompt; 0 when there will be no more input. */
static int take_line(struct console *console) {
	enum editor_result result = edit(console, console->text ? PROMPT_FURTHER : PROMPT);
	if (result == EDITOR_CANCELLED) {
		text_drop(console);
		return 1;
	}
	if (result != EDITOR_LINE) return 0;
	if (!add_line(console))
		fputs("shell: not enough memory for the line\n", stderr);
	else if (!is_incomplete(console->text)) {
		run_text(console);
		text_drop(console);
	}
	return 1;
}

/* A system without a greeting is as good. */
static void greet(void) {
	int byte;
	FILE *file = fopen(GREETING, "r");
	if (!file) return;
	while ((byte = getc(file)) != EOF) putchar(byte);
	fclose(file);
	fflush(stdout);
}

static int run_terminal(struct shell *shell, capability_t terminal) {
	struct console console = {.shell = shell, .terminal = terminal};
	struct editor_terminal editor_terminal = {show, completer_complete, &console.completer};
	uint32_t columns, rows;
	if (stream_size(terminal, &columns, &rows) != ERROR_OK) columns = COLUMNS;
	console.completer = (struct completer){.shell = shell, .columns = columns};
	if (!editor_initialize(&console.editor, editor_terminal, &shell->history)) {
		fputs("shell: not enough memory to start\n", stderr);
		return 1;
	}
	greet();
	while (!shell->leaving && take_line(&console)) continue;
	return shell->status;
}

/* Reads all there is; NULL if there is no memory for it. */
static char *read_all(size_t *size_out) {
	size_t size = 0, count;
	char *text = malloc(BUFSIZ);
	while (text && (count = fread(text + size, 1, BUFSIZ, stdin)) > 0) {
		size += count;
		char *larger = realloc(text, size + BUFSIZ);
		if (!larger) free(text);
		text = larger;
	}
	*size_out = size;
	return text;
}

int console_run(struct shell *shell) {
	capability_t terminal;
	uint32_t protocol;
	if (isatty(STDIN_FILENO) && descriptor_capability(STDIN_FILENO, &terminal, &protocol))
		return run_terminal(shell, terminal);
	size_t size;
	char *text = read_all(&size);
	if (!text) {
		fputs("shell: not enough memory for the commands\n", stderr);
		return 1;
	}
	shell_run_text(shell, (struct shell_text){text, size});
	free(text);
	return shell->status;
}
