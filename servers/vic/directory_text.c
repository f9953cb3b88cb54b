/* SPDX-License-Identifier: MIT */
/*
 * What the files in /ic and /icf say. Read directory.h first.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "directory.h"
#include "directory_text.h"
#include "ending.h"
#include "factory.h"
#include "life.h"

/* Text under construction; what does not fit is cut. */
struct page {
	char *text;
	size_t length;
};

static void __attribute__((format(printf, 2, 3))) page_print(struct page *page, const char *format, ...) {
	size_t room = NODE_TEXT_MAX - page->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(page->text + page->length, room, format, arguments);
	va_end(arguments);
	if (length > 0) page->length += (size_t)length < room ? (size_t)length : room - 1;
}

static void print_name(struct page *page, const struct context *context) { page_print(page, "%s\n", context->name); }

static void print_state(struct page *page, const struct context *context) {
	page_print(page, "%s\n", state_name(context->state));
}

static void print_program(struct page *page, const struct context *context) {
	page_print(page, "%s\n", context->program);
}

static void print_factory(struct page *page, const struct context *context) {
	page_print(page, "%s\n", context->factory_name);
}

static void print_parent(struct page *page, const struct context *context) {
	page_print(page, "%" PRIu64 "\n", context->parent->entry.number);
}

static void print_end(struct page *page, const struct context *context) {
	page_print(page, "%s\n", context->ending.detail);
}

static void print_limit(struct page *page, const struct context *context) {
	if (context->limit == UINT64_MAX)
		page_print(page, "none\n");
	else
		page_print(page, "%" PRIu64 "\n", context->limit);
}

/* File n is entry n - 1. `memory` needs the pager: node_text() prints it. */
static const struct {
	const char *name;
	void (*print)(struct page *page, const struct context *context);
} files[] = {
	{"name", print_name},     {"state", print_state}, {"program", print_program}, {"factory", print_factory},
	{"parent", print_parent}, {"limit", print_limit}, {"end", print_end},         {"memory", NULL},
};

#define FILE_COUNT (sizeof(files) / sizeof(files[0]))

uint32_t context_file_named(const char *name, size_t length) {
	for (uint32_t index = 0; index < FILE_COUNT; index++)
		if (strlen(files[index].name) == length && memcmp(files[index].name, name, length) == 0)
			return index + 1;
	return 0;
}

const char *context_file_name(uint64_t file) { return file >= 1 && file <= FILE_COUNT ? files[file - 1].name : NULL; }

/* One property a line. */
static void print_factory_text(struct page *page, const struct factory *factory) {
	page_print(page, "name=%s\ncontexts=%" PRIu64 "\n", factory->name, factory->contexts);
	for (const char *word = factory->description; *word; word += strspn(word, " ")) {
		size_t length = strcspn(word, " ");

		page_print(page, "%.*s\n", (int)length, word);
		word += length;
	}
}

size_t node_text(struct vic *vic, const struct node *node, memory_used_t memory_used, char text[NODE_TEXT_MAX]) {
	struct page page = {.text = text};
	const struct context *context;

	if (node->tree == NODE_FACTORIES) {
		print_factory_text(&page, vic_factory_find(vic, node->number));
		return page.length;
	}
	context = vic_context_find(vic, node->number);
	if (node->file < 1 || node->file > FILE_COUNT) return 0;
	if (files[node->file - 1].print)
		files[node->file - 1].print(&page, context);
	else
		page_print(&page, "%" PRIu64 "\n", memory_used(vic->world_context, context));
	return page.length;
}
