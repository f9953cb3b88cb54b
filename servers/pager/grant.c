/* SPDX-License-Identifier: MIT */
/*
 * Grants. Read pager/grant.h first.
 *
 * A grant is recorded before the kernel gets the frames, because then only the kernel's answer can still fail.
 */
#include <nacre/abi/label.h>

#include <pager/grant.h>
#include <pager/mapping.h>
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/supply.h>

#define SPACE_FRAMES  2u /* the object, its top table */
#define SLOTS_FRAMES  1u
#define QUEUE_FRAMES  1u /* a thread without a message buffer */
#define THREAD_FRAMES 2u

enum grant_kind {
	GRANT_SPACE,
	GRANT_SLOTS,  /* number: page index */
	GRANT_TABLE,  /* number: table_number() */
	GRANT_THREAD, /* number: page of the UTCB */
	GRANT_QUEUE,  /* number: counted */
};

struct grant {
	struct tree_node node; /* key: kind and number */
	struct frame_set frames;
};

#define GRANT_KIND_SHIFT 56u

static uint64_t grant_key(enum grant_kind kind, uint64_t number) {
	return ((uint64_t)kind << GRANT_KIND_SHIFT) | number;
}

/* Addresses have 47 bits, so that numbers of tables of different levels differ in the bits above. */
static uint64_t table_number(uint64_t address, unsigned int level) {
	unsigned int shift = PAGE_SHIFT + 9 * level;

	return ((uint64_t)level << 48) | (address >> shift);
}

static void grant_forget(struct instance *instance, struct grant *grant, enum frame_state state) {
	tree_remove(&instance->grants, &grant->node);
	supply_give_set(instance->pager, &instance->account, &grant->frames, state);
	arena_give(&instance->arena, grant, CELLS_OF(struct grant));
}

static error_t grant_make(struct instance *instance, enum grant_kind kind, uint64_t number, unsigned int frames,
                          struct grant **result) {
	struct grant *grant;
	void *object;
	error_t error;

	if (tree_find(&instance->grants, grant_key(kind, number))) return ERROR_EXISTS;
	TRY(arena_take(&instance->arena, CELLS_OF(struct grant), &object));
	grant = object;
	error = supply_take_set(instance->pager, &instance->account, FRAME_FOR_KERNEL, frames, &grant->frames);
	if (error != ERROR_OK) {
		arena_give(&instance->arena, grant, CELLS_OF(struct grant));
		return error;
	}
	grant->node.key = grant_key(kind, number);
	*result = grant;
	return tree_insert(&instance->grants, &grant->node);
}

/* Ends the making of a grant with what the kernel said to it. */
static error_t grant_settle(struct instance *instance, struct grant *grant, error_t error) {
	if (error != ERROR_OK) grant_forget(instance, grant, FRAME_DIRTY);
	return error;
}

error_t grant_slots(struct instance *instance, unsigned int page) {
	struct grant *grant;

	if (!instance->space) return ERROR_STATE;
	TRY(grant_make(instance, GRANT_SLOTS, page, SLOTS_FRAMES, &grant));
	return grant_settle(instance, grant, kernel_slots_add(instance->space, page, &grant->frames));
}

error_t grant_space(struct instance *instance) {
	struct grant *grant;
	error_t error;

	if (instance->space) return ERROR_EXISTS;
	TRY(account_charge_slot(&instance->account));
	error = grant_make(instance, GRANT_SPACE, 0, SPACE_FRAMES, &grant);
	if (error == ERROR_OK)
		error = grant_settle(instance, grant,
		                     kernel_space_create(&grant->frames, instance->ceiling, &instance->space));
	if (error != ERROR_OK) {
		account_release_slot(&instance->account);
		return error;
	}
	error = grant_slots(instance, 0);
	if (error != ERROR_OK) {
		grant_space_destroy(instance);
		grants_close(instance);
	}
	return error;
}

void grant_space_destroy(struct instance *instance) {
	struct tree_node *node = tree_find(&instance->grants, grant_key(GRANT_SPACE, 0));

	if (!node) return;
	kernel_holds_revoke(CONTAINER_OF(node, struct grant, node)->frames.frames[0], 1);
	kernel_capability_delete(instance->space);
	account_release_slot(&instance->account);
	instance->space = 0;
}

