/* SPDX-License-Identifier: MIT */
/*
 * The context layer as a server: its capabilities, and the handlers of each protocol it speaks.
 *
 * A badge's object is a context's number for the protocols context (the context itself), parent
 * (what its own program speaks) and fault (its exceptions); for factory see serve_factory.c, for
 * file directory.h.
 */
#ifndef VIC_SERVE_H
#define VIC_SERVE_H

#include <nacre/protocol/context_server.h>
#include <nacre/protocol/factory_server.h>
#include <nacre/protocol/fault_server.h>
#include <nacre/protocol/file_server.h>
#include <nacre/protocol/parent_server.h>

#include "vic.h"

/* What the handlers get as their request's context. */
struct vic_server {
	struct vic vic;
	capability_t self;  /* own queue, without badge */
	capability_t names; /* full view of the tree */
};

extern const struct vic_world vic_world;

extern const struct context_handlers context_handlers;
extern const struct parent_handlers parent_handlers;
extern const struct fault_handlers fault_handlers;
extern const struct factory_handlers factory_handlers;
extern const struct file_handlers file_handlers;

/* Verbs, reports and settings: three parts of context_handlers. */
error_t serve_context_create(struct request *request, uint64_t limit, uint32_t rights, const char *factory,
                             const char *program, uint64_t *number_out, struct ipc_item *context_out);
error_t serve_context_set_arguments(struct request *request, uint32_t mode, const void *data, size_t data_size);
error_t serve_context_set_environment(struct request *request, uint32_t mode, const void *data, size_t data_size);
error_t serve_context_set_capability(struct request *request, uint32_t protocol, const char *name,
                                     const struct received_capability *capability);
error_t serve_context_set_name(struct request *request, const char *name);
error_t serve_context_state(struct request *request, struct context_state_reply *reply);
error_t serve_context_list(struct request *request, uint64_t cursor, struct context_list_reply *reply);
error_t serve_context_lookup(struct request *request, uint64_t number, const char *name, uint64_t *number_out,
                             struct ipc_item *context_out);
error_t serve_context_watch(struct request *request, const struct received_capability *signal);
error_t serve_context_next_event(struct request *request, struct context_next_event_reply *reply);
error_t serve_context_factories(struct request *request, uint64_t cursor, struct context_factories_reply *reply);

/* The server and the context that a request is about. gone: it was deleted. */
NACRE_MUST_CHECK error_t asked_context(struct request *request, struct vic_server **server, struct context **context);

/* A capability to our queue that speaks @protocol about @object. */
struct ipc_item own_capability(const struct vic_server *server, uint32_t protocol, uint64_t object);

/* What to hand on for a reference. */
struct ipc_item reference_item(const struct vic_server *server, const struct reference *reference);

/* Whether @slot holds a capability of @kind (KIND_*): what is to be called must be the kernel's, who always answers. */
_Bool world_slot_holds(capability_t slot, uint64_t kind);

/* Bytes of memory that a context uses, as its pager says; 0 if it has none. */
uint64_t world_memory_used(void *world, const struct context *context);

#endif
