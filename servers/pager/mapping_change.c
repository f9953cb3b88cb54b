/* SPDX-License-Identifier: MIT */
/*
 * Mappings: removing, protecting and dividing them. Read pager/mapping.h first.
 *
 * A change first divides the mappings at the edges of its range, which may fail and changes nothing that anyone can
 * see; then it only meets whole mappings.
 */
#include <pager/grant.h>
#include <pager/kernel.h>
#include <pager/page.h>

#include "mapping_record.h"

/* Makes @at, if it lies inside a mapping, the border between two. */
static error_t mapping_divide(struct instance *instance, uint64_t at) {
	struct mapping *left = mapping_find(instance, at);
	struct mapping *right;
	uint64_t cut;
	void *object;

	if (!left || left->by_address.key == at) return ERROR_OK;
	TRY(arena_take(&instance->arena, CELLS_OF(struct mapping), &object));
	cut = at - left->by_address.key;
	right = object;
	*right = *left;
	right->by_address.key = at;
	right->size = left->size - cut;
	right->offset = left->offset + cut;
	right->bytes = left->bytes > cut ? left->bytes - cut : 0;
	left->size = cut;
	list_initialize(&right->users);
	mapping_use_region(right);
	return tree_insert(&instance->mappings, &right->by_address);
}

static error_t range_check(const struct instance *instance, uint64_t address, uint64_t size) {
	if ((address | size) % PAGE_BYTES != 0 || size == 0 || !instance_window_covers(instance, address, size))
		return ERROR_RANGE;
	return ERROR_OK;
}

static error_t range_divide(struct instance *instance, uint64_t address, uint64_t size) {
	TRY(mapping_divide(instance, address));
	return mapping_divide(instance, address + size);
}

/* Takes the pages of a mapping out of the context's sight. */
static void mapping_hide(const struct mapping *mapping) {
	if (mapping->instance->space)
		kernel_pages_unmap(mapping->instance->space, mapping->by_address.key, mapping->size >> PAGE_SHIFT);
}

error_t mapping_remove(struct instance *instance, uint64_t address, uint64_t size) {
	struct mapping *mapping;

	TRY(range_check(instance, address, size));
	TRY(range_divide(instance, address, size));
	while ((mapping = mapping_find_from(instance, address)) != NULL && mapping->by_address.key < address + size) {
		mapping_hide(mapping);
		pages_give(instance, mapping->by_address.key, mapping->size);
		mapping_forget(mapping);
	}
	grant_tables_trim(instance, address, size);
	return ERROR_OK;
}

/* The range must be mapped throughout, with mappings that allow @rights. */
static error_t protect_check(struct instance *instance, uint64_t address, uint64_t end, unsigned int rights) {
	while (address < end) {
		const struct mapping *mapping = mapping_find(instance, address);

		if (!mapping) return ERROR_RANGE;
		if (rights & ~mapping->allowed) return ERROR_RIGHT;
		address = mapping->by_address.key + mapping->size;
	}
	return ERROR_OK;
}

/* Rights are taken away at once and given by the next fault. A present page can always be read. */
static void mapping_restrict(struct mapping *mapping, unsigned int rights) {
	if (rights == 0)
		mapping_hide(mapping);
	else if ((mapping->rights & ~rights) && mapping->instance->space)
		kernel_pages_protect(mapping->instance->space, mapping->by_address.key, mapping->size >> PAGE_SHIFT,
		                     rights);
	mapping->rights = rights & PAGE_RIGHTS;
}

error_t mapping_protect(struct instance *instance, uint64_t address, uint64_t size, unsigned int rights) {
	uint64_t end = address + size;

	TRY(range_check(instance, address, size));
	TRY(protect_check(instance, address, end, rights));
	TRY(range_divide(instance, address, size));
	while (address < end) {
		struct mapping *mapping = mapping_find(instance, address);

		mapping_restrict(mapping, rights);
		address += mapping->size;
	}
	return ERROR_OK;
}
