/* SPDX-License-Identifier: MIT */
/*
 * Instances. Read pager/instance.h first.
 */
#include <string.h>

#include <pager/grant.h>
#include <pager/mapping.h>
#include <pager/pager.h>
#include <pager/parent.h>
#include <pager/supply.h>
#include <pager/take.h>

/* Below the last page of the lower half, which nobody can map. */
#define WINDOW_END UINT64_C(0x00007ffffffff000)
#define POLICY     "strict limit"

static error_t window_check(uint64_t base, uint64_t size) {
	if ((base | size) % LARGE_PAGE_BYTES != 0 || size == 0 || base == 0) return ERROR_RANGE;
	return base < WINDOW_END && size <= WINDOW_END - base ? ERROR_OK : ERROR_RANGE;
}

int instance_window_covers(const struct instance *instance, uint64_t address, uint64_t size) {
	uint64_t offset = address - instance->window_base;

	return offset < instance->window_size && size <= instance->window_size - offset;
}

/* The instance moves into the first page of its own arena: it pays for itself. */
static error_t instance_settle(struct instance *made, struct instance **result) {
	struct instance *instance;
	void *object;

	TRY(arena_take(&made->arena, CELLS_OF(struct instance), &object));
	instance = object;
	*instance = *made;
	arena_move(&made->arena, &instance->arena, &instance->account);
	list_initialize(&instance->siblings);
	list_initialize(&instance->children);
	list_initialize(&instance->regions);
	*result = instance;
	return ERROR_OK;
}

/* The way back, to take its arena down. */
static void instance_evaporate(struct instance *instance) {
	struct instance last = *instance;

	arena_move(&instance->arena, &last.arena, &last.account);
	arena_close(&last.arena);
}

error_t instance_create(struct instance *creator, uint64_t limit, uint64_t window_base, uint64_t window_size,
                        struct instance **result) {
	struct pager *pager = creator->pager;
	struct instance *instance;
	struct instance made = {
		.by_serial.key = pager->serial_last + 1,
		.pager = pager,
		.creator = creator,
		.window_base = window_base,
		.window_size = window_size,
		.ceiling = creator->ceiling,
	};

	TRY(window_check(window_base, window_size));
	account_open(&made.account, &creator->account, limit);
	arena_open(&made.arena, pager, &made.account);
	TRY(instance_settle(&made, &instance));
	pager->serial_last++;
	creator->child_count++;
	list_append(&creator->children, &instance->siblings);
	*result = instance;
	return tree_insert(&pager->instances, &instance->by_serial);
}

/* Ends an instance that has no children. First of all nobody can reach it any more: serials are never used again. */
static void instance_end(struct instance *instance) {
	tree_remove(&instance->pager->instances, &instance->by_serial);
	grant_space_destroy(instance);
	while (!list_is_empty(&instance->regions))
		region_destroy(CONTAINER_OF(instance->regions.next, struct region, owned));
	mappings_close(instance);
	grants_close(instance);
	take_close(instance);
	list_remove(&instance->siblings);
	instance->creator->child_count--;
	instance_evaporate(instance);
}

void instance_destroy(struct instance *instance) {
	struct pager *pager = instance->pager;
	struct instance *at = instance;

	for (;;) {
		struct instance *creator = at->creator;

		if (!list_is_empty(&at->children)) {
			at = CONTAINER_OF(at->children.next, struct instance, siblings);
			continue;
		}
		instance_end(at);
		if (at == instance) break;
		at = creator;
	}
	supply_settle(pager);
}

struct instance *instance_find(struct pager *pager, uint64_t serial) {
	struct tree_node *node = tree_find(&pager->instances, serial);

	return node ? CONTAINER_OF(node, struct instance, by_serial) : NULL;
}

struct instance *instance_child_find(struct instance *creator, uint64_t serial) {
	struct instance *instance = instance_find(creator->pager, serial);

	return instance && instance->creator == creator ? instance : NULL;
}

/* Children are in the order of their serials. */
struct instance *instance_child_after(struct instance *creator, uint64_t serial) {
	for (struct list_node *node = creator->children.next; node != &creator->children; node = node->next) {
		struct instance *child = CONTAINER_OF(node, struct instance, siblings);

		if (instance_serial(child) > serial) return child;
	}
	return NULL;
}

static uint64_t frames_to_bytes(uint64_t frames) {
	return frames > UINT64_MAX >> PAGE_SHIFT ? UINT64_MAX : frames << PAGE_SHIFT;
}

error_t instance_status(struct instance *instance, uint64_t level, struct pager_status *status) {
	struct pager *pager = instance->pager;

	if (level > 0) {
		pager->upward++;
		return parent_status(level - 1, status);
	}
	*status = (struct pager_status){
		.used = frames_to_bytes(instance->account.used),
		.limit = frames_to_bytes(instance->account.limit),
		.peak = frames_to_bytes(instance->account.peak),
		.faults = instance->faults,
		.upward = pager->upward,
		.free = frames_to_bytes(pager->pool.free_count + pager->source->left(pager)),
		.instances = instance->child_count,
		.messages = pager->messages,
		.policy = POLICY,
	};
	return ERROR_OK;
}
