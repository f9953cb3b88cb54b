/* SPDX-License-Identifier: MIT */
/*
 * Foreign regions. Read pager/foreign.h first.
 *
 * The pager itself pays for their records; the frames are the parent's.
 */
#include <pager/own_table.h>
#include <pager/pager.h>
#include <pager/parent.h>

void foreign_open(struct pager *pager, uint64_t base, uint64_t size) {
	struct foreign *foreign = &pager->foreign;

	*foreign = (struct foreign){.address_next = base, .address_end = base + size};
	list_initialize(&foreign->idle);
	frame_pool_open(&foreign->addresses, &pager->top.arena);
}

/* Takes the capability's place as the record of the parent's region. */
static error_t foreign_make(struct pager *pager, slot_t slot, uint64_t badge, struct region **result) {
	struct region *region;
	unsigned int rights;
	uint64_t bytes;
	void *object;

	pager->upward++;
	TRY(parent_region_size(slot, &bytes, &rights));
	TRY(arena_take(&pager->top.arena, CELLS_OF(struct region), &object));
	region = object;
	*region = (struct region){
		.node.key = badge,
		.owner = &pager->top,
		.page_count = bytes >> PAGE_SHIFT,
		.capability = slot,
		.kind = REGION_FOREIGN,
		.rights = rights & PAGE_RIGHTS,
	};
	list_initialize(&region->users);
	list_initialize(&region->owned);
	*result = region;
	return tree_insert(&pager->foreign.regions, &region->node);
}

error_t foreign_find(struct pager *pager, slot_t slot, struct region **result) {
	struct parent_region identity;
	struct tree_node *node;
	error_t error = parent_region_identify(slot, &identity);

	if (error == ERROR_OK) {
		node = tree_find(&pager->foreign.regions, identity.badge);
		if (node) {
			*result = CONTAINER_OF(node, struct region, node);
			kernel_capability_delete(slot);
			return ERROR_OK;
		}
		error = foreign_make(pager, slot, identity.badge, result);
	}
	if (error != ERROR_OK)
		kernel_capability_delete(slot);
	else
		foreign_idle(*result);
	return error;
}

/* The longest run of fetched pages from @page on that adjoin, up to a group. */
static unsigned int fetched_run(const struct region *region, uint64_t page, uint64_t address) {
	unsigned int count = 1;

	while (count < GROUP_PAGES && page_index_get(&region->pages, page + count) == address + count * PAGE_BYTES)
		count++;
	return count;
}

static void pages_drop(struct region *region) {
	struct pager *pager = region->owner->pager;
	uint64_t page = 0;
	uint64_t address;

	while (page_index_next(&region->pages, &page, &address)) {
		unsigned int count = fetched_run(region, page, address);

		kernel_own_unmap(address, count);
		frame_pool_give(&pager->foreign.addresses, (struct hold){address}, count, FRAME_DIRTY);
		for (; count > 0; count--) (void)page_index_remove(&region->pages, &pager->top.arena, page++);
	}
}

static void foreign_drop(struct region *region) {
	struct pager *pager = region->owner->pager;

	pages_drop(region);
	kernel_capability_delete(region->capability);
	tree_remove(&pager->foreign.regions, &region->node);
	arena_give(&pager->top.arena, region, CELLS_OF(struct region));
}

void foreign_use(struct region *region) {
	if (list_is_empty(&region->owned)) return;
	list_remove(&region->owned);
	region->owner->pager->foreign.idle_count--;
}

void foreign_idle(struct region *region) {
	struct foreign *foreign = &region->owner->pager->foreign;
	struct region *oldest;

	list_append(&foreign->idle, &region->owned);
	if (++foreign->idle_count <= FOREIGN_IDLE_MOST) return;
	oldest = CONTAINER_OF(foreign->idle.next, struct region, owned);
	foreign_use(oldest);
	foreign_drop(oldest);
}

static error_t addresses_extend(struct pager *pager) {
	struct foreign *foreign = &pager->foreign;
	struct hold first = {foreign->address_next};

	if (foreign->address_next == foreign->address_end) return ERROR_NO_MEMORY;
	TRY(frame_pool_prepare(&foreign->addresses, first));
	TRY(own_tables_add(pager, foreign->address_next));
	frame_pool_give(&foreign->addresses, first, LARGE_PAGE_PAGES, FRAME_DIRTY);
	foreign->address_next += LARGE_PAGE_BYTES;
	return ERROR_OK;
}

/* How many pages from @page on to ask for: what is there already is not fetched again. */
static unsigned int pages_wanted(const struct region *region, uint64_t page) {
	unsigned int count = 1;

	while (count < GROUP_PAGES && page + count < region->page_count &&
	       page_index_get(&region->pages, page + count) == 0)
		count++;
	return count;
}

/* Notes pages that came; gives up those for which there is no room. At least one must be noted. */
static error_t pages_note(struct region *region, uint64_t page, struct hold first, unsigned int came) {
	struct pager *pager = region->owner->pager;

	for (unsigned int index = 0; index < came; index++) {
		error_t error =
			page_index_put(&region->pages, &pager->top.arena, page + index, hold_at(first, index).address);

		if (error != ERROR_OK) {
			kernel_own_unmap(hold_at(first, index).address, came - index);
			frame_pool_give(&pager->foreign.addresses, hold_at(first, index), came - index, FRAME_DIRTY);
			return index > 0 ? ERROR_OK : error;
		}
	}
	return ERROR_OK;
}

error_t foreign_fetch(struct region *region, uint64_t page) {
	struct pager *pager = region->owner->pager;
	struct frame_pool *addresses = &pager->foreign.addresses;
	unsigned int wanted = pages_wanted(region, page);
	unsigned int room;
	unsigned int came;
	struct hold first;
	error_t error;

	if (addresses->free_count == 0) TRY(addresses_extend(pager));
	TRY(frame_pool_take_run(addresses, FRAME_DIRTY, wanted, &first, &room));
	pager->upward++;
	error = parent_region_pages(region->capability, page << PAGE_SHIFT, room, region->rights, first, &came);
	if (error != ERROR_OK) came = 0;
	frame_pool_give(addresses, hold_at(first, came), room - came, FRAME_DIRTY);
	TRY(error);
	return pages_note(region, page, first, came);
}
