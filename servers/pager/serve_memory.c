/* SPDX-License-Identifier: MIT */
/*
 * The memory of a context as messages. Read pager/serve.h first.
 */
#include <nacre/slot.h>

#include <pager/grant.h>
#include <pager/mapping.h>
#include <pager/supply.h>
#include <pager/take.h>

#include "serve_internal.h"

error_t request_instance(struct request *request, struct instance **instance) {
	struct pager *pager = request->context;

	pager->messages++;
	*instance = instance_find(pager, BADGE_OBJECT(request->badge));
	return *instance ? ERROR_OK : ERROR_GONE;
}

error_t request_context_instance(struct request *request, struct instance **instance) {
	TRY(request_instance(request, instance));
	return (*instance)->creator ? ERROR_OK : ERROR_STATE;
}

static error_t serve_allocate(struct request *request, uint64_t address, uint64_t size, uint32_t rights, uint32_t flags,
                              uint64_t *address_out) {
	struct mapping_request wanted = {
		.kind = MAPPING_ANONYMOUS,
		.address = address,
		.bytes = size,
		.rights = rights,
	};
	struct instance *instance;
	error_t error;

	TRY(request_context_instance(request, &instance));
	if (size % PAGE_BYTES != 0) return ERROR_RANGE;
	TRY(mapping_add(instance, &wanted, address_out));
	if (!(flags & MEMORY_ALLOCATE_EAGER)) return ERROR_OK;
	error = mapping_populate(instance, *address_out, size);
	if (error != ERROR_OK) {
		error_ignore(mapping_remove(instance, *address_out, size));
		supply_settle(instance->pager);
	}
	return error;
}

/* The part that a capability in a request stands for: of a region of this pager or of its parent. */
static error_t part_find(struct request *request, const struct received_capability *capability,
                         struct region_part *part) {
	struct pager *pager = request->context;

	if (capability->kind == RECEIVED_OWN) return region_part_find(pager, capability->badge, part);
	TRY(foreign_find(pager, request_keep(request, capability), &part->region));
	part->first = 0;
	part->count = part->region->page_count;
	part->rights = part->region->rights;
	return ERROR_OK;
}

static error_t serve_map_region(struct request *request, uint64_t offset, uint64_t size, uint64_t address,
                                uint32_t rights, uint32_t flags, const struct received_capability *region,
                                uint64_t *address_out) {
	int copy = flags == MEMORY_MAP_COPY_ON_WRITE;
	struct mapping_request wanted = {
		.kind = copy ? MAPPING_COPY_ON_WRITE : MAPPING_SHARED,
		.address = address,
		.bytes = size,
		.rights = rights,
	};
	struct instance *instance;
	struct region_part part;

	TRY(request_context_instance(request, &instance));
	if (!copy && flags != MEMORY_MAP_SHARED) return ERROR_ARGUMENT;
	TRY(part_find(request, region, &part));
	if (rights & ~part.rights & (copy ? ~PAGE_WRITE : PAGE_RIGHTS)) return ERROR_RIGHT;
	if (offset > part.count << PAGE_SHIFT) return ERROR_RANGE;
	wanted.region = part.region;
	wanted.offset = (part.first << PAGE_SHIFT) + offset;
	wanted.region_size = (part.first + part.count) << PAGE_SHIFT;
	return mapping_add(instance, &wanted, address_out);
}

static error_t serve_unmap(struct request *request, uint64_t address, uint64_t size) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	TRY(mapping_remove(instance, address, size));
	supply_settle(instance->pager);
	return ERROR_OK;
}

static error_t serve_protect(struct request *request, uint64_t address, uint64_t size, uint32_t rights) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	return mapping_protect(instance, address, size, rights);
}

static error_t serve_share(struct request *request, uint64_t size, struct ipc_item *region_out) {
	struct region_part part = {.rights = PAGE_RIGHTS};
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	if (size % PAGE_BYTES != 0) return ERROR_RANGE;
	TRY(region_share(instance, size >> PAGE_SHIFT, &part.region));
	part.count = part.region->page_count;
	*region_out = region_part_item(&part);
	return ERROR_OK;
}

