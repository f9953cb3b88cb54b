/* SPDX-License-Identifier: MIT */
/*
 * What the files of the protocols' server side share.
 */
#ifndef PAGER_SERVE_INTERNAL_H
#define PAGER_SERVE_INTERNAL_H

#include <nacre/protocol/memory_server.h>
#include <nacre/protocol/region_server.h>

#include <pager/serve.h>

/* The instance whose capability the request came through: ERROR_GONE. Counts the message. */
error_t request_instance(struct request *request, struct instance **instance) NACRE_MUST_CHECK;

/* The same for what only the memory of a context answers, not the pager's own: ERROR_STATE. */
error_t request_context_instance(struct request *request, struct instance **instance) NACRE_MUST_CHECK;

/* memory.instance_*, memory.status: serve_instance.c. */
error_t serve_status(struct request *request, uint64_t level, struct memory_status_reply *reply);
error_t serve_instance_create(struct request *request, uint64_t limit, uint64_t window_base, uint64_t window_size,
                              uint64_t *instance_out, struct ipc_item *memory_out);
error_t serve_instance_destroy(struct request *request, uint64_t number);
error_t serve_instance_set_limit(struct request *request, uint64_t number, uint64_t limit);
error_t serve_instances(struct request *request, uint64_t cursor, struct memory_instances_reply *reply);
error_t serve_instance_of(struct request *request, uint64_t *instance_out);

extern const struct region_handlers serve_region_handlers;

#endif
