/* SPDX-License-Identifier: MIT */
/*
 * What the naming server knows: views, and what is registered, watched and awaited through them.
 *
 * Makes no system call. Capabilities are slot numbers here; what has to happen to them is done by
 * the functions in struct names_effects. Read tree.h first.
 *
 * Every registration, watch, wait and view belongs to the view it was made through and ends with
 * it. Views without NAME_RIGHT_BIND are for programs that nobody has to trust: what such a view and
 * the views made from it have together is limited to NAMES_ACCOUNT_LIMIT.
 */
#ifndef NAMES_NAMES_H
#define NAMES_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <nacre/abi/error.h>
#include <nacre/number_table.h>

#include "path.h"
#include "tree.h"

#define NAMES_ACCOUNT_LIMIT 128

struct view;

/* What a lookup found. `rest` points into the path that was looked up, or into a node. */
struct found {
	uint32_t protocol;
	uint32_t slot;
	const char *rest;
	size_t rest_length;
};

struct listing {
	const char *name;
	size_t name_length;
	uint32_t protocol; /* of what is registered there, 0 for a directory of names only */
};

/* What the server has to do in the world. None of these calls back into this file's functions. */
struct names_effects {
	/* Whether the capability in the slot still exists: it goes with its object. */
	_Bool (*slot_is_alive)(void *context, uint32_t slot);
	/* Nothing refers to the slot any more: delete what is in it. */
	void (*slot_release)(void *context, uint32_t slot);
	void (*signal)(void *context, uint32_t slot);
	/* Answers a waiting lookup and gives up its slot. */
	void (*answer)(void *context, uint32_t reply_slot, const struct found *found);
	void *context;
};

struct registration {
	uint64_t number;
	uint32_t protocol;
	uint32_t slot;
	struct node *node;
	struct view *view;
	TAILQ_ENTRY(registration) at_node;
	LIST_ENTRY(registration) of_view;
};

struct watch {
	struct number_entry entry;
	uint32_t slot;
	struct node *node;
	struct view *view;
	LIST_ENTRY(watch) at_node;
	LIST_ENTRY(watch) of_view;
};

struct wait {
	uint32_t reply_slot;
	struct node *node;
	struct view *view;
	TAILQ_ENTRY(wait) at_node;
	LIST_ENTRY(wait) of_view;
};

/* How much a view and those made from it have. */
struct account {
	size_t used;
	size_t limit;
};

struct view {
	struct number_entry entry;
	struct view *parent; /* NULL for the full view */
	uint32_t rights;     /* NAME_RIGHT_* */
	struct path root;
	struct account *account; /* its own, or that of the view it was made from */
	struct account own_account;
	LIST_HEAD(, view) views;
	LIST_ENTRY(view) of_view;
	LIST_HEAD(, registration) registrations;
	LIST_HEAD(, watch) watches;
	LIST_HEAD(, wait) waits;
};

struct names {
	struct tree tree;
	struct number_table views;
	struct number_table watches;
	uint64_t registrations_made;
	struct view *full_view;
	const struct names_effects *effects;
};

/* The tree has `/` and `/svc` from the start; the full view has number 1 and all rights. */
NACRE_MUST_CHECK error_t names_create(struct names *names, const struct names_effects *effects);
void names_destroy(struct names *names);

/* NULL if there is no such view (any more). */
struct view *names_view(const struct names *names, uint64_t number);

/* The view is released, and with it all it has. Watchers of what went are signalled. */
NACRE_MUST_CHECK error_t view_create(struct names *names, struct view *parent, uint32_t rights, const char *path,
                                     size_t length, struct view **view);
void view_release(struct names *names, struct view *view);

/* Finds a view made through @view, directly or not. */
struct view *view_find_below(const struct names *names, const struct view *view, uint64_t number);

/* Takes one from the account of @view, or gives it back. limit: there is none left. */
NACRE_MUST_CHECK error_t account_charge(struct view *view);
void account_refund(struct view *view);

/*
 * Finds the registration at the longest prefix of @path. A registration whose capability has died
 * is removed on the way. `found->rest` points into @path.
 */
NACRE_MUST_CHECK error_t names_lookup(struct names *names, const struct path *path, struct found *found);

/*
 * Finds what would end a wait: as names_lookup, but a registration at `/` counts for `/` alone, as
 * it is the fallback for every path there is.
 */
NACRE_MUST_CHECK error_t names_lookup_awaited(struct names *names, const struct path *path, struct found *found);

/* Answers through @reply_slot once names_lookup_awaited would find something. */
NACRE_MUST_CHECK error_t names_wait(struct names *names, struct view *view, const struct path *path,
                                    uint32_t reply_slot);
void wait_remove(struct names *names, struct wait *wait);

enum names_placing {
	NAMES_REGISTER, /* fails with exists if something is there */
	NAMES_BIND,     /* covers what is there */
};

/* On success the slot belongs to the registration. */
NACRE_MUST_CHECK error_t names_register(struct names *names, struct view *view, enum names_placing placing,
                                        const char *text, size_t length, uint32_t protocol, uint32_t slot,
                                        uint64_t *number);
NACRE_MUST_CHECK error_t names_unregister(struct names *names, struct view *view, const struct path *path);
/*
 * The registration that counts at @node, or NULL. Those whose capability has died are removed, and
 * with the last of them the node, if nothing else keeps it.
 */
struct registration *node_registration(struct names *names, struct node *node);

void registration_remove(struct names *names, struct registration *registration);

/* On success the slot belongs to the watch. */
NACRE_MUST_CHECK error_t names_watch(struct names *names, struct view *view, const struct path *path, uint32_t slot,
                                     uint64_t *number);
NACRE_MUST_CHECK error_t names_unwatch(struct names *names, const struct view *view, uint64_t number);
void watch_remove(struct names *names, struct watch *watch);

/* Signals everybody who watches @node or what is above it. */
void watches_signal(const struct names *names, const struct node *node);

/*
 * Hands entries after @cursor (0: all) to @take until it refuses one. @cursor becomes that of the
 * last one taken, or 0 when all were.
 * not_found: no such directory; state: the path belongs to a server.
 */
NACRE_MUST_CHECK error_t names_list(struct names *names, const struct path *path, uint64_t *cursor,
                                    _Bool (*take)(void *context, const struct listing *entry), void *context);

#endif
