/* SPDX-License-Identifier: MIT */
/*
 * The way through the boot script: one server after the other, each waited for until it is ready.
 *
 * A line that fails is reported with its number and the reason, and the boot goes on.
 */
#include "root.h"

/* A server that takes longer is not waited for any more; it may still come. */
#define READY_SECONDS 10u
#define SECOND        UINT64_C(1000000000)

#define NOTHING ((struct piece){NULL, 0})

/* "PATH:LINE: " */
static void place_put(struct text *text, const struct root *root, const struct script_line *line) {
	text_piece(text, root->command_line.script);
	text_string(text, ":");
	text_decimal(text, line->number);
	text_string(text, ": ");
}

/* "PATH:LINE: NAME: what: problem"; @name and @what may be empty. */
static void line_report(struct root *root, const struct script_line *line, struct piece name, struct piece what,
                        const char *problem) {
	const struct piece parts[] = {name, what};
	struct text text = {.size = 0};

	place_put(&text, root, line);
	for (unsigned int part = 0; part < 2; part++) {
		if (parts[part].size == 0) continue;
		text_piece(&text, parts[part]);
		text_string(&text, ": ");
	}
	text_string(&text, problem);
	terminal_line(&text);
	root->failures++;
}

static void child_report(struct root *root, const struct child *child, const char *problem) {
	line_report(root, &child->line, script_line_name(&child->line), NOTHING, problem);
}

static void line_start(struct root *root, const struct script_line *line) {
	const char *problem = child_start(root, line, &root->awaited);

	if (problem) {
		root->awaited = NULL;
		line_report(root, line, script_line_name(line), script_line_program(line), problem);
	} else {
		deadline_set(root, READY_SECONDS * SECOND);
	}
}

static void end_report(struct root *root) {
	struct text text = {.size = 0};

	if (root->failures == 0 && root->command_line.talk == TALK_FAILURES) return;
	text_string(&text, "root: ");
	text_decimal(&text, root->child_count);
	text_string(&text, " servers started, ");
	text_decimal(&text, root->failures);
	text_string(&text, root->failures == 1 ? " line failed" : " lines failed");
	terminal_line(&text);
}

int boot_start(struct root *root) {
	struct archive_file file;
	enum archive_result result = archive_find(&root->archive, root->command_line.script, &file);
	struct text text = {.size = 0};

	if (result == ARCHIVE_FOUND) {
		root->script.rest = (struct piece){(const char *)root->archive.bytes + file.offset, file.size};
		return 1;
	}
	text_string(&text, "root: boot script ");
	text_piece(&text, root->command_line.script);
	text_string(&text, ": ");
	text_string(&text, archive_result_text(result));
	terminal_line(&text);
	return 0;
}

void boot_go_on(struct root *root) {
	struct script_line line;
	const char *problem;

	while (!root->awaited && !root->is_up) {
		switch (script_next(&root->script, &line, &problem)) {
		case SCRIPT_LINE: line_start(root, &line); break;
		case SCRIPT_WRONG: line_report(root, &line, NOTHING, NOTHING, problem); break;
		default: root->is_up = 1; end_report(root);
		}
	}
}

void boot_waited_too_long(struct root *root) {
	struct child *child = root->awaited;

	if (!child) return;
	root->awaited = NULL;
	child_report(root, child, "not ready after 10 seconds; going on without it");
}

void boot_child_failed(struct root *root, struct child *child) {
	if (root->awaited != child) return;
	root->awaited = NULL;
	deadline_set(root, 0);
	child_report(root, child, "ended before it was ready; going on without it");
}
