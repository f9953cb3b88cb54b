/* SPDX-License-Identifier: MIT */
/*
 * /sbin/vic: the context layer.
 *
 * Starts it and serves. What it knows is in vic.h, its handlers are in serve_*.c. It offers its
 * parent the top of all contexts (`contexts`) and the right to register factories (`factories`),
 * and registers /ic and /icf. The memory of contexts comes from the pager that the parent names
 * `pager`.
 */
#include <nacre/pin.h>
#include <nacre/protocol/name.h>
#include <nacre/start.h>

#include "directory.h"
#include "serve.h"

static struct vic_server vic_server;

static const struct server_protocol protocols[] = {
	{.number = PROTOCOL_CONTEXT,
         .dispatch = context_dispatch,
         .handlers = &context_handlers,
         .context = &vic_server},
	{.number = PROTOCOL_PARENT, .dispatch = parent_dispatch, .handlers = &parent_handlers, .context = &vic_server},
	{.number = PROTOCOL_FAULT, .dispatch = fault_dispatch, .handlers = &fault_handlers, .context = &vic_server},
	{.number = PROTOCOL_FACTORY,
         .dispatch = factory_dispatch,
         .handlers = &factory_handlers,
         .context = &vic_server},
	{.number = PROTOCOL_FILE, .dispatch = file_dispatch, .handlers = &file_handlers, .context = &vic_server},
};

/* What the top of all contexts lives from. */
static error_t top_equip(struct vic_server *server) {
	struct resources *top = &server->vic.top.resources;
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "pager", &protocol, &top->memory);

	if (error == ERROR_OK) error = parent_get(start_parent(), "namespace", &protocol, &server->names);
	top->names = server->names;
	top->names_maker = server->names;
	return error;
}

static error_t directory_register(const struct vic_server *server, const char *path, enum node_tree tree) {
	const struct node root = {.tree = tree};
	uint64_t registration;

	return name_register(server->names, PROTOCOL_FILE, path,
	                     own_capability(server, PROTOCOL_FILE, node_pack(&root)), &registration);
}

static error_t offer(const struct vic_server *server, uint32_t protocol, const char *name) {
	return parent_offer(start_parent(), protocol, name, own_capability(server, protocol, 0));
}

static error_t start(struct vic_server *server) {
	error_t error = server_self(&server->self);

	vic_create(&server->vic, &vic_world, server);
	if (error == ERROR_OK) error = top_equip(server);
	if (error == ERROR_OK) error = directory_register(server, "/ic", NODE_CONTEXTS);
	if (error == ERROR_OK) error = directory_register(server, "/icf", NODE_FACTORIES);
	if (error == ERROR_OK) error = offer(server, PROTOCOL_CONTEXT, "contexts");
	if (error == ERROR_OK) error = offer(server, PROTOCOL_FACTORY, "factories");
	if (error == ERROR_OK) error = parent_ready(start_parent());
	return error;
}

int main(void) {
	static struct server server = {
		.protocols = protocols,
		.protocol_count = sizeof(protocols) / sizeof(protocols[0]),
		.capability_window = 2,
	};
	error_t error;

	memory_pin();
	error = start(&vic_server);

	/* Nobody to tell but the parent, which reads the exit status as an error_t. */
	if (error != ERROR_OK) return (int)error;
	server_run(&server);
}
