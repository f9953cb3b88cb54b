/* SPDX-License-Identifier: MIT */
/*
 * Mappings: adding, finding, ending. Changing them is mapping_change.c. Read pager/mapping.h first.
 */
#include <pager/foreign.h>
#include <pager/grant.h>
#include <pager/kernel.h>
#include <pager/mapping.h>
#include <pager/page.h>

#include "mapping_record.h"

/*
 * Where the pager looks for room in a window: in its first quarter, from where programs are loaded, so that page
 * tables are shared; then in its upper half, but not in its last part, where UTCBs are. The second quarter is left to
 * the heap of the C library.
 */
#define ROOM_OFFSET UINT64_C(0x400000)
#define UTCB_ROOM   LARGE_PAGE_BYTES

static uint64_t bytes_to_size(uint64_t bytes) { return (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1); }

static struct mapping *mapping_from(struct tree_node *node) {
	return node ? CONTAINER_OF(node, struct mapping, by_address) : NULL;
}

static uint64_t mapping_end(const struct mapping *mapping) { return mapping->by_address.key + mapping->size; }

struct mapping *mapping_find(struct instance *instance, uint64_t address) {
	struct mapping *mapping = mapping_from(tree_find_not_above(&instance->mappings, address));

	return mapping && address < mapping_end(mapping) ? mapping : NULL;
}

struct mapping *mapping_find_from(struct instance *instance, uint64_t address) {
	struct mapping *mapping = mapping_find(instance, address);

	return mapping ? mapping : mapping_from(tree_find_not_below(&instance->mappings, address));
}

/* The lowest room for @size bytes in [at, end), with a free page before it so that overruns are noticed. */
static error_t room_search(struct instance *instance, uint64_t at, uint64_t end, uint64_t size, uint64_t *address) {
	while (at < end && size < end - at) {
		struct mapping *next = mapping_find_from(instance, at);

		if (!next || (next->by_address.key > at && size < next->by_address.key - at)) {
			*address = at;
			return ERROR_OK;
		}
		at = mapping_end(next) + PAGE_BYTES;
	}
	return ERROR_RANGE;
}

static error_t room_find(struct instance *instance, uint64_t size, uint64_t *address) {
	uint64_t base = instance->window_base;
	uint64_t window = instance->window_size;

	if (window > UTCB_ROOM &&
	    room_search(instance, base + ROOM_OFFSET, base + window / 4, size, address) == ERROR_OK)
		return ERROR_OK;
	return room_search(instance, base + window / 2, base + window - UTCB_ROOM, size, address);
}

int mapping_is_in(struct instance *instance, uint64_t address, uint64_t size) {
	const struct mapping *next = mapping_find_from(instance, address);

	return next && next->by_address.key < address + size;
}

static error_t place_check(struct instance *instance, uint64_t address, uint64_t size) {
	if (address % PAGE_BYTES != 0 || !instance_window_covers(instance, address, size)) return ERROR_RANGE;
	return mapping_is_in(instance, address, size) ? ERROR_EXISTS : ERROR_OK;
}

static error_t request_check(const struct mapping_request *request) {
	if (request->bytes == 0) return ERROR_ARGUMENT;
	if (bytes_to_size(request->bytes) == 0 || request->offset % PAGE_BYTES != 0) return ERROR_RANGE;
	if (request->kind == MAPPING_ANONYMOUS) return ERROR_OK;
	if (request->offset > request->region_size ||
	    bytes_to_size(request->bytes) > request->region_size - request->offset)
		return ERROR_RANGE;
	return ERROR_OK;
}

void mapping_use_region(struct mapping *mapping) {
	if (!mapping->region) return;
	list_append(&mapping->region->users, &mapping->users);
	if (mapping->region->kind == REGION_FOREIGN) foreign_use(mapping->region);
}

void mapping_forget(struct mapping *mapping) {
	struct instance *instance = mapping->instance;
	struct region *region = mapping->region;

	tree_remove(&instance->mappings, &mapping->by_address);
	list_remove(&mapping->users);
	if (region && region->kind == REGION_FOREIGN && list_is_empty(&region->users)) foreign_idle(region);
	arena_give(&instance->arena, mapping, CELLS_OF(struct mapping));
}

error_t mapping_add(struct instance *instance, const struct mapping_request *request, uint64_t *address) {
	uint64_t size = bytes_to_size(request->bytes);
	uint64_t place = request->address;
	struct mapping *mapping;
	void *object;

	TRY(request_check(request));
	if (place == 0) TRY(room_find(instance, size, &place));
	TRY(place_check(instance, place, size));
	TRY(arena_take(&instance->arena, CELLS_OF(struct mapping), &object));
	mapping = object;
	*mapping = (struct mapping){
		.by_address.key = place,
		.instance = instance,
		.region = request->region,
		.size = size,
		.offset = request->offset,
		.bytes = request->bytes,
		.kind = request->kind,
		.rights = request->rights & PAGE_RIGHTS,
		.allowed = request->rights & PAGE_RIGHTS,
	};
	list_initialize(&mapping->users);
	mapping_use_region(mapping);
	*address = place;
	return tree_insert(&instance->mappings, &mapping->by_address);
}

error_t mapping_populate(struct instance *instance, uint64_t address, uint64_t size) {
	const struct mapping *mapping = mapping_find(instance, address);

	if (!mapping) return ERROR_RANGE;
	for (uint64_t at = address; at < address + size; at += PAGE_BYTES) {
		struct hold frame;

		TRY(grant_tables(instance, at));
		TRY(page_make(instance, at, &frame));
		TRY(kernel_pages_map(instance->space, frame, at, 1, mapping->rights));
	}
	return ERROR_OK;
}

void mappings_close(struct instance *instance) {
	pages_close(instance);
	while (!tree_is_empty(&instance->mappings)) mapping_forget(mapping_from(instance->mappings.root));
}
