/* SPDX-License-Identifier: MIT */
/*
 * The receive loop.
 *
 * Owns the round reply - wait - dispatch, and what is left over of each request: capabilities that
 * nobody kept are deleted, so a client cannot fill a server's table. Read nacre/server.h first.
 */
#include <string.h>

#include <nacre/server.h>
#include <nacre/slot.h>

/* A window of slots for the capabilities of the next request. Without one they are refused. */
static void window_prepare(struct server *server, struct utcb *utcb) {
	if (server->capability_window != 0 && server->window_slot == CAPABILITY_NONE &&
	    slot_allocate(server->capability_window, &server->window_slot) != ERROR_OK)
		server->window_slot = CAPABILITY_NONE;
	utcb->window_slot = server->window_slot;
	utcb->window_slot_count = server->window_slot != CAPABILITY_NONE ? server->capability_window : 0;
	utcb->window_address = server->page_window;
	utcb->window_size = server->page_window_size;
}

static void items_note(struct request *request, const struct utcb *utcb) {
	unsigned int items = IPC_TAG_ITEMS(request->tag);

	for (unsigned int i = 0; i < items; i++) {
		const struct ipc_item *item = &utcb->received[i];
		struct received_capability *capability;

		if ((item->header & ITEM_TYPE_MASK) == ITEM_PAGES) {
			request->pages.items[request->pages.count++] = *item;
			continue;
		}
		if ((item->header & ITEM_TYPE_MASK) != ITEM_CAPABILITY) request->reply_rights = 1;
		capability = &request->capabilities[request->capability_count++];
		capability->kind = item->header & ITEM_OWN ? RECEIVED_OWN : RECEIVED_CAPABILITY;
		capability->slot = item->header & ITEM_OWN ? CAPABILITY_NONE : (capability_t)item->source;
		capability->badge = item->header & ITEM_OWN ? item->count : 0;
	}
}

int request_items_are(struct request *request, unsigned int required, unsigned int maximum, unsigned int least,
                      unsigned int most) {
	unsigned int count = request->capability_count;

	if (count < required || count > maximum || request->pages.count < least || request->pages.count > most)
		return 0;
	/* No method takes somebody else's right to answer: kept like a capability, it could not be passed on. */
	if (request->reply_rights) return 0;
	for (unsigned int i = count; i < maximum; i++)
		request->capabilities[i] = (struct received_capability){.kind = RECEIVED_NONE};
	return 1;
}

capability_t request_keep(struct request *request, const struct received_capability *capability) {
	request->kept |= 1u << (capability - request->capabilities);
	return capability->slot;
}

/*
 * Deletes what was not kept. If something was, the window moves elsewhere and its other slots go
 * back.
 */
static void items_settle(struct request *request) {
	struct server *server = request->server;
	uint64_t kept = 0;

	for (unsigned int i = 0; i < request->capability_count; i++) {
		const struct received_capability *capability = &request->capabilities[i];

		if (capability->kind != RECEIVED_CAPABILITY) continue;
		if (request->kept & 1u << i)
			kept |= UINT64_C(1) << (capability->slot - server->window_slot);
		else
			capability_clear(capability->slot);
	}
	if (kept == 0) return;
	for (unsigned int i = 0; i < server->capability_window; i++)
		if (!(kept & UINT64_C(1) << i)) slot_free(server->window_slot + i, 1);
	server->window_slot = CAPABILITY_NONE;
}

static const struct server_protocol *protocol_find(const struct server *server, uint32_t number) {
	for (unsigned int i = 0; i < server->protocol_count; i++)
		if (server->protocols[i].number == number) return &server->protocols[i];
	return NULL;
}

static uint64_t request_dispatch(struct request *request) {
	uint32_t number = LABEL_PROTOCOL(IPC_TAG_LABEL(request->tag));
	const struct server_protocol *protocol = protocol_find(request->server, number);

	if (!protocol) return IPC_TAG(ERROR_UNKNOWN, 0, 0);
	if (protocol->badges == SERVER_BADGES_BY_PROTOCOL && BADGE_PROTOCOL(request->badge) != number)
		return IPC_TAG(ERROR_UNKNOWN, 0, 0);
	request->context = protocol->context;
	return protocol->dispatch(request, protocol->handlers);
}

static void message_handle(struct server *server, uint64_t badge, uint64_t tag, struct server_reply *reply) {
	struct request request;

	request.badge = badge;
	request.tag = tag;
	request.server = server;
	request.deferred = 0;
	request.kept = 0;
	request.reply_rights = 0;
	request.capability_count = 0;
	request.pages.count = 0;
	if (IPC_TAG_ITEMS(tag) != 0) items_note(&request, utcb_get());
	reply->tag = request_dispatch(&request);
	reply->pending = !request.deferred && !(tag & IPC_TAG_ONE_WAY);
	if (request.capability_count != 0) items_settle(&request);
}

/*
 * What to do when `ipc` fails: a deadline is the program's; a caller that is gone needs no reply. A
 * reply that the kernel does not take (a dispatcher of the program's own made it) leaves the right
 * where it was, so the caller is told the error instead.
 */
static void failure_handle(struct server *server, uint64_t result, struct server_reply *reply) {
	error_t error = IPC_RESULT_ERROR(result);

	if (result & IPC_RESULT_IN_RECEIVE || !reply->pending) {
		reply->pending = 0;
		if (error == ERROR_TIMEOUT && server->deadline != 0) {
			server->deadline = 0;
			server->timeout(server->context);
		}
		return;
	}
	reply->pending = error != ERROR_GONE;
	reply->tag = IPC_TAG(error, 0, 0);
}

void server_step(struct server *server, struct server_reply *reply) {
	struct utcb *utcb = utcb_get();
	uint64_t target = IPC_TARGET(0, server->queue);
	uint64_t tag = reply->tag;
	uint64_t operation = reply->pending ? IPC_REPLY_RECEIVE : IPC_RECEIVE;
	uint64_t result;

	window_prepare(server, utcb);
	if (server->deadline != 0) {
		utcb->deadline = server->deadline;
		operation |= IPC_DEADLINE;
	}
	result = message_transfer(operation, &target, &tag);
	utcb = utcb_get();
	utcb->window_slot_count = 0;
	utcb->window_size = 0;
	if (result != 0) {
		failure_handle(server, result, reply);
		return;
	}
	reply->pending = 0;
	if (!(tag & IPC_TAG_SIGNAL))
		message_handle(server, target, tag, reply);
	else if (server->signal)
		server->signal(server->context, utcb->words[0]);
}

void server_run(struct server *server) {
	struct server_reply reply = {0};

	for (;;) server_step(server, &reply);
}