static error_t serve_unshare(struct request *request, const struct received_capability *region) {
	struct instance *instance;
	struct region_part part;

	TRY(request_context_instance(request, &instance));
	if (region->kind != RECEIVED_OWN) return ERROR_CAPABILITY;
	TRY(region_part_find(instance->pager, region->badge, &part));
	if (part.region->owner != instance) return ERROR_RIGHT;
	region_destroy(part.region);
	supply_settle(instance->pager);
	return ERROR_OK;
}

static error_t serve_space_create(struct request *request, struct ipc_item *space_out) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	TRY(grant_space(instance));
	*space_out = item_derive(instance->space, RIGHTS_ALL);
	return ERROR_OK;
}

/* What was moved away with the last reply leaves its slots to us. */
static error_t serve_thread_create(struct request *request, uint64_t utcb, struct ipc_item *control_out,
                                   struct ipc_item *thread_out) {
	static struct thread_handles handed;
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	capability_delete(handed.control);
	capability_delete(handed.thread);
	handed = (struct thread_handles){0};
	TRY(grant_thread(instance, utcb, &handed));
	*control_out = item_move(handed.control);
	*thread_out = item_move(handed.thread);
	return ERROR_OK;
}

static error_t serve_slots_add(struct request *request, uint32_t page) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	return grant_slots(instance, page);
}

static error_t serve_thread_destroy(struct request *request, uint64_t utcb) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	return grant_thread_destroy(instance, utcb);
}

static error_t serve_take(struct request *request, uint64_t first, uint32_t frames, uint32_t *frames_out,
                          struct page_list *pages_out) {
	struct instance *instance;
	struct taken_runs runs;
	uint64_t offset = 0;

	TRY(request_context_instance(request, &instance));
	TRY(take_frames(instance, first, frames, &runs));
	for (unsigned int index = 0; index < runs.run_count; index++) {
		pages_out->items[index] = item_pages(runs.runs[index].first.address, runs.runs[index].count,
		                                     PAGE_RIGHTS, ITEM_HOLD, offset);
		offset += (uint64_t)runs.runs[index].count << PAGE_SHIFT;
	}
	pages_out->count = runs.run_count;
	*frames_out = runs.frames;
	return ERROR_OK;
}

static error_t serve_give_back(struct request *request, uint64_t first, uint32_t frames) {
	struct instance *instance;

	TRY(request_context_instance(request, &instance));
	TRY(take_give_back(instance, first, frames));
	supply_settle(instance->pager);
	return ERROR_OK;
}

static const struct memory_handlers memory_handlers = {
	.allocate = serve_allocate,
	.map_region = serve_map_region,
	.unmap = serve_unmap,
	.protect = serve_protect,
	.share = serve_share,
	.unshare = serve_unshare,
	.status = serve_status,
	.instance_create = serve_instance_create,
	.instance_destroy = serve_instance_destroy,
	.instance_set_limit = serve_instance_set_limit,
	.instances = serve_instances,
	.space_create = serve_space_create,
	.thread_create = serve_thread_create,
	.slots_add = serve_slots_add,
	.thread_destroy = serve_thread_destroy,
	.take = serve_take,
	.give_back = serve_give_back,
	.instance_of = serve_instance_of,
};

void pager_protocols(struct pager *pager, struct server_protocol protocols[PAGER_PROTOCOLS]) {
	protocols[0] = (struct server_protocol){
		.number = PROTOCOL_FAULT,
		.dispatch = serve_fault,
		.context = pager,
	};
	protocols[1] = (struct server_protocol){
		.number = PROTOCOL_MEMORY,
		.dispatch = memory_dispatch,
		.handlers = &memory_handlers,
		.context = pager,
	};
	/* A region's badge says more than a protocol and a number; region_part_find() tells it from others. */
	protocols[2] = (struct server_protocol){
		.number = PROTOCOL_REGION,
		.badges = SERVER_BADGES_ANY,
		.dispatch = region_dispatch,
		.handlers = &serve_region_handlers,
		.context = pager,
	};
}
