/* SPDX-License-Identifier: MIT */
/*
 * What a child gets by name: its memory, what others offer, and the devices that its line allows it.
 */
#include <nacre/abi/boot.h>
#include <nacre/protocol/ports.h>
#include <nacre/protocols.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "root.h"

/* Device memory that was asked for, so that asking again makes no second region. */
struct device {
	struct list_node list;
	uint64_t physical;
	struct region *region;
};

/* A slot whose capability the last reply has moved away; the slot is left. */
static capability_t handed;

static error_t hand_over(error_t error, capability_t capability, struct ipc_item *item) {
	if (error != ERROR_OK) return error;
	capability_delete(handed);
	handed = capability;
	*item = item_move(capability);
	return ERROR_OK;
}

static error_t grant_ports(const struct resource *wanted, struct ipc_item *item) {
	capability_t capability = CAPABILITY_NONE;
	capability_t all = (capability_t)start_info()->slot_base + BOOT_SLOT_PORTS;
	error_t error = ports_derive(all, wanted->first, wanted->count, &capability);

	return hand_over(error, capability, item);
}

static error_t grant_interrupt(const struct root *root, const struct resource *wanted, struct ipc_item *item) {
	capability_t capability = CAPABILITY_NONE;
	error_t error = interrupts_derive(root, wanted->first, &capability);

	return hand_over(error, capability, item);
}

static struct region *device_find(const struct root *root, const struct resource *wanted) {
	for (struct list_node *node = root->devices.next; node != &root->devices; node = node->next) {
		const struct device *device = CONTAINER_OF(node, struct device, list);

		if (device->physical == wanted->first && device->region->page_count == wanted->count >> PAGE_SHIFT)
			return device->region;
	}
	return NULL;
}

static error_t device_make(struct root *root, const struct resource *wanted, struct region **region) {
	struct hold first = machine_device_find(root, wanted->first, wanted->count);
	struct device *device;
	void *object;
	error_t error;

	if (first.address == 0) return ERROR_NOT_FOUND;
	TRY(arena_take(&root->pager.top.arena, CELLS_OF(struct device), &object));
	device = object;
	error = region_run(&root->pager.top, first, wanted->count >> PAGE_SHIFT, PAGE_READ | PAGE_WRITE, region);
	if (error != ERROR_OK) {
		arena_give(&root->pager.top.arena, device, CELLS_OF(struct device));
		return error;
	}
	device->physical = wanted->first;
	device->region = *region;
	list_append(&root->devices, &device->list);
	return ERROR_OK;
}

static struct ipc_item region_item(struct region *region) {
	const struct region_part whole = {
		.region = region,
		.count = region->page_count,
		.rights = region->rights,
	};

	return region_part_item(&whole);
}

static error_t grant_device(struct root *root, const struct resource *wanted, struct ipc_item *item) {
	struct region *region = device_find(root, wanted);

	if (!region) TRY(device_make(root, wanted, &region));
	*item = region_item(region);
	return ERROR_OK;
}

static error_t grant_name(struct root *root, struct piece name, uint32_t *protocol, struct ipc_item *item) {
	const struct offer *offer = offer_find(root, name);

	if (offer) {
		*protocol = offer->protocol;
		*item = item_share(offer->capability);
	} else if (piece_is(name, "power")) {
		*protocol = PROTOCOL_POWER;
		*item = item_badge(root->self, RIGHT_SEND, BADGE(PROTOCOL_POWER, 1));
	} else if (piece_is(name, "archive") && root->archive_region) {
		*protocol = PROTOCOL_REGION;
		*item = region_item(root->archive_region);
	} else {
		return ERROR_NOT_FOUND;
	}
	return ERROR_OK;
}

/* What every child may have, once it is there. */
static int name_is_open(struct piece name) {
	return piece_is(name, "namespace") || piece_is(name, "log") || piece_is(name, "clock");
}

static int name_exists(const struct root *root, struct piece name) {
	return piece_is(name, "power") || piece_is(name, "archive") || offer_find(root, name);
}

error_t grant_resource(struct root *root, const struct child *child, struct piece name, uint32_t *protocol,
                       struct ipc_item *capability) {
	struct resource wanted;

	if (piece_is(name, "memory")) {
		*protocol = PROTOCOL_MEMORY;
		*capability = instance_item(child->instance);
		return ERROR_OK;
	}
	if (piece_is(name, "exceptions")) {
		*protocol = PROTOCOL_FAULT;
		*capability = exception_item(root, child->instance);
		return ERROR_OK;
	}
	if (resource_read(name, &wanted)) return ERROR_NOT_FOUND;
	if (wanted.kind == RESOURCE_NAME && !name_exists(root, name)) return ERROR_NOT_FOUND;
	if (!child_may(child, &wanted) && !(wanted.kind == RESOURCE_NAME && name_is_open(name))) return ERROR_RIGHT;
	switch (wanted.kind) {
	case RESOURCE_NAME: return grant_name(root, name, protocol, capability);
	case RESOURCE_PORTS: *protocol = PROTOCOL_PORTS; return grant_ports(&wanted, capability);
	case RESOURCE_INTERRUPT: *protocol = PROTOCOL_INTERRUPT; return grant_interrupt(root, &wanted, capability);
	case RESOURCE_DEVICE: *protocol = PROTOCOL_REGION; return grant_device(root, &wanted, capability);
	default: return ERROR_NOT_FOUND;
	}
}
