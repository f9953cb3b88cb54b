/* SPDX-License-Identifier: MIT */
/*
 * /ic and /icf: contexts and factories as files that `ls` and `cat` show.
 *
 * A badge's object is a packed node (directory.h). Nothing can be written.
 */
#include <string.h>

#include <nacre/entries.h>

#include "directory.h"
#include "serve.h"

static error_t asked_node(struct request *request, struct vic_server **server, struct node *node) {
	*server = request->context;
	*node = node_unpack(BADGE_OBJECT(request->badge));
	return node_exists(&(*server)->vic, node) ? ERROR_OK : ERROR_GONE;
}

static uint32_t node_kind(const struct node *node) {
	return node_is_directory(node) ? FILE_KIND_DIRECTORY : FILE_KIND_FILE;
}

/* Bytes in a file, 0 for a directory. */
static uint64_t node_size(struct vic_server *server, const struct node *node) {
	char text[NODE_TEXT_MAX];

	if (node_is_directory(node)) return 0;
	return node_text(&server->vic, node, world_memory_used, text);
}

static error_t serve_lookup(struct request *request, const char *path, struct file_lookup_reply *reply) {
	struct vic_server *server;
	struct node from, node;
	error_t error = asked_node(request, &server, &from);

	if (error == ERROR_OK) error = node_lookup(&server->vic, &from, path, &node);
	if (error != ERROR_OK) return error;
	reply->kind = node_kind(&node);
	reply->protocol = PROTOCOL_FILE;
	reply->consumed = (uint32_t)strlen(path);
	reply->size = node_size(server, &node);
	reply->node = own_capability(server, PROTOCOL_FILE, node_pack(&node));
	return ERROR_OK;
}

/* Packs entries until one does not fit. @cursor becomes that of the last one, or 0 at the end. */
static void entries_pack(struct vic_server *server, const struct node *directory, uint64_t *cursor, void *bytes,
                         size_t *used) {
	struct node_entry next;
	uint64_t position = *cursor;

	while (node_next(&server->vic, directory, &position, &next)) {
		struct entry entry = {
			.kind = node_kind(&next.node),
			.protocol = PROTOCOL_FILE,
			.size = node_size(server, &next.node),
		};

		memcpy(entry.name, next.name, sizeof(next.name));
		if (!entries_put(bytes, FILE_LIST_ENTRIES_MAX, used, &entry)) return;
		*cursor = position;
	}
	*cursor = 0;
}

static error_t serve_list(struct request *request, uint64_t cursor, const char *path, uint64_t *cursor_out,
                          void *entries_out, size_t *entries_size_out) {
	struct vic_server *server;
	struct node from, node;
	error_t error = asked_node(request, &server, &from);

	if (error == ERROR_OK) error = node_lookup(&server->vic, &from, path, &node);
	if (error != ERROR_OK) return error;
	if (!node_is_directory(&node)) return ERROR_STATE;
	*entries_size_out = 0;
	entries_pack(server, &node, &cursor, entries_out, entries_size_out);
	*cursor_out = cursor;
	return ERROR_OK;
}

static error_t serve_stat(struct request *request, struct file_stat_reply *reply) {
	struct vic_server *server;
	struct node node;
	error_t error = asked_node(request, &server, &node);

	if (error != ERROR_OK) return error;
	reply->kind = node_kind(&node);
	reply->size = node_size(server, &node);
	reply->serial = node_pack(&node);
	return ERROR_OK;
}

static error_t serve_read(struct request *request, uint64_t offset, uint32_t count, void *data_out,
                          size_t *data_size_out) {
	char text[NODE_TEXT_MAX];
	struct vic_server *server;
	struct node node;
	size_t size;
	error_t error = asked_node(request, &server, &node);

	if (error != ERROR_OK) return error;
	if (node_is_directory(&node)) return ERROR_STATE;
	size = node_text(&server->vic, &node, world_memory_used, text);
	*data_size_out = 0;
	if (offset < size) {
		*data_size_out = size - (size_t)offset < count ? size - (size_t)offset : count;
		memcpy(data_out, text + offset, *data_size_out);
	}
	return ERROR_OK;
}

static error_t refuse_write(struct request *request, uint64_t offset, const void *data, size_t data_size,
                            uint32_t *count_out) {
	(void)request, (void)offset, (void)data, (void)data_size, (void)count_out;
	return ERROR_RIGHT;
}

static error_t refuse_set_size(struct request *request, uint64_t size) {
	(void)request, (void)size;
	return ERROR_RIGHT;
}

static error_t refuse_create(struct request *request, uint32_t kind, const char *path, struct ipc_item *node_out) {
	(void)request, (void)kind, (void)path, (void)node_out;
	return ERROR_RIGHT;
}

static error_t refuse_remove(struct request *request, const char *path) {
	(void)request, (void)path;
	return ERROR_RIGHT;
}

/* `map` is left out: the contents change with every reading, so there are no pages to map. */
const struct file_handlers file_handlers = {
	.lookup = serve_lookup,
	.list = serve_list,
	.stat = serve_stat,
	.read = serve_read,
	.write = refuse_write,
	.set_size = refuse_set_size,
	.create = refuse_create,
	.remove = refuse_remove,
};