/* The context may have added the table itself: then the frames are not needed, and that is remembered. */
static error_t table_make(struct instance *instance, uint64_t address, unsigned int level) {
	struct grant *grant;
	error_t error;

	TRY(grant_make(instance, GRANT_TABLE, table_number(address, level), table_frames(level), &grant));
	error = kernel_table_add(instance->space, address, level, &grant->frames);
	if (error != ERROR_EXISTS) return grant_settle(instance, grant, error);
	supply_give_set(instance->pager, &instance->account, &grant->frames, FRAME_DIRTY);
	grant->frames.count = 0;
	return ERROR_OK;
}

static int table_is_known(const struct instance *instance, uint64_t address, unsigned int level) {
	return tree_find(&instance->grants, grant_key(GRANT_TABLE, table_number(address, level))) != NULL;
}

error_t grant_tables(struct instance *instance, uint64_t address) {
	unsigned int level = TABLE_LEVEL_4K;

	if (!instance->space) return ERROR_STATE;
	while (level < TABLE_LEVEL_TOP && !table_is_known(instance, address, level)) level++;
	while (level-- > TABLE_LEVEL_4K) TRY(table_make(instance, address, level));
	return ERROR_OK;
}

static struct grant *grant_from(struct tree_node *node) { return node ? CONTAINER_OF(node, struct grant, node) : NULL; }

/* A key between those of the first and the last of some grants. */
static int grant_is_among(struct instance *instance, uint64_t first, uint64_t last) {
	const struct tree_node *node = tree_find_not_below(&instance->grants, first);

	return node && node->key <= last;
}

static int block_is_empty(struct instance *instance, uint64_t block) {
	uint64_t page = block >> PAGE_SHIFT;

	return !mapping_is_in(instance, block, LARGE_PAGE_BYTES) &&
	       !grant_is_among(instance, grant_key(GRANT_THREAD, page),
	                       grant_key(GRANT_THREAD, page + LARGE_PAGE_PAGES - 1));
}

void grant_tables_trim(struct instance *instance, uint64_t address, uint64_t size) {
	uint64_t key = grant_key(GRANT_TABLE, table_number(address, TABLE_LEVEL_4K));
	uint64_t last = grant_key(GRANT_TABLE, table_number(address + size - 1, TABLE_LEVEL_4K));
	struct grant *grant;

	while ((grant = grant_from(tree_find_not_below(&instance->grants, key))) != NULL && grant->node.key <= last) {
		uint64_t block = (grant->node.key - key) * LARGE_PAGE_BYTES + (address & ~(LARGE_PAGE_BYTES - 1));

		address = block + LARGE_PAGE_BYTES;
		key = grant->node.key + 1;
		if (grant->frames.count == 0 || !block_is_empty(instance, block)) continue;
		kernel_holds_revoke(grant->frames.frames[0], 1);
		grant_forget(instance, grant, FRAME_ZEROED);
	}
}

/* A UTCB needs a page of the window for itself. */
static error_t utcb_check(struct instance *instance, uint64_t utcb) {
	if (utcb % PAGE_BYTES != 0 || !instance_window_covers(instance, utcb, PAGE_BYTES)) return ERROR_RANGE;
	return mapping_find(instance, utcb) ? ERROR_EXISTS : ERROR_OK;
}

error_t grant_thread(struct instance *instance, uint64_t utcb, struct thread_handles *handles) {
	struct grant *grant;

	if (!instance->space) return ERROR_STATE;
	if (utcb) {
		TRY(utcb_check(instance, utcb));
		TRY(grant_tables(instance, utcb));
		TRY(grant_make(instance, GRANT_THREAD, utcb >> PAGE_SHIFT, THREAD_FRAMES, &grant));
	} else {
		TRY(grant_make(instance, GRANT_QUEUE, instance->queue_count, QUEUE_FRAMES, &grant));
		instance->queue_count++;
	}
	return grant_settle(
		instance, grant,
		kernel_thread_create(instance->space, utcb, &grant->frames, instance_serial(instance), handles));
}

error_t grant_thread_destroy(struct instance *instance, uint64_t utcb) {
	struct tree_node *node = tree_find(&instance->grants, grant_key(GRANT_THREAD, utcb >> PAGE_SHIFT));

	struct grant *grant;

	if (!node || utcb % PAGE_BYTES != 0) return ERROR_NOT_FOUND;
	grant = CONTAINER_OF(node, struct grant, node);
	kernel_holds_revoke(grant->frames.frames[0], 1);
	grant_forget(instance, grant, FRAME_ZEROED);
	return ERROR_OK;
}

void grants_close(struct instance *instance) {
	while (!tree_is_empty(&instance->grants))
		grant_forget(instance, CONTAINER_OF(instance->grants.root, struct grant, node), FRAME_ZEROED);
}
