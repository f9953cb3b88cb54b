/* SPDX-License-Identifier: MIT */
/*
 * Requests to the naming server: from messages to names.h and back.
 *
 * A badge is the number of a view; the view of a released number is gone. Read names.h first.
 */
#include <string.h>

#include <nacre/entries.h>
#include <nacre/protocol/file.h>

#include "serve.h"

/* The view a request came through and, if it has one, its path. */
struct asked {
	struct names *names;
	struct view *view;
	struct path path;
};

static error_t asked_view(struct request *request, struct asked *asked) {
	struct names_server *server = request->context;

	asked->names = &server->names;
	asked->view = names_view(asked->names, BADGE_OBJECT(request->badge));
	return asked->view ? ERROR_OK : ERROR_GONE;
}

static error_t asked_path(struct request *request, const char *path, struct asked *asked) {
	error_t error = asked_view(request, asked);

	if (error != ERROR_OK) return error;
	return path_resolve(&asked->view->root, path, strlen(path), &asked->path);
}

static error_t wait_begin(struct request *request, const struct asked *asked) {
	struct delayed_reply later;
	error_t error = request_defer(request, &later);

	if (error != ERROR_OK) return error;
	error = names_wait(asked->names, asked->view, &asked->path, later.slot);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&later, error));
	return ERROR_OK;
}

static error_t handle_lookup(struct request *request, uint32_t flags, const char *path,
                             struct name_lookup_reply *reply) {
	struct asked asked;
	struct found found;
	error_t error = asked_path(request, path, &asked);

	if (error != ERROR_OK) return error;
	if (flags & NAME_LOOKUP_WAIT)
		error = names_lookup_awaited(asked.names, &asked.path, &found);
	else
		error = names_lookup(asked.names, &asked.path, &found);
	if (error == ERROR_NOT_FOUND && (flags & NAME_LOOKUP_WAIT)) return wait_begin(request, &asked);
	if (error != ERROR_OK) return error;
	reply->protocol = found.protocol;
	memcpy(reply->rest, found.rest, found.rest_length);
	reply->rest[found.rest_length] = '\0';
	reply->capability = item_share(found.slot);
	return ERROR_OK;
}

/* A view of our own is no capability that others could be given: it has no slot. */
static error_t place(struct request *request, enum names_placing placing, const char *path, uint32_t protocol,
                     const struct received_capability *capability, uint64_t *registration_out) {
	struct asked asked;
	error_t error = asked_view(request, &asked);

	if (error != ERROR_OK) return error;
	if (capability->kind != RECEIVED_CAPABILITY) return ERROR_CAPABILITY;
	error = names_register(asked.names, asked.view, placing, path, strlen(path), protocol, capability->slot,
	                       registration_out);
	if (error == ERROR_OK) request_keep(request, capability);
	return error;
}

static error_t handle_register(struct request *request, uint32_t protocol, const char *path,
                               const struct received_capability *capability, uint64_t *registration_out) {
	return place(request, NAMES_REGISTER, path, protocol, capability, registration_out);
}

static error_t handle_bind(struct request *request, const char *path, const struct received_capability *directory,
                           uint64_t *registration_out) {
	return place(request, NAMES_BIND, path, PROTOCOL_FILE, directory, registration_out);
}

static error_t handle_unregister(struct request *request, const char *path) {
	struct asked asked;
	error_t error = asked_path(request, path, &asked);

	if (error != ERROR_OK) return error;
	return names_unregister(asked.names, asked.view, &asked.path);
}

/* A listing under way: the bytes of the answer. */
struct packing {
	void *bytes;
	size_t used;
};

static uint32_t listing_kind(const struct listing *listing) {
	if (listing->protocol == 0 || listing->protocol == PROTOCOL_FILE) return FILE_KIND_DIRECTORY;
	return FILE_KIND_SERVICE;
}

static _Bool entry_take(void *context, const struct listing *listing) {
	struct packing *packing = context;
	struct entry entry = {
		.kind = listing_kind(listing),
		.protocol = listing->protocol,
	};

	_Static_assert(PATH_COMPONENT_MAX <= ENTRY_NAME_MAX, "every component can be listed");
	memcpy(entry.name, listing->name, listing->name_length);
	return entries_put(packing->bytes, NAME_LIST_ENTRIES_MAX, &packing->used, &entry);
}

static error_t handle_list(struct request *request, uint64_t cursor, const char *path, uint64_t *cursor_out,
                           void *entries_out, size_t *entries_size_out) {
	struct packing packing = {.bytes = entries_out};
	struct asked asked;
	error_t error = asked_path(request, path, &asked);

	if (error == ERROR_OK) error = names_list(asked.names, &asked.path, &cursor, entry_take, &packing);
	if (error != ERROR_OK) return error;
	*cursor_out = cursor;
	*entries_size_out = packing.used;
	return ERROR_OK;
}

static error_t handle_watch(struct request *request, const char *path, const struct received_capability *signal,
                            uint64_t *watch_out) {
	struct asked asked;
	error_t error = asked_path(request, path, &asked);

	if (error != ERROR_OK) return error;
	if (signal->kind != RECEIVED_CAPABILITY) return ERROR_CAPABILITY;
	error = names_watch(asked.names, asked.view, &asked.path, signal->slot, watch_out);
	if (error == ERROR_OK) request_keep(request, signal);
	return error;
}

static error_t handle_unwatch(struct request *request, uint64_t watch) {
	struct asked asked;
	error_t error = asked_view(request, &asked);

	return error == ERROR_OK ? names_unwatch(asked.names, asked.view, watch) : error;
}

static error_t handle_view(struct request *request, uint32_t rights, const char *path, uint64_t *view_out,
                           struct ipc_item *name_out) {
	const struct names_server *server = request->context;
	struct asked asked;
	struct view *view;
	error_t error = asked_view(request, &asked);

	if (error == ERROR_OK) error = view_create(asked.names, asked.view, rights, path, strlen(path), &view);
	if (error != ERROR_OK) return error;
	*view_out = view->entry.number;
	*name_out = item_badge(server->self, RIGHT_SEND, BADGE(PROTOCOL_NAME, view->entry.number));
	return ERROR_OK;
}

static error_t handle_release(struct request *request, uint64_t number) {
	struct asked asked;
	struct view *view;
	error_t error = asked_view(request, &asked);

	if (error != ERROR_OK) return error;
	view = view_find_below(asked.names, asked.view, number);
	if (!view) return ERROR_NOT_FOUND;
	view_release(asked.names, view);
	return ERROR_OK;
}

const struct name_handlers names_handlers = {
	.lookup = handle_lookup,
	.register_ = handle_register,
	.unregister = handle_unregister,
	.list = handle_list,
	.watch = handle_watch,
	.unwatch = handle_unwatch,
	.bind = handle_bind,
	.view = handle_view,
	.release = handle_release,
};
