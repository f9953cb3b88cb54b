/* SPDX-License-Identifier: MIT */
/*
 * Servers: the receive loop, requests, and replies that come later.
 *
 * Owns who gets a message (by its protocol), what becomes of capabilities that came with it, and
 * saved reply rights. Read docs/how-to-write-a-server.md for the whole of it; handlers are in the
 * generated nacre/protocol/NAME_server.h.
 */
#ifndef NACRE_SERVER_H
#define NACRE_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/message.h>

struct server;

enum received_kind {
	RECEIVED_NONE,       /* an optional one that was not given */
	RECEIVED_CAPABILITY, /* `slot` holds it */
	RECEIVED_OWN,        /* one that this server handed out: `badge` says which; no slot is used */
};

/*
 * A capability that came with a request. It is deleted after the handler unless it calls
 * request_keep().
 */
struct received_capability {
	enum received_kind kind;
	capability_t slot;
	uint64_t badge;
};

/* One request, while its handler runs. */
struct request {
	void *context;  /* as in struct server_protocol */
	uint64_t badge; /* of the capability it came through */
	uint64_t tag;
	struct server *server;

	/* libipc's: */
	unsigned int deferred;
	unsigned int kept;         /* bit n: capability n */
	unsigned int reply_rights; /* a reply right is among the capabilities */
	unsigned int capability_count;
	struct received_capability capabilities[IPC_ITEMS_MAX];
	struct page_list pages;
};

/* Checks and answers a request: `NAME_dispatch` of a generated header. Returns the reply's tag. */
typedef uint64_t (*server_dispatch_t)(struct request *request, const void *handlers);

enum server_badges {
	SERVER_BADGES_BY_PROTOCOL, /* BADGE(protocol, object): others are refused */
	SERVER_BADGES_ANY,         /* the handlers check badges themselves */
};

/* One protocol that a server speaks. */
struct server_protocol {
	uint32_t number; /* PROTOCOL_* */
	enum server_badges badges;
	server_dispatch_t dispatch;
	const void *handlers;
	void *context; /* given to the handlers in each request */
};

/*
 * A receive loop. The program fills in what it needs and leaves the rest zero.
 *
 * @queue: serve right to another thread's queue; none: the calling thread's own.
 * @signal gets the bits of signals; @timeout is called once when kernel time (ns) reaches
 * @deadline, which handlers may set and clear (0). @context is for these two.
 * @capability_window: most capabilities that a request may bring; with 0 none can be sent.
 * @page_window: where pages of requests may land.
 */
struct server {
	const struct server_protocol *protocols;
	unsigned int protocol_count;
	capability_t queue;
	void *context;
	void (*signal)(void *context, uint64_t bits);
	void (*timeout)(void *context);
	uint64_t deadline;
	unsigned int capability_window;
	uint64_t page_window;
	uint64_t page_window_size;

	/* libipc's */
	capability_t window_slot;
};

/* Serves for ever. */
_Noreturn void server_run(struct server *server);

/* What the next round begins with. All zero at first. */
struct server_reply {
	uint64_t tag;
	unsigned int pending; /* a reply is to be sent */
};

/*
 * Does one round: sends the reply to the last request, waits for the next message, has it handled.
 */
void server_step(struct server *server, struct server_reply *reply);

/*
 * Keeps a capability that came with the request: its slot is the server's from now on. Needed also
 * to pass it on in the reply.
 */
capability_t request_keep(struct request *request, const struct received_capability *capability);

/* The right to answer a request, kept for later. */
struct delayed_reply {
	capability_t slot;
};

/*
 * Keeps the right to answer; the handler's result does not matter then. The answer is given with
 * NAME_reply_METHOD() or delayed_reply_fail(), or never: delayed_reply_drop(). ERROR_NO_MEMORY: no
 * slot.
 */
NACRE_MUST_CHECK error_t request_defer(struct request *request, struct delayed_reply *reply);

/*
 * Answers with what is in the UTCB. Whatever it returns, the right is gone. ERROR_GONE: so is the
 * caller.
 */
error_t delayed_reply_send(struct delayed_reply *reply, uint64_t tag);

/* Answers with an error. */
error_t delayed_reply_fail(struct delayed_reply *reply, error_t error);

/* Gives the right up: the caller gets ERROR_PEER_LOST. */
void delayed_reply_drop(struct delayed_reply *reply);

/* Whether there is a right to answer. */
static inline int delayed_reply_is_held(const struct delayed_reply *reply) { return reply->slot != CAPABILITY_NONE; }

/*
 * Whether the caller still waits. Nobody tells when one is cancelled or dies: a server that can gather many rights
 * looks now and then, and drops those that are worth nothing.
 */
int delayed_reply_is_awaited(const struct delayed_reply *reply);

static inline int request_is_deferred(const struct request *request) { return request->deferred != 0; }

/* For dispatchers: whether the request has exactly @words words and no items. */
static inline int request_is_plain(const struct request *request, unsigned int words) {
	const uint64_t shape = IPC_TAG_WORDS_MASK | IPC_TAG_ITEMS_MASK << IPC_TAG_ITEMS_SHIFT;

	return (request->tag & shape) == words;
}

/*
 * For dispatchers: whether the request brought @required to @maximum capabilities, and after them
 * @least to @most items of pages.
 */
int request_items_are(struct request *request, unsigned int required, unsigned int maximum, unsigned int least,
                      unsigned int most);

/*
 * A capability to the calling thread's queue, with all rights and no badge: what a server derives
 * its objects' capabilities from (item_badge()).
 */
NACRE_MUST_CHECK error_t server_self(capability_t *self_out);

#endif
