/* SPDX-License-Identifier: MIT */
/*
 * Regions. Read pager/region.h first.
 */
#include <pager/mapping.h>
#include <pager/pager.h>
#include <pager/supply.h>

/*
 * Badge of a part, from its highest bit: two set bits, write right, execute right, id (20), first page (20), pages less
 * one (20). Whoever has any of them can read. No other badge of a server has these two bits set: the highest 16 are
 * the number of a protocol there.
 */
#define PART_MARK        (UINT64_C(3) << 62)
#define PART_WRITE       (UINT64_C(1) << 61)
#define PART_EXECUTE     (UINT64_C(1) << 60)
#define PART_ID_SHIFT    40u
#define PART_FIRST_SHIFT 20u
#define PART_FIELD_MASK  (REGION_PAGES_MAX - 1)

/* An id that no region has. Ids go round, so that a badge still on its way does not meet a new region. */
static error_t region_id_make(struct pager *pager, uint64_t *id) {
	for (uint64_t tries = 0; tries <= PART_FIELD_MASK; tries++) {
		pager->region_id_last = (pager->region_id_last + 1) & PART_FIELD_MASK;
		if (!tree_find(&pager->regions, pager->region_id_last)) {
			*id = pager->region_id_last;
			return ERROR_OK;
		}
	}
	return ERROR_LIMIT;
}

/* It takes a slot of the pager. */
static error_t region_capability_make(struct region *region) {
	struct account *account = &region->owner->account;
	error_t error;

	TRY(account_charge_slot(account));
	error = kernel_queue_capability(&region->capability);
	if (error != ERROR_OK) account_release_slot(account);
	return error;
}

static error_t region_make(struct instance *owner, uint64_t page_count, struct region **result) {
	struct pager *pager = owner->pager;
	struct region *region;
	void *object;
	error_t error;

	if (page_count == 0) return ERROR_ARGUMENT;
	if (page_count > REGION_PAGES_MAX) return ERROR_RANGE;
	TRY(arena_take(&owner->arena, CELLS_OF(struct region), &object));
	region = object;
	region->owner = owner;
	region->page_count = page_count;
	list_initialize(&region->users);
	error = region_id_make(pager, &region->node.key);
	if (error == ERROR_OK) error = region_capability_make(region);
	if (error == ERROR_OK) error = tree_insert(&pager->regions, &region->node);
	if (error != ERROR_OK) {
		arena_give(&owner->arena, region, CELLS_OF(struct region));
		return error;
	}
	list_append(&owner->regions, &region->owned);
	*result = region;
	return ERROR_OK;
}

error_t region_share(struct instance *owner, uint64_t page_count, struct region **result) {
	TRY(region_make(owner, page_count, result));
	(*result)->kind = REGION_ANONYMOUS;
	(*result)->rights = PAGE_RIGHTS;
	return ERROR_OK;
}

error_t region_run(struct instance *owner, struct hold first, uint64_t page_count, unsigned int rights,
                   struct region **result) {
	TRY(region_make(owner, page_count, result));
	(*result)->kind = REGION_RUN;
	(*result)->rights = rights & PAGE_RIGHTS;
	(*result)->first = first;
	return ERROR_OK;
}

static void region_pages_give(struct region *region) {
	struct instance *owner = region->owner;
	uint64_t page = 0;
	uint64_t value;

	if (region->kind == REGION_RUN) kernel_holds_revoke(region->first, region->page_count);
	while (page_index_next(&region->pages, &page, &value)) {
		struct hold frame = {value};

		kernel_holds_revoke(frame, 1);
		(void)page_index_remove(&region->pages, &owner->arena, page);
		supply_give(owner->pager, &owner->account, frame, 1, FRAME_DIRTY);
	}
}

void region_destroy(struct region *region) {
	struct instance *owner = region->owner;

	kernel_capability_delete(region->capability);
	while (!list_is_empty(&region->users)) {
		struct mapping *mapping = CONTAINER_OF(region->users.next, struct mapping, users);

		mapping->region = NULL;
		list_remove(&mapping->users);
	}
	region_pages_give(region);
	list_remove(&region->owned);
	account_release_slot(&owner->account);
	tree_remove(&owner->pager->regions, &region->node);
	arena_give(&owner->arena, region, CELLS_OF(struct region));
}

uint64_t region_part_badge(const struct region_part *part) {
	return PART_MARK | ((part->rights & PAGE_WRITE) ? PART_WRITE : 0) |
	       ((part->rights & PAGE_EXECUTE) ? PART_EXECUTE : 0) | (part->region->node.key << PART_ID_SHIFT) |
	       (part->first << PART_FIRST_SHIFT) | (part->count - 1);
}

error_t region_part_find(struct pager *pager, uint64_t badge, struct region_part *part) {
	struct tree_node *node = tree_find(&pager->regions, (badge >> PART_ID_SHIFT) & PART_FIELD_MASK);

	if ((badge & PART_MARK) != PART_MARK) return ERROR_CAPABILITY;
	if (!node) return ERROR_GONE;
	part->region = CONTAINER_OF(node, struct region, node);
	part->first = (badge >> PART_FIRST_SHIFT) & PART_FIELD_MASK;
	part->count = (badge & PART_FIELD_MASK) + 1;
	part->rights =
		PAGE_READ | ((badge & PART_WRITE) ? PAGE_WRITE : 0) | ((badge & PART_EXECUTE) ? PAGE_EXECUTE : 0);
	return part->first + part->count <= part->region->page_count ? ERROR_OK : ERROR_GONE;
}

error_t region_part_narrow(const struct region_part *part, uint64_t first, uint64_t count, unsigned int rights,
                           struct region_part *result) {
	if (count == 0 || first >= part->count || count > part->count - first) return ERROR_RANGE;
	if (rights & ~part->rights) return ERROR_RIGHT;
	*result = (struct region_part){
		.region = part->region,
		.first = part->first + first,
		.count = count,
		.rights = rights | PAGE_READ,
	};
	return ERROR_OK;
}

/* The page in a region whose pages come one by one. */
static error_t page_ensure(struct region *region, uint64_t page, struct hold *frame) {
	struct instance *owner = region->owner;
	error_t error;

	frame->address = page_index_get(&region->pages, page);
	if (frame->address) return ERROR_OK;
	if (region->kind == REGION_FOREIGN) {
		TRY(foreign_fetch(region, page));
		frame->address = page_index_get(&region->pages, page);
		return ERROR_OK;
	}
	TRY(supply_take(owner->pager, &owner->account, FRAME_FOR_ZERO_PAGE, frame));
	error = page_index_put(&region->pages, &owner->arena, page, frame->address);
	if (error != ERROR_OK) supply_give(owner->pager, &owner->account, *frame, 1, FRAME_ZEROED);
	return error;
}

error_t region_pages(struct region *region, uint64_t page, unsigned int most, struct hold *first, unsigned int *count) {
	uint64_t left = region->page_count > page ? region->page_count - page : 0;
	unsigned int found = 1;

	if (left == 0) return ERROR_RANGE;
	if (left < most) most = (unsigned int)left;
	if (region->kind == REGION_RUN) {
		*first = hold_at(region->first, page);
		*count = most;
		return ERROR_OK;
	}
	TRY(page_ensure(region, page, first));
	while (found < most && page_index_get(&region->pages, page + found) == hold_at(*first, found).address) found++;
	*count = found;
	return ERROR_OK;
}
